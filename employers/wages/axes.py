"""Place hours and dollars on the chart's plane."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import count

from .floors import FloorStep
from .schedule import Schedule, usable

LEFT, RIGHT = 44, 372
TOP, BOTTOM = 50, 170
TICKS = 3  # steps between the lowest and the highest grid line
ROOM_BELOW = Decimal("0.2")  # of the amounts' span, for the floor's label


@dataclass(frozen=True, slots=True)
class Axes:
    term: int  # hours at the right edge, at least 1
    lowest: int  # whole dollars at the bottom line
    step: int  # whole dollars between two grid lines

    @property
    def ticks(self) -> tuple[int, ...]:
        return tuple(self.lowest + self.step * number for number in range(TICKS + 1))

    def x(self, at: int) -> float:
        """Return the place of an hour; one outside the term lies on its edge."""
        share = min(max(at, 0), self.term) / self.term
        return round(LEFT + (RIGHT - LEFT) * share, 1)

    def y(self, rate: Decimal) -> float:
        share = float(rate - self.lowest) / (self.step * TICKS)
        return round(BOTTOM - (BOTTOM - TOP) * min(max(share, 0.0), 1.0), 1)


def axes_for(schedule: Schedule, floors: Sequence[FloorStep]) -> Axes:
    """Return axes with round amounts of whole dollars that hold every usable amount."""
    amounts = [usable(period.rate) for period in schedule.periods]
    amounts += [usable(schedule.journeyworker_rate)]
    amounts += [usable(step.floor.rate) for step in floors]
    shown = [amount for amount in amounts if amount is not None] or [Decimal(10), Decimal(40)]
    room = max((max(shown) - min(shown)) * ROOM_BELOW, Decimal(1))
    lowest = max(int((min(shown) - room).to_integral_value(ROUND_FLOOR)), 0)
    highest = int(max(shown).to_integral_value(ROUND_CEILING))
    step = next(step for step in _steps() if lowest // step * step + step * TICKS >= highest)
    return Axes(max(schedule.term_hours, 1), lowest // step * step, step)


def _steps() -> Iterator[int]:
    """Yield the whole dollars in which people count, ever larger."""
    yield from (1, 2, 5)
    for power in count():
        yield from (number * 10**power for number in (10, 15, 20, 25, 30, 40, 50))
