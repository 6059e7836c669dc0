"""Who may do what with an amendment and when: actor × act, the table's sources, the partnership's end."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import REVIEWERS
from apprenticeship.records.models import Event
from apprenticeship.records.verification import check_chains, registered
from employers import amending, desk, drafting
from employers.amended import Amended
from employers.models import (
    Amendment,
    Employer,
    Membership,
    Onboarding,
    Role,
)
from employers.onboarding import State
from employers.permissions import NotAllowed
from employers.samples.journey import Journey
from employers.transitions import TransitionNotAllowed
from tests.employers.amending import (
    OVERVIEW,
    PARTIES,
    SITES,
    START,
    VERSIONS,
    amendment,
    decide,
    decide_at,
    statuses,
    typed,
)
from tests.pages import Page, fill_in, visit
from tests.people import browser, colleague_of, person

pytestmark = pytest.mark.django_db


def staff(name: str, journey: Journey) -> User:
    """Return one of the people of a matrix."""
    made: dict[str, Callable[[], User]] = {
        "owner": lambda: journey.owner,
        "editor": lambda: colleague_of(journey.onboarding.employer, Role.EDITOR),
        "viewer": lambda: colleague_of(journey.onboarding.employer, Role.VIEWER),
        "outsider": lambda: person("out@example.org", "Oscar Outside"),
        "reviewer": lambda: journey.reviewer,
        "manager": lambda: journey.manager,
    }
    return made[name]()


MATRIX = {
    # act: who may, of those below
    "start": ("owner", "editor"),
    "send_back": ("reviewer", "manager"),
    "decline": ("reviewer", "manager"),
    "countersign": ("reviewer", "manager"),
    "take_back": ("owner",),
    "withdraw": ("owner",),
}
PEOPLE = ("owner", "editor", "viewer", "outsider", "reviewer", "manager")


def act(name: str, row: Amendment, by: User) -> Any:
    """Do something with an amendment, as a page would."""
    if name == "start":
        return drafting.start(Onboarding.objects.get(), by=by)
    if name == "countersign":
        sha256 = row.agreements.latest("version").sha256
        return amending.countersign(
            row, by=by, title="Director", typed_name=by.name, sha256=sha256, ip=None, browser=""
        )
    if name == "sign":
        onboarding = Onboarding.objects.select_related("employer").get()
        return amending.signed(Amended(onboarding, row), by=by)
    return getattr(amending, name)(row, by=by, reason="A good reason.")


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", MATRIX)
def test_only_those_of_the_table_may_act(
    name: str, who: str, journey: Journey, signed_amendment: Amendment
) -> None:
    by = staff(who, journey)
    if who in MATRIX[name]:
        act(name, signed_amendment, by)
        return
    with pytest.raises(NotAllowed), transaction.atomic():
        act(name, signed_amendment, by)
    assert (amendment().status, statuses()) == ("signed", ["in_force", "signed"])


def test_staff_who_belong_to_the_employer_do_not_decide(
    journey: Journey, signed_amendment: Amendment
) -> None:
    Membership.objects.create(employer=signed_amendment.employer, user=journey.reviewer, role=Role.VIEWER)
    page = decide(browser(journey.reviewer), "countersign", journey.reviewer)
    assert (page.status, amendment().status) == (403, "signed")
    assert "You belong to this organization" in page.text


@pytest.mark.parametrize("name", ["countersign", "send_back", "decline"])
def test_forged_posts_of_staff_without_the_permission_change_nothing(
    name: str, journey: Journey, signed_amendment: Amendment
) -> None:
    reader = person("reader@example.org", "Rita Reader", staff=REVIEWERS)
    reader.groups.clear()
    reader.is_staff = True
    reader.save()
    for user in (reader, journey.owner):
        assert browser(user).post(decide_at(name), typed(name, user)).status_code in (302, 403)
    assert (amendment().status, statuses()) == ("signed", ["in_force", "signed"])


@pytest.mark.parametrize("name", ["sign", "countersign", "send_back", "decline", "take_back", "withdraw"])
@pytest.mark.parametrize("status", Amendment.Status)
def test_moves_start_where_the_table_says(
    name: str, status: str, journey: Journey, signed_amendment: Amendment
) -> None:
    Amendment.objects.update(status=status)
    row = Amendment.objects.get()
    by = journey.reviewer if name in ("countersign", "send_back", "decline") else journey.owner
    if status in amending.MOVE_BY_NAME[name].sources:
        return
    with pytest.raises(TransitionNotAllowed), transaction.atomic():
        act(name, row, by)
    assert amendment().status == status


def test_one_amendment_is_open_at_most(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    owner_client.post(START)
    assert Amendment.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Amendment.objects.create(employer=Employer.objects.get(), number=2)


@pytest.mark.parametrize("state", [State.AGREEMENT, State.REVIEW, State.REGISTRATION, State.ENDED])
def test_no_amendment_without_a_partnership(state: State, journey: Journey) -> None:
    journey.to(state)
    page = Page(browser(journey.owner).post(START, follow=True))
    assert (page.url, Amendment.objects.count()) == (VERSIONS, 0)
    assert page.notices == ["Amendments open when your agreement is in force and you are registered."]


def test_suspended_partner_amends_and_ended_one_does_not(
    journey: Journey, signed_amendment: Amendment
) -> None:
    desk.suspend(Onboarding.objects.get(), by=journey.manager, reason="Rest.")
    amending.send_back(signed_amendment, by=journey.reviewer, reason="Once more.")
    assert visit(browser(journey.owner), SITES).status == 200
    desk.end(Onboarding.objects.get(), by=journey.manager, reason="Over.")
    assert (amendment().status, amendment().reason, statuses()) == (
        "withdrawn",
        "Over.",
        ["ended", "void"],
    )
    assert Event.objects.filter(verb="amendment_closed").count() == 1
    assert visit(browser(journey.owner), OVERVIEW).url == VERSIONS


def test_ending_with_a_signed_amendment_voids_its_signature(
    journey: Journey, signed_amendment: Amendment
) -> None:
    desk.end(Onboarding.objects.get(), by=journey.manager, reason="Over.")
    assert (amendment().status, statuses()) == ("withdrawn", ["ended", "void"])


def test_editor_drafts_but_does_not_name_who_signs(journey: Journey, owner_client: Client) -> None:
    editor = browser(colleague_of(Employer.objects.get(), Role.EDITOR))
    editor.post(START)
    typed = {"legal_name": "Lakeside, Inc.", "signatory_name": "Mallory", "signatory_email": "m@example.org"}
    fill_in(editor, PARTIES, typed)
    proposal = amendment().proposal
    assert (proposal["employer"]["legal_name"], proposal["representative"]["signatory_name"]) == (
        "Lakeside, Inc.",
        "Dana Whitfield",
    )
    assert editor.post("/onboarding/agreement/present/").status_code == 403
    assert editor.post("/amendment/move/withdraw/", {"reason": "No."}).status_code == 403


def test_viewer_reads_the_amendment_and_changes_nothing(
    journey: Journey, signed_amendment: Amendment
) -> None:
    viewer = browser(colleague_of(signed_amendment.employer, Role.VIEWER))
    assert visit(viewer, OVERVIEW).status == 200
    assert [viewer.post(PARTIES, {"legal_name": "X"}).status_code, viewer.post(START).status_code] == [
        403,
        403,
    ]


def test_signed_amendment_is_closed_to_edits(
    journey: Journey, owner_client: Client, signed_amendment: Amendment
) -> None:
    page = fill_in(owner_client, PARTIES, {"legal_name": "Late"})
    assert (page.status, amendment().proposal["employer"]["legal_name"]) == (
        409,
        "Lakeside Regional Medical Center",
    )
    assert page.fields()["legal_name"] == "Late"


def test_records_verify_after_an_amendment(journey: Journey, signed_amendment: Amendment) -> None:
    act("countersign", signed_amendment, journey.reviewer)
    found = [problem for check in registered().values() for problem in check() if problem]
    assert [*check_chains(), *found].count("") == len([*check_chains()])
    assert Event.objects.filter(verb__startswith="amendment_").count() == 5
    assert [row for row in Event.objects.filter(verb__startswith="amendment_") if "reason" in row.data] == []
