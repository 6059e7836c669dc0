"""What the desk's front page counts of the cases as they are now, in one small query each."""

import datetime as dt
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from apprenticeship.together import read_together
from employers.aging import SENT, Targets, clock
from employers.models import Employer, Onboarding, RegistrationAttempt
from employers.onboarding import STEPS, State

# Ages in whole days in a state: name, from, to (None: no end).
AGES: dict[str, tuple[int, int | None]] = {
    "week": (0, 7),
    "month": (8, 30),
    "quarter": (31, 90),
    "older": (91, None),
}
AGING_SHOWN = 10
# The states of the eight steps, in order.
PATH: tuple[State, ...] = tuple(state for step in STEPS for state in step.states)


def aged(name: str, now: dt.datetime) -> Q:
    """Return the condition of cases that have been where they are for so long."""
    first, last = AGES[name]
    found = Q(state_since__lte=now - dt.timedelta(days=first)) if first else Q()
    return found & Q(state_since__gt=now - dt.timedelta(days=last + 1)) if last is not None else found


def by_age() -> dict[str, dict[str, int]]:
    """Return how many cases are in each state, by age."""
    now = timezone.now()
    counts = {name: Count("pk", filter=aged(name, now)) for name in AGES}
    rows: Any = Onboarding.objects.order_by().values("state").annotate(**counts)
    return {row["state"]: {name: row[name] for name in AGES} for row in rows}


def by_place() -> dict[str, int]:
    """Return how many employers there are in each U.S. state."""
    rows = Employer.objects.exclude(state="").order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


def aging(targets: Targets) -> QuerySet[Any]:
    """Return the cases with a target that are due first, each with its clock, its `due` time and employer."""
    waits = [
        When(state=state, then=F("clock_since") + dt.timedelta(days=days))
        for state, days in targets.items()
        if state != SENT
    ]
    answer = When(sent_on__isnull=False, then=F("clock_since") + dt.timedelta(days=targets[SENT]))
    rows = Onboarding.objects.filter(pk__in=_oldest(targets))
    rows = rows.annotate(**clock({key: Value(days) for key, days in targets.items()}))
    rows = rows.annotate(due=Case(answer, *waits)).select_related("employer", "reviewer")
    found: QuerySet[Any] = rows.order_by("due", "pk")[:AGING_SHOWN]
    return found


def _oldest(targets: Targets) -> list[Any]:
    """Return the keys of the oldest cases under each target, in one query: among them are all that are due first.

    Found before they are read: the database then knows how few they are.
    """
    cases = Onboarding.objects.only("pk")
    sent = RegistrationAttempt.objects.filter(status=RegistrationAttempt.Status.SENT)
    lists = {
        state: cases.filter(state=state).order_by("state_since")[:AGING_SHOWN]
        for state in targets
        if state not in (SENT, State.REGISTRATION)
    }
    with_agency = cases.filter(registration__attempts__in=sent).order_by("registration__attempts__since")
    not_sent = cases.filter(state=State.REGISTRATION).exclude(pk__in=sent.values("registration__onboarding"))
    lists[SENT] = with_agency[:AGING_SHOWN]
    lists[State.REGISTRATION] = not_sent.order_by("state_since")[:AGING_SHOWN]
    return [case.pk for rows in read_together(**lists).values() for case in rows]
