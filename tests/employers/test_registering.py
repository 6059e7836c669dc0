"""The attempts of a registration: they follow the moves, keep who and when, and are told to the employer."""

import datetime as dt
from functools import partial
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.models import User
from apprenticeship.program.models import ChecklistItem
from apprenticeship.records.models import Event, Notification
from employers import activity, desk, registering
from employers.models import AttemptCheck, Membership, Onboarding, Registration, RegistrationAttempt
from employers.onboarding import Part, State
from employers.permissions import NotAllowed
from employers.samples.journey import Journey
from tests.employers.desk_fixtures import current, page_of, resubmitted
from tests.pages import visit
from tests.people import browser

pytestmark = pytest.mark.django_db
S = RegistrationAttempt.Status
TODAY = timezone.localdate


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    """A case that was just approved."""
    return journey.to(State.REGISTRATION)


def attempts(case: Onboarding) -> list[RegistrationAttempt]:
    """Return every attempt of a case, oldest first."""
    return list(RegistrationAttempt.objects.filter(registration__onboarding=case).order_by("number"))


def test_attempts_follow_the_moves_and_all_are_kept(journey: Journey, case: Onboarding) -> None:
    [first] = attempts(case)
    assert (first.number, first.status, first.state, first.agency_kind, first.agency, first.begun_by) == (
        1, S.PREPARING, "MN", "saa", "State Apprenticeship Agency", journey.reviewer,
    )  # fmt: skip
    assert (first.begun_at, str(case.registration), case.registration.registered_on) == (
        case.state_since, "Not registered yet", None,
    )  # fmt: skip
    journey.send()
    journey.return_by_agency()
    [first] = attempts(case)
    assert (first.status, first.reason, first.ended_by, first.sent_on, first.sent_how, first.sent_by) == (
        S.RETURNED, "The complaint contact cannot be reached.", journey.reviewer, TODAY(), "RAPIDS", journey.reviewer,
    )  # fmt: skip
    resubmitted(current(case), journey.owner)
    journey.approve()
    assert [(row.number, row.status, row.is_open) for row in attempts(case)] == [
        (1, S.RETURNED, False), (2, S.PREPARING, True),
    ]  # fmt: skip
    journey.onboarding = current(case)
    journey.register()
    registration = Registration.objects.get(onboarding=case)
    assert [row.status for row in attempts(case)] == [S.RETURNED, S.REGISTERED]
    assert (registration.registered_on, registration.recorded_by) == (timezone.localdate(), journey.reviewer)
    assert attempts(case)[1].ended_at == current(case).state_since


def test_recording_the_registration_stands_out_once_the_papers_are_sent(
    journey: Journey, case: Onboarding, reviewer: User
) -> None:
    shown = "//details[summary[@id='decide-register']]/@class"
    before = visit(browser(reviewer), page_of(case)).tree.xpath(shown)[0].split()
    journey.send()
    after = visit(browser(reviewer), page_of(case)).tree.xpath(shown)[0].split()
    assert (before, after) == (["desk-decision"], ["desk-decision", "primary"])


def test_canceled_registration_ends_its_attempt(case: Onboarding, reviewer: User) -> None:
    desk.cancel_registration(case, by=reviewer, reason="The employer has closed.")
    [attempt] = attempts(case)
    assert (attempt.status, attempt.reason, attempt.is_open) == (S.STOPPED, "The employer has closed.", False)


def test_sending_is_recorded_once_and_told_to_the_employer(case: Onboarding, reviewer: User) -> None:
    sent = registering.send(case, by=reviewer, sent_on=TODAY(), how="RAPIDS, number 77")
    assert (sent.status, sent.sent_by, sent.sent_how) == (S.SENT, reviewer, "RAPIDS, number 77")
    [mail] = Notification.objects.filter(name="registration_sent")
    due = TODAY() + dt.timedelta(days=45)
    assert (mail.recipient, mail.context["agency"], mail.context["due_on"]) == (
        "owner@example.org", "State Apprenticeship Agency", f"{due:%b} {due.day}, {due.year}",
    )  # fmt: skip
    event = Event.objects.get(verb="registration_sent")
    assert (event.user, event.data) == (reviewer, {"attempt": 1, "sent_on": TODAY().isoformat()})
    assert current(case).state == State.REGISTRATION
    with pytest.raises(TransitionNotAllowed):
        registering.send(case, by=reviewer, sent_on=TODAY())
    assert Notification.objects.filter(name="registration_sent").count() == 1


def test_sending_is_corrected_with_its_history_and_told(case: Onboarding, reviewer: User) -> None:
    RegistrationAttempt.objects.update(begun_at=timezone.now() - dt.timedelta(days=9))
    Onboarding.objects.filter(pk=case.pk).update(state_since=timezone.now() - dt.timedelta(days=9))
    with pytest.raises(TransitionNotAllowed):
        registering.correct(case, by=reviewer, reason="Nothing was sent", sent_on=None)
    registering.send(case, by=reviewer, sent_on=TODAY(), how="RAPIDS 77")
    earlier = TODAY() - dt.timedelta(days=4)
    moved = registering.correct(case, by=reviewer, reason="Wrong day", sent_on=earlier, how="RAPIDS 77")
    assert (moved.status, moved.sent_on, moved.since.date()) == (S.SENT, earlier, earlier)
    taken_back = registering.correct(case, by=reviewer, reason="Never sent", sent_on=None)
    assert (taken_back.status, taken_back.sent_on, taken_back.since) == (
        S.PREPARING,
        None,
        taken_back.begun_at,
    )
    assert [(row.sent_on, row.sent_how, row.reason, row.by) for row in taken_back.corrections.all()] == [
        (TODAY(), "RAPIDS 77", "Wrong day", reviewer), (earlier, "RAPIDS 77", "Never sent", reviewer),
    ]  # fmt: skip
    told = Notification.objects.filter(name="registration_corrected").order_by("created_at")
    assert [(bool(row.context["sent_on"]), "reason" in str(row.context.get("reason"))) for row in told] == [
        (True, False), (False, False),
    ]  # fmt: skip
    events = Event.objects.filter(verb="registration_corrected").order_by("number")
    assert [row.data for row in events] == [
        {"attempt": 1, "was": TODAY().isoformat(), "sent_on": earlier.isoformat()},
        {"attempt": 1, "was": earlier.isoformat(), "sent_on": None},
    ]
    registering.send(case, by=reviewer, sent_on=TODAY())
    with pytest.raises(ValidationError):
        registering.correct(case, by=reviewer, reason="Typo", sent_on=TODAY() + dt.timedelta(days=3))
    assert attempts(case)[0].corrections.count() == 2


@pytest.mark.parametrize("days", [2, -2])
def test_day_of_sending_lies_between_approval_and_today(case: Onboarding, reviewer: User, days: int) -> None:
    with pytest.raises(ValidationError) as error:
        registering.send(case, by=reviewer, sent_on=TODAY() + dt.timedelta(days=days))
    assert list(error.value.message_dict) == ["sent_on"]
    assert not attempts(case)[0].is_sent


@pytest.mark.parametrize("act", ["send", "register"])
def test_day_of_approval_is_named_as_the_page_names_it(act: str, case: Onboarding, reviewer: User) -> None:
    """At three in the morning of December 1 (UTC) it is still November 30 at the site in Minnesota."""
    approved = dt.datetime(2026, 12, 1, 3, tzinfo=dt.UTC)
    Onboarding.objects.update(state_since=approved)
    case.refresh_from_db()
    check = (
        registering.check_day if act == "send" else partial(desk.check_registration, case, "2026-MN-123456")
    )
    facts = (case,) if act == "send" else ()
    with time_machine.travel(approved + dt.timedelta(days=3), tick=False):
        check(*facts, dt.date(2026, 11, 30))
        with pytest.raises(ValidationError) as error:
            check(*facts, dt.date(2026, 11, 29))
    assert "AAMI approved on Dec 1, 2026;" in error.value.messages[0]


def test_item_is_ticked_and_opened_again_with_who_and_when(case: Onboarding, reviewer: User) -> None:
    item = attempts(case)[0].checks.all()[0]
    assert registering.check(case, item.pk, by=reviewer, is_checked=True)
    assert not registering.check(case, item.pk, by=reviewer, is_checked=True)
    item.refresh_from_db()
    assert (item.checked_by, item.checked_at is not None) == (reviewer, True)
    assert registering.check(case, item.pk, by=reviewer, is_checked=False)
    item.refresh_from_db()
    assert (item.checked_by, item.checked_at) == (None, None)
    told = Event.objects.filter(verb__contains="checked").order_by("number")
    assert [(row.verb, row.data) for row in told] == [
        ("registration_checked", {"attempt": 1, "item": 1}),
        ("registration_unchecked", {"attempt": 1, "item": 1}),
    ]


def test_checklist_fills_the_history_and_no_activity_list(journey: Journey, case: Onboarding) -> None:
    journey.send()
    told = [str(row.text) for row in activity.desk_activity(case.employer, 2)]
    assert told == ["Registration sent to the agency", "Approved by AAMI"]
    page = visit(browser(journey.reviewer), f"/admin/employers/onboarding/{case.pk}/history/").text
    assert page.count("Registration checklist: item checked") == AttemptCheck.objects.count() > 1


def test_attempt_keeps_the_words_of_its_checklist(case: Onboarding) -> None:
    asked = [item.text for item in attempts(case)[0].checks.all()]
    assert asked == [item.text for item in ChecklistItem.objects.for_state("MN", "saa")]
    ChecklistItem.objects.update(text="Something else")
    assert [item.text for item in attempts(case)[0].checks.all()] == asked


def test_only_reviewers_who_are_no_members_send_and_tick(
    case: Onboarding, reviewer: User, outsider: User, owner: User
) -> None:
    item = attempts(case)[0].checks.all()[0]
    Membership.objects.create(employer=case.employer, user=reviewer, role="viewer")
    for by in (owner, outsider, reviewer):
        with pytest.raises(NotAllowed):
            registering.send(case, by=by, sent_on=TODAY())
        with pytest.raises(NotAllowed):
            registering.check(case, item.pk, by=by, is_checked=True)
    assert not AttemptCheck.objects.exclude(checked_at=None).exists()


def test_database_holds_one_open_attempt_that_is_whole(case: Onboarding) -> None:
    registration = case.registration
    for wrong in (
        {"number": 2},
        {"number": 2, "status": S.RETURNED},
        {"number": 1, "status": S.RETURNED, "ended_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            registration.attempts.create(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        registration.attempts.update(status=S.SENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.update(program_number="2026-MN-123456")


def test_registrations_of_the_past_get_their_attempts_from_their_moves(
    journey: Journey, case: Onboarding
) -> None:
    desk.return_by_agency(case, by=journey.reviewer, reason="No date.", notes={Part.FUNDING: "Date."})
    resubmitted(current(case), journey.owner)
    journey.approve()
    kept = [(row.number, row.status, row.begun_at, row.ended_at, row.reason) for row in attempts(case)]
    asked = AttemptCheck.objects.filter(attempt__number=2).count()
    Registration.objects.all().delete()
    import_module("employers.migrations.0016_registrations_of_the_past").take_over(apps, None)
    assert [
        (row.number, row.status, row.begun_at, row.ended_at, row.reason) for row in attempts(case)
    ] == kept
    assert [row.checks.count() for row in attempts(case)] == [0, asked]


def test_employer_reads_that_the_agency_returned_the_papers(
    journey: Journey, case: Onboarding, owner: User
) -> None:
    desk.return_by_agency(
        case, by=journey.reviewer, reason="The agency wants a grant.", notes={Part.FUNDING: "Name it."}
    )
    client = browser(owner)
    pages = [visit(client, f"/onboarding/{slug}") for slug in ("", "funding/", "mentor/", "approval/")]
    assert [page.words("//*[contains(@class, 'notice')]/h2") for page in pages[:2]] == [
        ["The registration agency returned your papers"],
        ["The registration agency returned your papers; AAMI needs a change here"],
    ]
    assert pages[0].words("//section[contains(@class, 'notice error')]/p") == [
        "The agency wants a grant.", "AAMI needs from you:",
    ]  # fmt: skip
    assert "Change what the agency returned" in pages[0].text
    assert "The registration agency returned other parts; this one stays as it was." in pages[2].text
    assert "What the registration agency returned, and what AAMI needs from you" in pages[3].text
    for page in pages:
        assert "AAMI ask" not in page.text

    [request] = case.change_requests.all()
    case.change_requests.update(is_agencys=False)
    import_module("employers.migrations.0029_agencys_requests").mark(apps, None)
    assert list(case.change_requests.filter(is_agencys=True)) == [request]


def test_employer_reads_whose_turn_it_is_and_since_when(
    journey: Journey, case: Onboarding, reviewer: User, owner: User
) -> None:
    client = browser(owner)

    def said(url: str) -> str:
        return visit(client, url).text

    assert "It is AAMI's turn since" in said("/onboarding/")
    assert "AAMI prepares your papers and sends them to the registration agency (State" in said(
        "/onboarding/"
    )
    assert "not yet; AAMI prepares the papers" in said("/onboarding/approval/")
    registering.send(case, by=reviewer, sent_on=TODAY())
    day, due = TODAY(), TODAY() + dt.timedelta(days=45)
    home, step = said("/onboarding/"), said("/onboarding/approval/")
    assert f"It is the Department of Labor's turn since {day:%b} {day.day}." in home
    assert f"AAMI expects its answer by {due:%b} {due.day}, {due.year}." in home
    assert f"With the DOL since {day:%b} {day.day}" in home
    assert f"with the registration agency since {day:%b} {day.day}." in step
    assert f"{due:%b} {due.day}, {due.year}" in step
    number = "2026-MN-123456"
    desk.register(case, by=reviewer, program_number=number, registered_on=TODAY())
    assert number in said("/onboarding/hiring/")
