"""What the desk counts of candidates. The worker counts it every five minutes, because each figure reads many rows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from apprentices.models import Candidate
from apprenticeship.months import by_month, last_months, year_ago
from apprenticeship.records import events
from apprenticeship.records.models import Event

KEPT_AS = "apprentices.figures"
KEPT_FOR = 30 * 60  # seconds without a worker; with one it is five minutes
# What everybody comes through who is hired, as the event log says it. It knows those who were deleted, too.
FUNNEL = ("candidate_added", "candidate_confirmed", "candidate_opened", "candidate_hired")


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts as of a moment."""

    at: dt.datetime
    statuses: dict[str, int]  # people by status
    look_alikes: int
    months: tuple[dt.date, ...]  # first days of the last twelve, the oldest first
    joined: dict[tuple[int | None, str], tuple[int, ...]]  # people by region and state, and by month
    places: dict[str, int]  # people who share by state
    sources: dict[str, tuple[int, int]]  # those who share, and the others, by how they heard
    funnel: dict[str, int]  # people within a year by verb
    started: tuple[int, ...]  # forms sent by month
    confirmed: tuple[int, ...]  # addresses confirmed by month


def figures() -> Figures:
    """Return the figures that are kept. Counts them if no worker did for half an hour."""
    kept: Figures | None = cache.get(KEPT_AS)
    return kept or count()


def count() -> Figures:
    """Count the figures and keep them in place of the last ones. For beat."""
    counted = _count()
    cache.set(KEPT_AS, counted, KEPT_FOR)
    return counted


def _count() -> Figures:
    now = timezone.now()
    months = last_months(now.date())
    people = Candidate.objects.order_by()
    log = Event.objects.filter(chain=events.CANDIDATES)
    first = events.firsts(log.filter(verb__in=FUNNEL)).filter(at__gte=year_ago(now)).order_by()
    sharing = Q(status=Candidate.Status.CONFIRMED)
    shares = {"shared": Count("pk", filter=sharing), "others": Count("pk", filter=~sharing)}
    heard = people.values("heard_from").annotate(**shares).values_list("heard_from", *shares)
    return Figures(
        at=now,
        statuses=dict(people.values_list("status").annotate(Count("pk"))),
        look_alikes=people.look_alikes().count(),
        months=months,
        joined=_joined(months),
        places=dict(people.confirmed().values_list("state").annotate(Count("pk"))),
        sources={code: (shared, others) for code, shared, others in heard},
        funnel=dict(first.values_list("verb").annotate(Count("pk"))),
        started=by_month(log.filter(verb=FUNNEL[0]), "at", months),
        confirmed=by_month(log.filter(verb=FUNNEL[1]), "at", months),
    )


def _joined(months: tuple[dt.date, ...]) -> dict[tuple[int | None, str], tuple[int, ...]]:
    start = dt.datetime.combine(months[0], dt.time(), dt.UTC)
    rows: Any = (
        Candidate.objects.filter(confirmed_at__gte=start)
        .order_by()
        .annotate(month=TruncMonth("confirmed_at", tzinfo=dt.UTC))
        .values_list("region", "state", "month")
        .annotate(Count("pk"))
    )
    found: dict[tuple[int | None, str], dict[dt.date, int]] = {}
    for region, state, month, count in rows:
        found.setdefault((region, state), {})[month.date()] = count
    return {place: tuple(counts.get(month, 0) for month in months) for place, counts in found.items()}
