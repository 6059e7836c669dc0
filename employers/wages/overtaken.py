"""Periods of a wage schedule that a rise of the minimum wage will overtake."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .floors import FloorRow, Workplace, floor_for, start_at
from .schedule import Period, Schedule, usable


@dataclass(frozen=True, slots=True)
class Overtaken:
    """One period at one workplace whose rate is below the minimum wage from a day on."""

    workplace: str
    number: int
    rate: Decimal
    floor: Decimal
    on: date  # the first day on which the period's rate is too low


def overtaken(
    schedule: Schedule,
    workplaces: Iterable[Workplace],
    rows: Sequence[FloorRow],
    on: date,
    states: Iterable[str],
) -> Iterator[Overtaken]:
    """Yield each period that pays less than the minimum wage on the day of a rise, or later when it begins.

    `states` are the postal codes where the minimum wage rises on the day `on`. A period that was too low before the
    rise is yielded as well: it has to be raised all the more. Source: 29 CFR 29.5(b)(5).
    """
    for place in workplaces:
        if place.state not in states:
            continue
        for period in schedule.periods:
            found = _judge(period, place, rows, on)
            if found is not None:
                yield found


def _judge(period: Period, place: Workplace, rows: Sequence[FloorRow], on: date) -> Overtaken | None:
    rate, begins, ends = (
        usable(period.rate),
        start_at(place, period.hours_from),
        start_at(place, period.hours_to),
    )
    if rate is None or begins is None or ends is None or ends <= on:
        return None
    day = max(on, begins)
    floor = floor_for(rows, place, day).rate
    if floor is None or rate >= floor:
        return None
    return Overtaken(place.name, period.number, rate, floor, day)
