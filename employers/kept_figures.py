"""What the desk's front page counts over many moves. The worker counts it every five minutes and keeps it.

Everything is counted where it happened: moves and their times in `Move`.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from apprenticeship.months import by_month, last_months, year_ago
from employers.figures import PATH
from employers.models import DeskFigures, Move, Onboarding, Submission
from employers.onboarding import EDGES, Actor, State

KEPT_FOR = dt.timedelta(minutes=30)  # without a worker; with one it is five minutes
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


def newest() -> DeskFigures:
    """Return the figures that are kept. Counts them if no worker did for half an hour."""
    kept: DeskFigures | None = DeskFigures.objects.filter(at__gt=timezone.now() - KEPT_FOR).first()
    return kept or count()


def count() -> DeskFigures:
    """Count the figures, and keep them in place of the last ones. For beat."""
    now = timezone.now()
    months = last_months(now.date())
    figures = {
        "at": now,
        "reached": _reached(),
        "medians": _medians(now),
        "submissions": by_month(Submission.objects.all(), "submitted_at", months),
        "approvals": by_month(Move.objects.filter(edge="approve"), "at", months),
    }
    kept: DeskFigures = DeskFigures.objects.update_or_create(pk=1, defaults=figures)[0]
    return kept


def reached(state: str) -> Q:
    """Return the condition of cases that ever came to a state."""
    if state == STAGES[0]:
        return Q()
    return Q(pk__in=Move.objects.filter(target=state).order_by().values("onboarding"))


def finishing(state: State) -> dict[str, Any]:
    """Return the lookups of the moves by which people finished a state's work, which are also their list's address.

    What walked on by itself took no time.
    """
    return {"edge__in": FINISHING[state], "is_walk": False}


def _reached() -> dict[str, int]:
    came = Move.objects.filter(target__in=STAGES).order_by().values_list("target")
    return dict(came.annotate(Count("onboarding", distinct=True))) | {
        STAGES[0].value: Onboarding.objects.count()
    }


def _medians(now: dt.datetime) -> dict[str, tuple[float, int]]:
    """Return the median stay in days and its count by state: the middle rows of each, found by the database."""
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


def _median(middle: Iterable[tuple[dt.timedelta, int]]) -> tuple[float, int]:
    rows = list(middle)
    days = [stay / dt.timedelta(days=1) for stay, _many in rows]
    return sum(days) / len(days), rows[0][1]
