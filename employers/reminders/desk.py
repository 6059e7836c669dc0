"""Reminders to AAMI: a case that nobody has, a review past its target, a registration that is due."""

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
from employers.models import Onboarding
from employers.onboarding import State
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
    """Yield the registrations whose deadline approaches."""
    days = Program.objects.current().registration_deadline_days
    for onboarding in _in(State.REGISTRATION):
        marks = plan.before("registration_days")
        yield _watch(onboarding, "registration", marks, days, "reminder_registration")


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
