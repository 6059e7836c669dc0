"""The lowest wage the law allows at a workplace on a day: federal, state, sector and local."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from django.utils.translation import gettext as _

from apprenticeship.program.regions import state_name

from .schedule import CENT, Schedule, usable
from .wording import day, dollars

FEDERAL = "US"
WEEKLY_MIN, WEEKLY_MAX = Decimal(1), Decimal(168)  # hours per week
FLOOR_FIELDS = (
    "jurisdiction",
    "sector",
    "rate",
    "effective_from",
    "known_through",
    "source_name",
    "source_url",
    "is_confirmed",
)  # in FloorRow's order: FloorRow(*values) for each of .values_list(*FLOOR_FIELDS)


@dataclass(frozen=True, slots=True)
class FloorRow:
    jurisdiction: str  # "US" or a postal code
    sector: str  # "" for the general rate
    rate: Decimal  # dollars per hour
    effective_from: date
    known_through: date | None  # last day for which the rate is known to hold; None is open-ended
    source_name: str
    source_url: str
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Workplace:
    name: str
    state: str  # postal code
    sector: str | None  # None: no sector applies here
    sector_unknown: bool  # a sector may apply, and which one is not answered yet
    local_minimum: Decimal | None  # dollars per hour, of city or county
    planned_start: date | None
    hours_per_week: Decimal | None


@dataclass(frozen=True, slots=True)
class Floor:
    rate: Decimal | None  # the highest confirmed one; None when no row holds
    name: str  # "Minnesota minimum wage"
    effective_from: date | None  # None for a local minimum
    is_known: bool  # False: the true floor may be higher than `rate`
    why: str  # what is not known, "" when all is
    source_name: str = ""
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class FloorStep:
    hours: int  # on-the-job learning at which this floor begins to bind
    floor: Floor


def period_start(planned_start: date, hours: int, hours_per_week: Decimal) -> date:
    """Return the day on which `hours` of on-the-job learning are reached.

    Hours divided by (hours per week × 52/12) are calendar months; their fraction is days, rounded down.
    A day past the calendar's end comes back as its end. Raises ValueError for a week
    that cannot have that many hours.
    """
    if not _is_weekly(hours_per_week):
        raise ValueError(f"Hours per week must be {WEEKLY_MIN} to {WEEKLY_MAX}.")
    months = Fraction(max(hours, 0) * 12) / (Fraction(hours_per_week.quantize(CENT)) * 52)
    whole = floor(months)
    begin, end = _add_months(planned_start, whole), _add_months(planned_start, whole + 1)
    return begin + timedelta(days=floor((months - whole) * (end - begin).days))


def start_at(workplace: Workplace, hours: int) -> date | None:
    """Return `period_start` at a workplace, or None while its start or weekly hours are not entered."""
    weekly = workplace.hours_per_week
    if workplace.planned_start is None or weekly is None or not _is_weekly(weekly):
        return None
    return period_start(workplace.planned_start, hours, weekly)


def floor_for(rows: Iterable[FloorRow], workplace: Workplace, on: date) -> Floor:
    """Return the highest of federal, state, sector and local minimum wage in force on a day.

    A rate that is not entered, not confirmed or past its known end makes the floor unknown, with the last
    confirmed rate as what is certain. A local minimum only ever raises the floor.
    """
    rows = tuple(rows)
    state = state_name(workplace.state)
    found = [_in_force(rows, FEDERAL, "", on, _("Federal"))]
    found.append(_in_force(rows, workplace.state, "", on, state))
    if workplace.sector:
        found.append(
            _in_force(
                rows, workplace.state, workplace.sector, on, _("%(state)s health care") % {"state": state}
            )
        )
    elif workplace.sector_unknown:
        found.append((None, _("%(state)s health-care group not chosen") % {"state": state}))
    local = usable(workplace.local_minimum)
    if local is not None:
        found.append((Floor(local, _("Local minimum wage"), None, True, ""), ""))
    why = "; ".join(doubt for _floor, doubt in found if doubt)
    known = [candidate for candidate, _doubt in found if candidate is not None]
    best = max(known, key=lambda candidate: candidate.rate or 0, default=Floor(None, "", None, False, ""))
    return Floor(best.rate, best.name, best.effective_from, not why, why, best.source_name, best.source_url)


def floor_steps(
    rows: Iterable[FloorRow], workplaces: Sequence[Workplace], schedule: Schedule
) -> tuple[FloorStep, ...]:
    """Return the highest floor of all workplaces over the term, one step for each change."""
    rows = tuple(rows)
    dated = [place for place in workplaces if start_at(place, 0) is not None]
    marks = {0} | {mark for place in dated for mark in _changes(rows, place, schedule.term_hours)}
    steps: list[FloorStep] = []
    for mark in sorted(marks):
        floors = [floor_for(rows, place, start) for place in dated if (start := start_at(place, mark))]
        if not floors:
            continue
        highest = max(floors, key=lambda candidate: (candidate.rate or 0, not candidate.is_known))
        if not steps or _shown(steps[-1].floor) != _shown(highest):
            steps.append(FloorStep(mark, highest))
    return tuple(steps)


def _is_weekly(hours: Decimal) -> bool:
    return hours.is_finite() and WEEKLY_MIN <= hours <= WEEKLY_MAX


def _shown(value: Floor) -> tuple[Decimal | None, bool]:
    return value.rate, value.is_known


def _changes(rows: Iterable[FloorRow], place: Workplace, term_hours: int) -> set[int]:
    """Return the hours at which a row begins or ceases to be known at a workplace."""
    own = [row for row in rows if row.jurisdiction in (FEDERAL, place.state)]
    days = {row.effective_from for row in own}
    days |= {
        row.known_through + timedelta(days=1) for row in own if row.known_through not in (None, date.max)
    }
    marks = (_first_hour(place, value, term_hours) for value in days)
    return {mark for mark in marks if mark is not None}


def _first_hour(place: Workplace, on: date, term_hours: int) -> int | None:
    """Return the first hour of the term that falls on or after a day, by halving."""
    low, high = 0, max(term_hours, 0)
    last = start_at(place, high)
    if last is None or last < on:
        return None
    while low < high:
        middle = (low + high) // 2
        reached = start_at(place, middle)
        if reached is not None and reached >= on:
            high = middle
        else:
            low = middle + 1
    return low


def _in_force(
    rows: Sequence[FloorRow], jurisdiction: str, sector: str, on: date, name: str
) -> tuple[Floor | None, str]:
    """Return the newest confirmed floor of one series on a day, and what is doubtful about it."""
    series = [row for row in rows if row.jurisdiction == jurisdiction and row.sector == sector]
    started = sorted((r for r in series if r.effective_from <= on), key=lambda r: r.effective_from)
    confirmed = [row for row in started if row.is_confirmed]
    if not started:
        return None, _("%(name)s minimum wage for %(day)s not entered") % {"name": name, "day": day(on)}
    newest = started[-1]
    floor_row = _floor(confirmed[-1], name) if confirmed else None
    if not newest.is_confirmed:
        return floor_row, _unconfirmed(newest, confirmed, name)
    if newest.known_through is not None and on > newest.known_through:
        return floor_row, _outdated(newest, on, name, newest.known_through)
    return floor_row, ""


def _floor(row: FloorRow, name: str) -> Floor:
    title = _("%(name)s minimum wage") % {"name": name}
    return Floor(row.rate, title, row.effective_from, True, "", row.source_name, row.source_url)


def _unconfirmed(row: FloorRow, confirmed: Sequence[FloorRow], name: str) -> str:
    values = {"name": name, "rate": dollars(row.rate), "day": day(row.effective_from)}
    if not confirmed:
        return _("%(name)s rate of %(rate)s since %(day)s not confirmed") % values
    values["old"] = dollars(confirmed[-1].rate)
    return _("%(name)s rate of %(rate)s since %(day)s not confirmed; judged by %(old)s") % values


def _outdated(row: FloorRow, on: date, name: str, known_through: date) -> str:
    values = {"name": name, "rate": dollars(row.rate), "year": str(on.year), "old": str(known_through.year)}
    if on.year != known_through.year:
        return _("%(name)s: %(year)s rate not entered; judged by %(old)s (%(rate)s)") % values
    values |= {"day": day(on)}
    return _("%(name)s: rate for %(day)s not entered; judged by %(rate)s") % values


def _add_months(start: date, months: int) -> date:
    """Return the same day some months later, or the month's last day where it is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
