"""AAMI's decisions: each is whole or not at all."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.models import User
from apprenticeship.records.models import Event, Notification
from employers import assignment, desk, signing
from employers.models import Agreement, FundingSource, Membership, Onboarding, Signature
from employers.onboarding import Part, State
from employers.permissions import NotAllowed
from employers.samples.journey import Journey
from employers.transitions import NotReady
from tests.employers.desk_fixtures import current, hash_of, resubmitted

pytestmark = pytest.mark.django_db
NOTES = {Part.FUNDING: "Name the grant.", Part.MENTOR: "Add the second mentor."}


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    """An application in review."""
    return journey.to(State.REVIEW)


def approve(case: Onboarding, by: User, sha256: str = "", name: str = "") -> Onboarding:
    """Approve as the review page does."""
    return desk.approve(
        case,
        by=by,
        title="Director",
        typed_name=name or by.name,
        sha256=sha256 or hash_of(case),
        ip="192.0.2.7",
        browser="test",
    )


def test_approval_countersigns_what_was_shown_and_moves_on(case: Onboarding, reviewer: User) -> None:
    shown = hash_of(case)
    approved = approve(case, reviewer, name=f"  {reviewer.name.upper()} ")
    assert approved.state == State.REGISTRATION
    assert approved.reviewer == reviewer
    signature = Signature.objects.get(party=Signature.Party.SPONSOR)
    assert (signature.user, signature.sha256, signature.title, signature.ip) == (
        reviewer,
        shown,
        "Director",
        "192.0.2.7",
    )
    assert signature.agreement.status == Agreement.Status.IN_FORCE


def test_approval_of_another_text_or_name_signs_nothing(case: Onboarding, reviewer: User) -> None:
    with pytest.raises(signing.TextChanged):
        approve(case, reviewer, sha256="0" * 64)
    with pytest.raises(ValidationError):
        approve(case, reviewer, name="Somebody Else")
    assert not Signature.objects.filter(party=Signature.Party.SPONSOR).exists()
    assert current(case).state == State.REVIEW
    assert current(case).reviewer is None


def test_approval_takes_the_signature_back_if_the_answers_no_longer_hold(
    case: Onboarding, reviewer: User
) -> None:
    FundingSource.objects.filter(employer=case.employer).delete()
    with pytest.raises(NotReady) as missing:
        approve(case, reviewer)
    assert [gap.part for gap in missing.value.gaps] == [Part.FUNDING]
    assert not Signature.objects.filter(party=Signature.Party.SPONSOR).exists()
    assert current(case).state == State.REVIEW


def test_change_request_reaches_the_mail_part_by_part(case: Onboarding, reviewer: User) -> None:
    changed = desk.request_changes(case, by=reviewer, notes=NOTES, message="Nearly there.")
    assert changed.state == State.CHANGES
    assert {row.part: row.note for row in changed.change_requests.get().flagged_parts.all()} == NOTES
    facts = Notification.objects.get(name="changes_requested").context
    assert facts["message"] == "Nearly there."
    assert facts["flagged"] == [
        {"part": "Funding", "note": "Name the grant."},
        {"part": "Mentors", "note": "Add the second mentor."},
    ]


@pytest.mark.parametrize("notes", [{}, {Part.FUNDING: "  "}])
def test_change_request_without_a_note_stores_nothing(
    case: Onboarding, reviewer: User, notes: dict[Part, str]
) -> None:
    with pytest.raises(ValidationError):
        desk.request_changes(case, by=reviewer, notes=notes, message="")
    assert not case.change_requests.exists()
    assert current(case).state == State.REVIEW


def test_second_decision_on_the_same_case_finds_it_decided(
    case: Onboarding, reviewer: User, manager: User
) -> None:
    desk.request_changes(case, by=reviewer, notes=NOTES, message="")
    for late in (
        lambda: desk.request_changes(case, by=manager, notes=NOTES, message=""),
        lambda: desk.decline(case, by=manager, reason="No."),
        lambda: approve(case, manager),
    ):
        with pytest.raises(TransitionNotAllowed):
            late()
    assert case.change_requests.count() == 1
    assert current(case).reviewer == reviewer


def test_resubmission_comes_back_to_the_same_reviewer(case: Onboarding, reviewer: User, owner: User) -> None:
    again = resubmitted(desk.request_changes(case, by=reviewer, notes=NOTES, message=""), owner)
    assert (again.state, again.reviewer) == (State.REVIEW, reviewer)
    assert [row.recipient for row in Notification.objects.filter(name="review_needed_again")] == [
        reviewer.email
    ]


def test_registration_is_recorded_with_the_move(journey: Journey, reviewer: User) -> None:
    case, today = journey.to(State.REGISTRATION), timezone.now().date()
    active = desk.register(case, by=reviewer, program_number="2026-MN-123456", registered_on=today)
    assert active.state == State.ACTIVE
    row = active.registration
    assert (row.program_number, row.registered_on, row.recorded_by) == ("2026-MN-123456", today, reviewer)
    [mail] = Notification.objects.filter(name="registered")
    assert mail.context["program_number"] == "2026-MN-123456"
    assert mail.context["action_url"].endswith("/onboarding/hiring/")


@pytest.mark.parametrize(
    ("number", "days", "field"),
    [
        ("2026-MN-12345", 0, "program_number"),
        ("26-MN-123456", 0, "program_number"),
        ("2026-ZZ-123456", 0, "program_number"),
        ("2026-mn-123456", 0, "program_number"),
        ("x2026-MN-123456", 0, "program_number"),
        ("2026-MN-123456\n", 0, "program_number"),
        ("2026-MN-123456", 2, "registered_on"),
        ("2026-MN-123456", -2, "registered_on"),
    ],
)
def test_registration_of_the_wrong_shape_or_day_is_refused(
    journey: Journey, reviewer: User, number: str, days: int, field: str
) -> None:
    case, day = journey.to(State.REGISTRATION), timezone.now().date() + dt.timedelta(days=days)
    with pytest.raises(ValidationError) as error:
        desk.register(case, by=reviewer, program_number=number, registered_on=day)
    assert list(error.value.message_dict) == [field]
    assert current(case).state == State.REGISTRATION


def test_return_by_the_agency_opens_a_request_and_names_the_reason_once(
    journey: Journey, reviewer: User
) -> None:
    case = journey.to(State.REGISTRATION)
    returned = desk.return_by_agency(case, by=reviewer, reason="Form 671 lacks a date.", notes=NOTES)
    assert returned.state == State.CHANGES
    assert returned.change_requests.get(closed_at=None).message == "Form 671 lacks a date."
    facts = Notification.objects.get(name="returned_by_agency").context
    assert (facts["reason"], facts["message"]) == ("Form 671 lacks a date.", "")
    assert [row["part"] for row in facts["flagged"]] == ["Funding", "Mentors"]


@pytest.mark.parametrize(
    ("name", "source", "target", "is_managers"),
    [
        ("decline", State.REVIEW, State.DECLINED, False),
        ("cancel_registration", State.REGISTRATION, State.WITHDRAWN, False),
        ("suspend", State.ACTIVE, State.SUSPENDED, True),
        ("reinstate", State.SUSPENDED, State.ACTIVE, True),
        ("end", State.ACTIVE, State.ENDED, True),
        ("reopen_declined", State.DECLINED, State.AGREEMENT, False),
    ],
)
def test_decision_with_a_reason_is_recorded_and_mailed(
    journey: Journey,
    reviewer: User,
    manager: User,
    name: str,
    source: State,
    target: State,
    is_managers: bool,
) -> None:
    case, decide = journey.to(source), getattr(desk, name)
    if is_managers:
        with pytest.raises(NotAllowed):
            decide(case, by=reviewer, reason="Because.")
        assert current(case).state == source
    decided = decide(case, by=manager, reason="Because.")
    event = Event.objects.get(chain=case.employer.chain, verb=name, user=manager)
    assert (event.move.reason, "Because" in str(event.data)) == ("Because.", False)
    assert Notification.objects.filter(context__reason="Because.", recipient=journey.owner.email).exists()
    assert decided.state == target


def test_claim_is_first_come_first_served(
    case: Onboarding, reviewer: User, manager: User, outsider: User
) -> None:
    with pytest.raises(NotAllowed):
        assignment.claim(case, by=outsider)
    assert assignment.claim(case, by=reviewer)
    assert not assignment.claim(case, by=manager)
    assert current(case).reviewer == reviewer
    assert Event.objects.filter(verb="case_claimed").count() == 1


def test_staff_of_the_employer_decide_nothing_here(case: Onboarding, reviewer: User) -> None:
    Membership.objects.create(employer=case.employer, user=reviewer, role="viewer")
    with pytest.raises(NotAllowed, match="belong to this organization"):
        approve(case, reviewer)
    with pytest.raises(NotAllowed):
        assignment.claim(case, by=reviewer)
    assert current(case).state == State.REVIEW


def test_preview_shows_the_mail_and_decides_nothing(case: Onboarding, reviewer: User, owner: User) -> None:
    before = Notification.objects.count()
    mails = desk.preview(
        case, lambda: desk.request_changes(case, by=reviewer, notes=NOTES, message="Nearly there.")
    )
    assert [mail.to for mail in mails] == [[owner.email]]
    assert "Name the grant." in str(mails[0].body)
    assert current(case).state == State.REVIEW
    assert (Notification.objects.count(), case.change_requests.count()) == (before, 0)
