"""Reminders to AAMI: a case that nobody has, a review past its target, a registration to send or to ask about."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse

from apprenticeship.program.models import Program, ReminderPlan
from apprenticeship.records import mail
from employers.application import zone_of
from employers.assignment import reviewer_of
from employers.letters import reviewers
from employers.models import Onboarding, RegistrationAttempt
from employers.onboarding import State
from employers.registering import target_of
from employers.reminders.employer import with_places
from employers.reminders.watch import Watch, holds_in
from employers.wages.wording import day as in_words


def unassigned(plan: ReminderPlan) -> Iterator[Watch]:
    """Yield the applications in review that have no reviewer who can decide."""
    for onboarding in _in(State.REVIEW):
        if reviewer_of(onboarding) is None:
            name = "reminder_unassigned"
            yield _watch(onboarding, "unassigned", plan.after("unassigned_days"), 0, name)


def past_target(plan: ReminderPlan) -> Iterator[Watch]:
    """Yield the reviews whose target has passed."""
    target = Program.objects.current().review_target_days
    for onboarding in _in(State.REVIEW):
        if reviewer_of(onboarding) is not None:
            yield _watch(onboarding, "review", plan.after("review_days"), target, "reminder_review")


def to_register(plan: ReminderPlan) -> Iterator[Watch]:
    """Yield the attempts whose deadline approaches: to be sent, and once sent to be answered.

    Sending ends the first series and begins another, as does a corrected day of sending: what was said of the old
    day does not count for it. A deadline that managers change moves the days of a series and repeats none.
    """
    marks, program = plan.before("registration_days"), Program.objects.current()
    for attempt in _open_attempts():
        onboarding = attempt.registration.onboarding
        zone = zone_of(onboarding.employer, onboarding.employer.sites.all())
        since = attempt.sent_on or attempt.since.astimezone(zone).date()
        due = since + dt.timedelta(days=target_of(attempt, program))
        yield Watch(
            series=f"registration:{attempt.pk}:{attempt.status}:{since:%Y%m%d}",
            day=due,
            marks=marks,
            zone=zone,
            holds=lambda row=attempt: _is_still_so(row),  # type: ignore[misc]
            mail=lambda mark, row=attempt, due=due: _mail_attempt(row, mark, due),  # type: ignore[misc]
        )


def _open_attempts() -> Any:
    rows = RegistrationAttempt.objects.open().filter(registration__onboarding__state=State.REGISTRATION)
    case = "registration__onboarding"
    rows = rows.select_related(f"{case}__employer", f"{case}__reviewer")
    return rows.prefetch_related(f"{case}__employer__sites").order_by("since", "pk")


def _is_still_so(attempt: RegistrationAttempt) -> bool:
    """Lock the case and tell whether the attempt stands where it was read."""
    here = RegistrationAttempt.objects.open().filter(
        pk=attempt.pk, status=attempt.status, sent_on=attempt.sent_on
    )
    return holds_in(attempt.registration.onboarding) and bool(here.exists())


def _mail_attempt(attempt: RegistrationAttempt, mark: int, due: dt.date) -> None:
    name = "reminder_agency" if attempt.is_sent else "reminder_registration"
    days = (due - attempt.since.date()).days + mark
    _mail(name, attempt.registration.onboarding, days=days, left=-mark, due_on=due)


def _in(state: State) -> Any:
    return with_places(Onboarding.objects.filter(state=state).select_related("reviewer"))


def _watch(onboarding: Onboarding, kind: str, marks: tuple[int, ...], target: int, name: str) -> Watch:
    """Return a series that counts from the day on which the target of a state is reached."""
    zone = zone_of(onboarding.employer, onboarding.employer.sites.all())
    since = onboarding.state_since.astimezone(zone).date()
    due_on = since + dt.timedelta(days=target)
    return Watch(
        series=f"{kind}:{onboarding.pk}:{onboarding.state_since:%Y%m%dT%H%M%S}",
        day=due_on,
        marks=marks,
        zone=zone,
        holds=lambda: holds_in(onboarding),
        mail=lambda mark: _mail(name, onboarding, days=target + mark, left=-mark, due_on=due_on),
    )


def _mail(name: str, onboarding: Onboarding, *, days: int, left: int, due_on: dt.date) -> None:
    path = reverse("admin:employers_onboarding_change", args=[onboarding.pk])
    facts = {
        "employer": str(onboarding.employer),
        "days": days,
        "days_left": left,
        "due_on": in_words(due_on),
        "action_url": settings.SITE_URL + path,
    }
    for person in reviewers(onboarding):
        context = facts | {"person": person.get_short_name()}
        mail.send(name, person.email, context, user=person, about=onboarding.employer)
