"""Count rows by month, in UTC, over the last twelve."""

import datetime as dt
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth

MONTHS = 12


def last_months(today: dt.date) -> tuple[dt.date, ...]:
    """Return the first days of the last twelve months, the oldest first, this month last."""
    first = today.year * 12 + today.month - MONTHS
    return tuple(dt.date(number // 12, number % 12 + 1, 1) for number in range(first, first + MONTHS))


def year_ago(now: dt.datetime) -> dt.datetime:
    """Return the moment from which a year of moves or events counts."""
    return now - dt.timedelta(days=365)


def by_month(rows: Any, field: str, months: tuple[dt.date, ...]) -> tuple[int, ...]:
    """Return how many rows fall into each of these months."""
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
