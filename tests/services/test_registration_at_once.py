"""A registration at the same moment: sent twice, registered and returned, ticked twice. One wins, the other is told.

Real transactions on PostgreSQL, in threads with connections of their own.
"""

import pytest
from django.db import connection
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.models import User
from apprenticeship.records.events import first_broken
from apprenticeship.records.models import Event, Notification
from employers import desk, registering
from employers.models import Onboarding, Registration, RegistrationAttempt
from employers.onboarding import Part, State
from employers.samples.journey import Journey
from tests.employers.desk_fixtures import decide_at, page_of, typed
from tests.pages import Page
from tests.people import browser
from tests.services.at_once import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
S = RegistrationAttempt.Status


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    """A case that was just approved."""
    return journey.to(State.REGISTRATION)


def newest(case: Onboarding) -> RegistrationAttempt:
    return RegistrationAttempt.objects.get(registration__onboarding=case, number=1)


def count(verb: str) -> int:
    return int(Event.objects.filter(verb=verb).count())


def test_two_reviewers_register_and_return_at_once(case: Onboarding, reviewer: User, manager: User) -> None:
    one, two = typed(case, "register", reviewer), typed(case, "return_by_agency", manager)
    clients = browser(reviewer), browser(manager)
    answers = at_once(
        lambda: clients[0].post(decide_at(case, "register"), one),
        lambda: clients[1].post(
            decide_at(case, "return_by_agency"), two | {"note_funding": "A careful note."}
        ),
    )
    assert connection.vendor == "postgresql"
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    lost = [answer.status_code for answer in answers].index(409)
    page, registration = Page(answers[lost]), Registration.objects.get(onboarding=case)
    assert "Somebody was quicker" in page.text
    assert ("2026-MN-123456", "A careful note.")[lost] in page.text
    state, status = ((State.CHANGES, S.RETURNED), (State.ACTIVE, S.REGISTERED))[lost]
    assert (Onboarding.objects.get(pk=case.pk).state, newest(case).status) == (state, status)
    assert bool(registration.program_number) == (status == S.REGISTERED)
    assert count("register") + count("return_by_agency") == 1
    assert first_broken(case.employer.chain) is None


def test_two_registrations_at_once_record_one_number(case: Onboarding, reviewer: User, manager: User) -> None:
    today = timezone.now().date()
    results = at_once(
        lambda: desk.register(case, by=reviewer, program_number="2026-MN-000001", registered_on=today),
        lambda: desk.register(case, by=manager, program_number="2026-MN-000002", registered_on=today),
    )
    lost = [isinstance(result, TransitionNotAllowed) for result in results]
    assert sorted(lost) == [False, True]
    number, by = (("2026-MN-000001", reviewer), ("2026-MN-000002", manager))[lost.index(False)]
    registration = Registration.objects.get(onboarding=case)
    assert (registration.program_number, registration.recorded_by, newest(case).ended_by) == (number, by, by)


def test_attempt_is_sent_once_and_told_once(case: Onboarding, reviewer: User, manager: User) -> None:
    today = timezone.now().date()
    results = at_once(
        *(lambda by=by: registering.send(case, by=by, sent_on=today) for by in (reviewer, manager, reviewer))
    )
    assert sorted(type(result).__name__ for result in results) == [
        "RegistrationAttempt", "TransitionNotAllowed", "TransitionNotAllowed",
    ]  # fmt: skip
    assert (count("registration_sent"), Notification.objects.filter(name="registration_sent").count()) == (
        1,
        1,
    )
    assert first_broken(case.employer.chain) is None


def test_sending_and_a_return_at_once_leave_one_ended_attempt(
    case: Onboarding, reviewer: User, manager: User
) -> None:
    today, notes = timezone.now().date(), {Part.FUNDING: "Name the grant."}
    sent, back = at_once(
        lambda: registering.send(case, by=reviewer, sent_on=today),
        lambda: desk.return_by_agency(case, by=manager, reason="No date.", notes=notes),
    )
    attempt = newest(case)
    assert (back.state, attempt.status, attempt.reason) == (State.CHANGES, S.RETURNED, "No date.")
    assert (attempt.sent_on is None) == isinstance(sent, TransitionNotAllowed)
    assert count("registration_sent") == (attempt.sent_on is not None)


def test_correction_and_registration_at_once_leave_a_registered_attempt(
    case: Onboarding, reviewer: User, manager: User
) -> None:
    today = timezone.now().date()
    registering.send(case, by=reviewer, sent_on=today)
    corrected, _registered = at_once(
        lambda: registering.correct(case, by=reviewer, reason="Never sent", sent_on=None),
        lambda: desk.register(case, by=manager, program_number="2026-MN-000001", registered_on=today),
    )
    attempt, is_late = newest(case), isinstance(corrected, TransitionNotAllowed)
    assert (attempt.status, attempt.sent_on is None) == (S.REGISTERED, not is_late)
    assert count("registration_corrected") == attempt.corrections.count() == int(not is_late)


def test_item_ticked_twice_at_once_is_told_once(case: Onboarding, reviewer: User, manager: User) -> None:
    item = newest(case).checks.all()[0]
    results = at_once(
        *(
            lambda by=by: registering.check(case, item.pk, by=by, is_checked=True)
            for by in (reviewer, manager)
        )
    )
    assert sorted(results) == [False, True]
    item.refresh_from_db()
    assert item.checked_by == (reviewer, manager)[results.index(True)]
    assert count("registration_checked") == 1
    assert browser(reviewer).get(page_of(case)).status_code == 200
