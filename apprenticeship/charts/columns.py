"""Columns standing beside each other, a few series a period. Draw with `includes/columns.html`."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 420, 190
LEFT, RIGHT, TOP, BOTTOM = 28, 416, 18, 160
GAP = 8  # units between two periods
TICKS = 3
DIGIT = 8  # units a digit above a column is wide


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One thing that is counted in every period; `urls` lead to the lists, "" to none."""

    name: str
    counts: tuple[int, ...]
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One count, drawn."""

    words: str  # "November 2026, submissions: 3"
    count: int
    url: str
    number: int  # of the series, from 1: its color
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Where its number is centered."""
        return round(self.x + self.width / 2, 1)

    @property
    def has_room(self) -> bool:
        """Whether its number fits above it, beside its neighbor's."""
        return len(str(self.count)) * DIGIT <= self.width + GAP / 4

    @property
    def above(self) -> float:
        """The line on which its number stands."""
        return round(self.y - 4, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChart:
    """The columns, the grid, and the rows of the table behind."""

    columns: tuple[Column, ...]
    periods: tuple[tuple[str, str, float], ...]  # long name, short name, middle
    ticks: tuple[tuple[int, float], ...]  # amount, height
    series: tuple[Series, ...]

    @property
    def box(self) -> str:
        """The viewBox of the drawing."""
        return f"0 0 {WIDTH} {HEIGHT}"

    @property
    def rows(self) -> list[tuple[str, list[tuple[int, str]]]]:
        """The table: each period's name with count and link of every series."""
        return [
            (name, [(series.counts[number], series.urls[number]) for series in self.series])
            for number, (name, _short, _middle) in enumerate(self.periods)
        ]

    @property
    def total(self) -> int:
        """How much is counted at all."""
        return sum(sum(series.counts) for series in self.series)


def column_chart(periods: Sequence[tuple[str, str]], series: Sequence[Series]) -> ColumnChart:
    """Return the chart of counts. `periods` are long and short names, in order."""
    step = _step(max((count for row in series for count in row.counts), default=0))
    room = (RIGHT - LEFT) / max(len(periods), 1)
    width = (room - GAP) / max(len(series), 1)
    columns = []
    for number, row in enumerate(series):
        for place, count in enumerate(row.counts):
            x = LEFT + place * room + GAP / 2 + number * width
            height = (BOTTOM - TOP) * count / (step * TICKS)
            columns.append(
                Column(
                    words=f"{periods[place][0]}, {row.name}: {count}", count=count, url=row.urls[place],
                    number=number + 1, x=round(x, 1), y=round(BOTTOM - height, 1), width=round(width, 1),
                    height=round(height, 1),
                )
            )  # fmt: skip
    middles = (round(LEFT + (place + 0.5) * room, 1) for place in range(len(periods)))
    ticks = tuple((step * n, round(BOTTOM - (BOTTOM - TOP) * n / TICKS, 1)) for n in range(TICKS + 1))
    named = tuple((long, short, middle) for (long, short), middle in zip(periods, middles, strict=True))
    return ColumnChart(columns=tuple(columns), periods=named, ticks=ticks, series=tuple(series))


def _step(highest: int) -> int:
    """Return a whole step of which three hold the highest count."""
    return max(-(-highest // TICKS), 1)
