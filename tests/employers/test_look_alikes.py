"""Employers that look like another one: marked at the desk, and their owner can ask to be invited."""

import pytest

from apprenticeship.accounts.models import User
from apprenticeship.records.models import Notification
from employers import names, people
from employers.models import Employer, Membership, Onboarding, Role
from employers.onboarding import State
from employers.people import found_employer
from employers.samples.journey import Journey
from tests.employers.desk_fixtures import QUEUE, page_of
from tests.pages import Page, visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lakeside Regional Medical Center", "LAKESIDE REGIONAL MEDICAL CENTER, INC."),
        ("The Lakeside Regional Medical Center", "Lakeside  Regional Medical Center L.L.C."),
        ("St. Mary's Health & Care", "St Mary\u2019s Health and Care Corp."),
        ("H\u00f4pital G\u00e9n\u00e9ral", "Hopital General"),
    ],
)
def test_names_are_the_same_however_they_are_written(one: str, other: str) -> None:
    assert names.name_key(one) == names.name_key(other) != ""


def test_keys_of_too_little_are_empty() -> None:
    assert (names.name_key("Inc."), names.name_key("ABC"), names.name_key("")) == ("", "", "")
    assert (names.ein_key("12-3456789"), names.ein_key("123")) == ("123456789", "")
    assert names.address_key("400 North Harbor View Drive", "55805-1234") == "400 n harbor view dr 55805"
    assert (names.address_key("", "55805"), names.address_key("400 Harbor", "")) == ("", "")
    assert names.name_key("Lakeside North") != names.name_key("Lakeside South")


@pytest.fixture
def twin(journey: Journey, outsider: User) -> Onboarding:
    """A newcomer's application of the same organization, while the first is in review."""
    journey.to(State.REVIEW)
    return found_employer(outsider, "Lakeside Regional Medical Center, Inc.")


def test_desk_marks_both_in_the_queue_and_says_what_is_the_same(
    twin: Onboarding, journey: Journey, reviewer: User
) -> None:
    Employer.objects.create(legal_name="Somebody else entirely")
    client = browser(reviewer)
    assert client.get(QUEUE).content.decode().count("Looks like another") == 2
    page = Page(client.get(page_of(journey.onboarding)))
    [line] = page.words("//section[@aria-labelledby='look-alikes']//li")
    assert line == "Lakeside Regional Medical Center, Inc. · Getting started · same legal name"
    employer = twin.employer
    employer.legal_name, employer.street, employer.zip_code = "Renamed", "400 harbor view dr.", "55805"
    employer.save()
    [line] = Page(client.get(page_of(twin))).words("//section[@aria-labelledby='look-alikes']//li")
    assert line.endswith("In review at AAMI · same address")


def test_of_many_look_alikes_those_that_share_most_stand_open(
    twin: Onboarding, journey: Journey, reviewer: User
) -> None:
    facts = {"street": journey.onboarding.employer.street, "zip_code": journey.onboarding.employer.zip_code}
    for name in ("North Tower", "South Tower", "Lakeside Regional Medical Center"):
        Onboarding.objects.create(employer=Employer.objects.create(legal_name=name, **facts))
    page = Page(browser(reviewer).get(page_of(journey.onboarding)))
    folded = "//section[@aria-labelledby='look-alikes']//details"
    shown = page.words("//section[@aria-labelledby='look-alikes']/ul/li")
    assert [line.rpartition(" · ")[2] for line in shown] == ["same legal name, address", "same legal name"]
    assert (page.words(f"{folded}/summary"), len(page.words(f"{folded}//li"))) == (["2 more"], 2)


def test_newcomer_asks_once_and_learns_nothing_of_the_other(
    twin: Onboarding, outsider: User, owner: User
) -> None:
    client = browser(outsider)
    page = visit(client, "/onboarding/")
    assert page.words("//h2[@id='known-here']") == ["Is your organization here already?"]
    asked = [Page(client.post("/team/ask/", follow=True)) for _click in range(2)]
    assert [page.notices for page in asked] == [
        ["Asked. If they invite you, you get a mail with a link."],
        ["Nothing to ask: it was done already, or nobody can be asked."],
    ]
    mail = Notification.objects.get(name="invitation_asked")
    assert (mail.recipient, mail.context["email"], mail.context["who"]) == (
        owner.email,
        "outsider@example.org",
        "Oscar Outside",
    )
    for url in ("/onboarding/", "/mail/", "/team/"):
        html = client.get(url).content.decode()
        assert [secret for secret in (owner.email, owner.name, "Harbor View") if secret in html] == []
    assert "You asked on" in visit(client, "/onboarding/").text


def test_older_application_and_a_submitted_one_are_not_sent_to_ask(
    twin: Onboarding, journey: Journey, outsider: User
) -> None:
    assert visit(browser(journey.owner), "/onboarding/").words("//h2[@id='known-here']") == []
    assert Page(browser(journey.owner).post("/team/ask/", follow=True)).notices == [
        "Nothing to ask: it was done already, or nobody can be asked."
    ]
    Onboarding.objects.filter(pk=twin.pk).update(state=State.ACTIVE)
    assert visit(browser(outsider), "/onboarding/").words("//h2[@id='known-here']") == []
    assert not Notification.objects.filter(name="invitation_asked").exists()


def link_of(journey: Journey, email: str) -> str:
    """Invite an address and return the path of the link in the mail."""
    invitation = people.invite(journey.onboarding.employer, email, Role.EDITOR, by=journey.owner)
    return people.mint_invitation_link(str(invitation.pk))


def test_newcomer_gives_up_their_own_application_to_join(
    twin: Onboarding, journey: Journey, outsider: User
) -> None:
    client, link = browser(outsider), link_of(journey, outsider.email)
    assert "Accepting withdraws it" in visit(client, link).text
    page = Page(client.post(link, {"leaves": "yes"}, follow=True))
    assert page.notices == ["Welcome to the application of Lakeside Regional Medical Center."]
    seat = Membership.objects.get(user=outsider, is_active=True)
    assert seat.employer == journey.onboarding.employer
    assert Onboarding.objects.get(pk=twin.pk).state == State.WITHDRAWN


def test_application_with_colleagues_or_a_submission_is_not_given_up(
    twin: Onboarding, journey: Journey, outsider: User
) -> None:
    Membership.objects.create(employer=twin.employer, user=person("c@example.org"), role=Role.VIEWER)
    link = link_of(journey, outsider.email)
    page = Page(browser(outsider).post(link, {"leaves": "yes"}))
    assert "Leave it first" in page.text
    assert Onboarding.objects.get(pk=twin.pk).state == State.GET_STARTED
    assert Membership.objects.get(user=outsider, is_active=True).employer == twin.employer
