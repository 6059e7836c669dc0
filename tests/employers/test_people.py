"""Colleagues, through the pages: invite, renew, revoke, join, roles, hand over, leave."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.records import queues
from apprenticeship.records.models import Event, Notification, Status
from employers.models import Employer, Invitation, Membership, Role
from employers.samples.journey import Journey
from tests.pages import Page, visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db
TEAM = "/team/"
NO_LONGER = "This invitation no longer works. Ask the colleague who sent it for a new one."


@pytest.fixture
def employer(journey: Journey) -> Employer:
    return journey.onboarding.employer


def invite(client: Client, email: str, role: str = "editor") -> Page:
    return Page(client.post(TEAM, {"email": email, "role": role}, follow=True))


def act(client: Client, membership: Membership, do: str) -> Page:
    return Page(client.post(reverse("employers:member", args=[membership.pk]), {"do": do}, follow=True))


def renew(client: Client, do: str = "renew") -> Page:
    row = Invitation.objects.order_by("-created_at").first()
    assert row is not None
    return Page(client.post(reverse("employers:invitation", args=[row.pk]), {"do": do}, follow=True))


def mailed_link() -> str:
    """Let the worker send what waits and return the path in the newest mail."""
    for pk in Notification.objects.filter(name="invitation", status=Status.PENDING).values_list(
        "pk", flat=True
    ):
        queues.work("notifications", pk)
    found = re.search(r"(/join/\S+/)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def seats(employer: Employer) -> dict[str, str]:
    rows = employer.memberships.filter(is_active=True).order_by("pk")
    return dict(rows.values_list("user__email", "role"))


def whole_database() -> str:
    """Return every value of every table as text."""
    with connection.cursor() as cursor:
        texts = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts.append(str(cursor.fetchall()))
    return " ".join(texts)


@pytest.mark.parametrize("role", Role)
def test_invited_person_joins_with_the_role_offered(role: Role, journey: Journey, employer: Employer) -> None:
    page = invite(browser(journey.owner), " Colleague@Example.org ", role)
    assert page.notices == ["Invitation on its way to Colleague@Example.org."]
    colleague = person("colleague@example.org", "Carla Colleague")
    link = mailed_link()
    page = visit(browser(colleague), link)
    assert page.headline == "Work on the application of Lakeside Regional Medical Center"
    assert f"Dana Whitfield invited colleague@example.org as {role.label}." in page.text
    assert seats(employer) == {"owner@example.org": "owner"}
    page = Page(browser(colleague).post(link, follow=True))
    assert (page.url, page.notices) == (
        "/onboarding/",
        ["Welcome to the application of Lakeside Regional Medical Center."],
    )
    assert seats(employer) == {"owner@example.org": "owner", "colleague@example.org": role}
    assert [event.user for event in Event.objects.filter(verb="colleague_joined")] == [colleague]


def test_link_of_an_invitation_stands_nowhere_but_in_its_mail(journey: Journey) -> None:
    invite(browser(journey.owner), "colleague@example.org")
    token = mailed_link().split("/")[2]
    visit(browser(person("colleague@example.org")), f"/join/{token}/")
    assert len(token) >= 40
    assert token not in whole_database()
    row = Notification.objects.get(name="invitation")
    assert (row.body.count("[this link stands only in the mail itself]"), row.status) == (1, "done")
    assert (str(mail.outbox[-1].body).count(token), token in str(mail.outbox[-1].alternatives)) == (1, True)


def test_renewed_invitation_kills_the_old_link(journey: Journey, employer: Employer) -> None:
    owner, colleague = browser(journey.owner), browser(person("colleague@example.org"))
    invite(owner, "colleague@example.org")
    old = mailed_link()
    assert renew(owner).notices == ["A fresh invitation is on its way."]
    new = mailed_link()
    assert visit(colleague, old).headline == "This invitation is not known"
    assert Page(colleague.post(old, follow=True)).headline == "This invitation is not known"
    colleague.post(new)
    assert seats(employer)["colleague@example.org"] == "editor"


def test_expired_invitation_is_refused_and_can_be_renewed(journey: Journey, employer: Employer) -> None:
    owner, colleague = browser(journey.owner), browser(person("colleague@example.org"))
    invite(owner, "colleague@example.org")
    link = mailed_link()
    Invitation.objects.update(expires_at=timezone.now())
    page = visit(colleague, link)
    assert (page.tree.xpath("//main//form"), NO_LONGER in Page(colleague.post(link)).text) == ([], True)
    assert visit(owner, TEAM).text.count("Expired") == 1
    renew(owner)
    [row] = Invitation.objects.all()
    assert abs(row.expires_at - timezone.now() - dt.timedelta(days=14)) < dt.timedelta(minutes=1)
    colleague.post(mailed_link())
    assert len(seats(employer)) == 2


def test_invitation_lives_fourteen_days(journey: Journey) -> None:
    with time_machine.travel("2026-11-01T12:00:00Z", tick=False):
        invite(browser(journey.owner), "colleague@example.org")
    row = Invitation.objects.get()
    assert row.expires_at == dt.datetime(2026, 11, 15, 12, tzinfo=dt.UTC)


def test_revoked_invitation_is_refused_and_its_mail_not_sent(journey: Journey, employer: Employer) -> None:
    owner, colleague = browser(journey.owner), browser(person("colleague@example.org"))
    invite(owner, "colleague@example.org")
    link = mailed_link()
    assert renew(owner, "revoke").notices == ["The invitation no longer works."]
    assert NO_LONGER in Page(colleague.post(link)).text
    assert visit(owner, TEAM).words("//h2") == ["People", "Invite a colleague"]
    invite(owner, "late@example.org")
    renew(owner, "revoke")
    sent = len(mail.outbox)
    queues.work("notifications", Notification.objects.get(recipient="late@example.org").pk)
    assert (len(mail.outbox), Notification.objects.get(recipient="late@example.org").status) == (
        sent,
        "failed",
    )
    assert len(seats(employer)) == 1


def test_invitation_is_for_its_address_only(journey: Journey, employer: Employer, outsider: User) -> None:
    invite(browser(journey.owner), "colleague@example.org")
    link, other = mailed_link(), browser(outsider)
    page = Page(other.post(link))
    assert (
        "This invitation is for colleague@example.org. Sign in with that address to accept it." in page.text
    )
    assert len(seats(employer)) == 1
    stranger = Page(Client().get(link))
    assert (stranger.status, "Sign in as colleague@example.org" in stranger.text) == (200, True)
    assert Client().post(link)["Location"] == f"/accounts/login/?next={link}"


def test_used_invitation_cannot_be_used_again(journey: Journey, employer: Employer) -> None:
    owner, colleague = browser(journey.owner), browser(person("colleague@example.org"))
    invite(owner, "colleague@example.org")
    link = mailed_link()
    colleague.post(link)
    act(owner, employer.memberships.get(user__email="colleague@example.org"), "remove")
    assert NO_LONGER in Page(colleague.post(link)).text
    assert len(seats(employer)) == 1


def test_removed_colleague_loses_everything_and_can_be_invited_again(
    journey: Journey, employer: Employer
) -> None:
    owner, colleague = browser(journey.owner), browser(person("colleague@example.org", "Carla"))
    invite(owner, "colleague@example.org")
    colleague.post(mailed_link())
    page = act(owner, employer.memberships.get(user__email="colleague@example.org"), "remove")
    assert page.notices == ["Carla no longer works on this application."]
    assert visit(colleague, "/onboarding/").url == "/begin/"
    invite(owner, "colleague@example.org", "viewer")
    colleague.post(mailed_link())
    assert seats(employer) == {"owner@example.org": "owner", "colleague@example.org": "viewer"}
    assert visit(colleague, "/onboarding/").url == "/onboarding/"


def test_second_seat_is_refused_in_words(journey: Journey, employer: Employer, outsider: User) -> None:
    client = browser(outsider)
    client.post("/begin/", {"legal_name": "Other Hospital"})
    invite(browser(journey.owner), outsider.email)
    page = Page(client.post(mailed_link()))
    assert (
        "You already work on another organization's application. Leave it first, or use another address."
        in page.text
    )
    assert (len(seats(employer)), Invitation.objects.get().accepted_at) == (1, None)
    page = Page(client.post("/begin/", {"legal_name": "Third"}, follow=True))
    assert (page.url, Employer.objects.count()) == ("/onboarding/", 2)


def test_colleague_is_not_invited_twice(journey: Journey, colleague: Callable[[Role], User]) -> None:
    there = colleague(Role.EDITOR)
    page = invite(browser(journey.owner), there.email.upper())
    assert page.words("//*[contains(@class, 'invalid-feedback')]") == [
        f"{there.email} already works on this application."
    ]
    assert (page.status, Invitation.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "x" * 300 + "@example.org", "a\x00b", "<b>@example.org"]
)
def test_bad_address_is_named_and_kept(email: str, journey: Journey) -> None:
    page = invite(browser(journey.owner), email)
    assert (page.status, len(page.words("//*[contains(@class, 'invalid-feedback')]"))) == (422, 1)
    assert (Invitation.objects.count(), Notification.objects.filter(name="invitation").count()) == (0, 0)


def test_hand_over_makes_the_colleague_the_owner(
    journey: Journey, employer: Employer, colleague: Callable[[Role], User]
) -> None:
    editor = colleague(Role.EDITOR)
    page = act(browser(journey.owner), employer.memberships.get(user=editor), "hand-over")
    assert page.notices == ["Casey Editor is the owner now."]
    assert seats(employer) == {"owner@example.org": "editor", editor.email: "owner"}


@pytest.mark.parametrize("do", ["remove", "editor", "viewer"])
def test_last_owner_neither_leaves_nor_is_demoted(
    do: str, journey: Journey, employer: Employer, colleague: Callable[[Role], User]
) -> None:
    colleague(Role.EDITOR)
    own = employer.memberships.get(user=journey.owner)
    page = act(browser(journey.owner), own, do)
    assert page.notices == ["An application needs an owner. Make a colleague the owner first."]
    assert seats(employer)["owner@example.org"] == "owner"
    second = colleague(Role.OWNER)
    act(browser(journey.owner), own, do)
    assert seats(employer).get("owner@example.org") == {"remove": None}.get(do, do)
    assert seats(employer)[second.email] == "owner"


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_only_owners_manage_people_and_everybody_may_leave(
    role: Role, journey: Journey, employer: Employer, colleague: Callable[[Role], User]
) -> None:
    user = colleague(role)
    client, owner_seat = browser(user), employer.memberships.get(user=journey.owner)
    before = seats(employer)
    tried = [act(client, owner_seat, do).status for do in ("remove", "viewer", "hand-over", "nonsense")]
    tried += [
        invite(client, "x@example.org").status,
        act(client, employer.memberships.get(user=user), "owner").status,
    ]
    assert (tried, seats(employer), Invitation.objects.count()) == ([403] * 6, before, 0)
    page = act(client, employer.memberships.get(user=user), "remove")
    assert (page.url, user.email in seats(employer)) == ("/begin/", False)


def test_people_of_another_employer_are_out_of_reach(
    journey: Journey, employer: Employer, outsider: User
) -> None:
    client = browser(outsider)
    client.post("/begin/", {"legal_name": "Other Hospital"})
    invite(browser(journey.owner), "colleague@example.org")
    own = employer.memberships.get(user=journey.owner)
    assert [act(client, own, do).status for do in ("remove", "viewer", "hand-over")] == [404] * 3
    assert [renew(client, do).status for do in ("renew", "revoke")] == [404] * 2
    assert (seats(employer), Invitation.objects.get().revoked_at) == ({"owner@example.org": "owner"}, None)


def test_unknown_token_tells_nothing(journey: Journey, outsider: User) -> None:
    page = visit(browser(outsider), "/join/nonsense/")
    assert page.headline == "This invitation is not known"
    assert "Lakeside" not in page.html
