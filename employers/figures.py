"""What the desk's front page counts. Live figures cost one small query each; slow ones are kept for some minutes.

Everything is counted where it happened: states in the onboardings, moves and their times in `Move`.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import (
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber, TruncMonth
from django.utils import timezone

from employers.aging import SENT, Targets, clock
from employers.models import Employer, Move, Onboarding, Submission
from employers.onboarding import EDGES, STEPS, Actor, State

# Ages in whole days in a state: name, from, to (None: no end).
AGES: dict[str, tuple[int, int | None]] = {
    "week": (0, 7),
    "month": (8, 30),
    "quarter": (31, 90),
    "older": (91, None),
}
MONTHS = 12
AGING_SHOWN = 10
KEPT_FOR = 5 * 60  # seconds
KEPT_AS = "employers.slow-figures"
# The states of the eight steps, in order.
PATH: tuple[State, ...] = tuple(state for step in STEPS for state in step.states)
# The states through which everybody comes who becomes a partner; the way back for changes is none of them.
STAGES = tuple(state for state in PATH if state is not State.CHANGES)
# Moves that finish a state's work; steps back, withdrawals and the like do not.
FINISHING: dict[State, tuple[str, ...]] = {
    state: tuple(
        edge.name
        for edge in EDGES
        if state in edge.sources and edge.target in PATH and edge.actor is not Actor.SYSTEM
    )
    for state in STAGES
}


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
    rows = Onboarding.objects.filter(state__in=targets)
    rows = rows.annotate(**clock({key: Value(days) for key, days in targets.items()}))
    rows = rows.annotate(due=Case(answer, *waits)).select_related("employer", "reviewer")
    found: QuerySet[Any] = rows.order_by("due", "pk")[:AGING_SHOWN]
    return found


# Slow figures ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stay:
    """How long people took to finish a state: the median in days, of how many."""

    days: float
    count: int


@dataclass(frozen=True, slots=True)
class Slow:
    """Figures over many moves, as of a moment."""

    at: dt.datetime
    reached: dict[str, int]  # employers by the state they ever came to
    stays: dict[str, Stay]  # by state
    months: tuple[dt.date, ...]  # first days, the oldest first
    submissions: tuple[int, ...]
    approvals: tuple[int, ...]


def slow_figures() -> Slow:
    """Return them as of some minutes ago at most."""
    kept: Slow | None = cache.get(KEPT_AS)
    if kept is None:
        kept = _count_slowly()
        cache.set(KEPT_AS, kept, KEPT_FOR)
    return kept


def reached(state: str) -> Q:
    """Return the condition of cases that ever came to a state."""
    if state == STAGES[0]:
        return Q()
    return Q(pk__in=Move.objects.filter(target=state).order_by().values("onboarding"))


def finished(state: State, since: dt.datetime) -> QuerySet[Any]:
    """Return the moves by which people finished a state's work; what walked on by itself took no time."""
    found: QuerySet[Any] = Move.objects.filter(source=state, **finishing(state), at__gte=since)
    return found


def finishing(state: State) -> dict[str, Any]:
    """Return the lookups of those moves, which are also the address of their list."""
    return {"edge__in": FINISHING[state], "is_walk": False}


def year_ago(now: dt.datetime) -> dt.datetime:
    """Return the moment from which moves count."""
    return now - dt.timedelta(days=365)


def _count_slowly() -> Slow:
    now = timezone.now()
    months = last_months(now.date())
    came = Move.objects.filter(target__in=STAGES).order_by().values_list("target")
    return Slow(
        at=now,
        reached=dict(came.annotate(Count("onboarding", distinct=True)))
        | {STAGES[0]: Onboarding.objects.count()},
        stays=_stays(now),
        months=months,
        submissions=by_month(Submission.objects.all(), "submitted_at", months),
        approvals=by_month(Move.objects.filter(edge="approve"), "at", months),
    )


def _stays(now: dt.datetime) -> dict[str, Stay]:
    """Return the median stay by state: the middle rows of each, found by the database."""
    wanted = Q()
    for state in STAGES[:-1]:
        wanted |= Q(source=state, **finishing(state))
    took = ExpressionWrapper(F("at") - F("since"), output_field=DurationField())
    rows = (
        Move.objects.filter(wanted, at__gte=year_ago(now))
        .annotate(took=took)
        .annotate(
            rank=Window(RowNumber(), partition_by=[F("source")], order_by=["took"]),
            many=Window(Count("pk"), partition_by=[F("source")]),
        )
        .filter(rank__gte=F("many") / 2.0, rank__lte=F("many") / 2.0 + 1)
        .order_by("source", "rank")
        .values_list("source", "took", "many")
    )
    middle: dict[str, list[tuple[dt.timedelta, int]]] = {}
    for source, took_so, many in rows:
        middle.setdefault(source, []).append((took_so, many))
    return {state: _median(found) for state, found in middle.items()}


def _median(middle: Iterable[tuple[dt.timedelta, int]]) -> Stay:
    rows = list(middle)
    days = [stay / dt.timedelta(days=1) for stay, _many in rows]
    return Stay(sum(days) / len(days), rows[0][1])


def last_months(today: dt.date) -> tuple[dt.date, ...]:
    """Return the first days of the last twelve months, the oldest first, this month last."""
    first = today.year * 12 + today.month - MONTHS
    return tuple(dt.date(number // 12, number % 12 + 1, 1) for number in range(first, first + MONTHS))


def by_month(rows: Any, field: str, months: tuple[dt.date, ...]) -> tuple[int, ...]:
    """Return how many rows fall into each of these months, in UTC."""
    start = dt.datetime.combine(months[0], dt.time(), dt.UTC)
    counted = (
        rows.filter(**{f"{field}__gte": start})
        .order_by()
        .annotate(month=TruncMonth(field, tzinfo=dt.UTC))
        .values_list("month")
        .annotate(Count("pk"))
    )
    found = {month.date(): count for month, count in counted}
    return tuple(found.get(month, 0) for month in months)
