"""The attempts of a registration: begun and ended by the moves of the case, sent and checked off by the desk.

`begin` and `end` run in the transaction of their move (effects.py). `send` and `check` are transactions of their own:
lock, who may, from where, the row, its event, its mail.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.models import User
from apprenticeship.program.models import ChecklistItem, Program, RegistrationAgency
from apprenticeship.records.events import record
from employers import eta_671, letters, permissions
from employers.application import zone_of
from employers.models import (
    AttemptCheck,
    Onboarding,
    Registration,
    RegistrationAttempt,
    SendingCorrection,
)
from employers.onboarding import Actor, State, Text
from employers.wages.wording import day

S = RegistrationAttempt.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act of the desk that changes no state; it reads like an edge of the eight steps."""

    label: Text
    happened: Text
    email: str = ""
    actor: Actor = Actor.REVIEWER
    permission: str = "employers.review_onboarding"
    staff_email: str = ""
    staff_papers: tuple[str, ...] = ()
    employer_papers: tuple[str, ...] = ()


SEND = Act(
    label=gettext_lazy("Mark as sent"),
    happened=gettext_lazy("Registration sent to the agency"),
    email="registration_sent",
)
CORRECT = Act(
    label=gettext_lazy("Correct the sending"),
    happened=gettext_lazy("Sending to the registration agency corrected"),
    email="registration_corrected",
)
CHECK = Act(label=gettext_lazy("Check off"), happened=gettext_lazy("Registration checklist: item checked"))
VERBS: dict[str, Text] = {"registration_sent": SEND.happened, "registration_corrected": CORRECT.happened}
DESK_VERBS: dict[str, Text] = {
    "registration_bundle_taken": gettext_lazy("Papers for the agency downloaded"),
}
# Told by the checklist itself, item by item, and by the history; an activity list would hold nothing else.
TICK_VERBS: dict[str, Text] = {
    "registration_checked": CHECK.happened,
    "registration_unchecked": gettext_lazy("Registration checklist: item opened again"),
}


def begin(onboarding: Onboarding, *, by: User | None) -> RegistrationAttempt:
    """Begin an attempt for a case that was just approved: the checklist of its state, and the data of the form."""
    registration, _is_new = Registration.objects.get_or_create(onboarding=onboarding)
    state = onboarding.employer.state
    agency = RegistrationAgency.objects.of(state)
    kind = agency.kind if agency else ""
    attempt: RegistrationAttempt = registration.attempts.create(
        number=registration.attempts.count() + 1, state=state, agency_kind=kind, agency=agency.title if agency else "",
        begun_at=onboarding.state_since, begun_by=by, since=onboarding.state_since,
    )  # fmt: skip
    AttemptCheck.objects.bulk_create(
        AttemptCheck(
            attempt=attempt, position=position, text=item.text, source_name=item.source_name, is_sample=item.is_sample
        )
        for position, item in enumerate(ChecklistItem.objects.for_state(state, kind), start=1)
    )  # fmt: skip
    eta_671.order_data(onboarding, attempt, by=by)
    return attempt


def end(onboarding: Onboarding, status: S, *, by: User | None, reason: str = "") -> None:
    """End the open attempt of a case that has just moved on."""
    attempt = RegistrationAttempt.objects.open_for(onboarding)
    if attempt is not None:
        attempt.status, attempt.reason = status, reason
        attempt.ended_at, attempt.ended_by = onboarding.state_since, by
        attempt.save()


@transaction.atomic
def send(onboarding: Onboarding, *, by: User, sent_on: dt.date, how: str = "") -> RegistrationAttempt:
    """Record that the papers went to the agency on a day; the employer hears of it.

    Raises NotAllowed, TransitionNotAllowed (it was sent already, or the case moved on) or ValidationError (the day).
    """
    onboarding, attempt = _hold(onboarding, SEND, by)
    if attempt.is_sent:
        raise TransitionNotAllowed("This attempt was sent already.", object=onboarding)
    _write(attempt, by=by, sent_on=sent_on, how=how)
    facts = {"attempt": attempt.number, "sent_on": sent_on.isoformat()}
    record(onboarding.employer.chain, "registration_sent", by=by, subject=attempt, data=facts)
    letters.send_for(onboarding, [SEND], by=by, facts=_told(attempt))
    return attempt


@transaction.atomic
def correct(
    onboarding: Onboarding, *, by: User, reason: str, sent_on: dt.date | None, how: str = ""
) -> RegistrationAttempt:
    """Replace what was recorded of the sending; without a day it was not sent, and its first clock counts again.

    What was recorded before is kept; the employer hears of both, not of the reason. Raises as `send` does.
    """
    onboarding, attempt = _hold(onboarding, CORRECT, by)
    if not attempt.is_sent:
        raise TransitionNotAllowed("This attempt was not sent.", object=onboarding)
    before: Any = attempt.sent_on
    SendingCorrection.objects.create(
        attempt=attempt,
        sent_on=before,
        sent_how=attempt.sent_how,
        sent_by=attempt.sent_by,
        reason=reason,
        by=by,
    )
    _write(attempt, by=by, sent_on=sent_on, how=how)
    facts = {
        "attempt": attempt.number,
        "was": before.isoformat(),
        "sent_on": sent_on.isoformat() if sent_on else None,
    }
    record(onboarding.employer.chain, "registration_corrected", by=by, subject=attempt, data=facts)
    told = _told(attempt) | {"was_sent_on": day(before)}
    letters.send_for(onboarding, [CORRECT], by=by, facts=told)
    return attempt


def _write(attempt: RegistrationAttempt, *, by: User, sent_on: dt.date | None, how: str) -> None:
    """Store the day of sending, or that there was none. Raises ValidationError if it cannot have been that day."""
    if sent_on is not None:
        check_day(attempt.registration.onboarding, sent_on)
    attempt.status, attempt.sent_on, attempt.sent_how = S.SENT if sent_on else S.PREPARING, sent_on, how
    attempt.sent_at, attempt.sent_by = (timezone.now(), by) if sent_on else (None, None)
    attempt.since = dt.datetime.combine(sent_on, dt.time(), dt.UTC) if sent_on else attempt.begun_at
    attempt.save()


@transaction.atomic
def check(onboarding: Onboarding, pk: int, *, by: User, is_checked: bool) -> bool:
    """Tick an item of the open attempt, or open it again. Returns False if it was like that already.

    Raises NotAllowed, TransitionNotAllowed (the case moved on) or AttemptCheck.DoesNotExist.
    """
    onboarding, attempt = _hold(onboarding, CHECK, by)
    item: AttemptCheck = attempt.checks.get(pk=pk)
    if (item.checked_at is not None) == is_checked:
        return False
    item.checked_at, item.checked_by = (timezone.now(), by) if is_checked else (None, None)
    item.save()
    verb = "registration_checked" if is_checked else "registration_unchecked"
    facts = {"attempt": attempt.number, "item": item.position}
    record(onboarding.employer.chain, verb, by=by, subject=attempt, data=facts)
    return True


def check_day(onboarding: Onboarding, sent_on: dt.date) -> None:
    """Raise ValidationError unless papers of this case can have been sent on that day."""
    now, approved = timezone.now(), onboarding.state_since
    zone = zone_of(onboarding.employer)
    # A day at the employer's or a day in UTC.
    if sent_on > max(now.date(), now.astimezone(zone).date()):
        raise ValidationError({"sent_on": _("This date is in the future.")})
    earliest = min(approved.date(), approved.astimezone(zone).date())
    if sent_on < earliest:
        message = _("AAMI approved on %(day)s; the papers cannot have been sent before.")
        raise ValidationError({"sent_on": message % {"day": day(approved.date())}})


def target_of(attempt: RegistrationAttempt, program: Program) -> int:
    """Return the days that an open attempt has: to be sent, or to be answered."""
    return program.registration_deadline_days if attempt.is_sent else program.registration_sending_days


def due_on(attempt: RegistrationAttempt, program: Program) -> dt.date:
    """Return the day on which an open attempt is due."""
    return attempt.since.date() + dt.timedelta(days=target_of(attempt, program))


def _told(attempt: RegistrationAttempt) -> dict[str, str]:
    program = Program.objects.current()
    return {
        "agency": attempt.agency or program.registration_agency,
        "sent_on": day(attempt.sent_on) if attempt.sent_on else "",
        "due_on": day(due_on(attempt, program)),
    }


def _hold(onboarding: Onboarding, act: Act, by: User) -> tuple[Onboarding, RegistrationAttempt]:
    """Return the case, locked, with its open attempt, if `by` may do this."""
    onboarding = Onboarding.objects.locked(onboarding.pk)
    permissions.check(act, onboarding, by)
    attempt = RegistrationAttempt.objects.open_for(onboarding)
    if onboarding.state != State.REGISTRATION or attempt is None:
        raise TransitionNotAllowed(f"{act.label} in {onboarding.state}", object=onboarding)
    return onboarding, attempt
