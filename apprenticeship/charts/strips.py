"""Strips: one row a place, in it one small column a period, all on one scale. Draw with `includes/strips.html`."""

from collections.abc import Sequence
from dataclasses import dataclass

ROOM = 24  # units a period
GAP = 4  # units between two periods
HEIGHT = 40
LOWEST = 2  # units: a count of one is seen beside a count of a thousand


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One count, the list it counts, and its column."""

    count: int
    url: str
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One row before it is drawn; `url` leads to what stands behind its label, `total_url` to all it counts."""

    label: str
    counts: tuple[int, ...]
    urls: tuple[str, ...]
    url: str = ""
    total_url: str = ""

    @property
    def total(self) -> int:
        """How many there are in all periods."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class StripChart:
    """The rows with their cells, in order, and the names of the periods."""

    periods: tuple[str, ...]
    rows: tuple[tuple[Strip, tuple[Cell, ...]], ...]

    @property
    def width(self) -> int:
        """How wide a row is, in units."""
        return len(self.periods) * ROOM

    @property
    def box(self) -> str:
        """The viewBox of each row."""
        return f"0 0 {self.width} {HEIGHT}"

    @property
    def column(self) -> int:
        """How wide a column is."""
        return ROOM - GAP


def strip_chart(periods: Sequence[str], strips: Sequence[Strip]) -> StripChart:
    """Return the chart of rows whose counts stand in the order of `periods`."""
    highest = max((count for strip in strips for count in strip.counts), default=0) or 1
    return StripChart(
        periods=tuple(periods), rows=tuple((strip, tuple(_cells(strip, highest))) for strip in strips)
    )


def _cells(strip: Strip, highest: int) -> list[Cell]:
    cells = []
    for place, (count, url) in enumerate(zip(strip.counts, strip.urls, strict=True)):
        height = max(round(count * HEIGHT / highest), LOWEST) if count else 0
        x = place * ROOM + GAP // 2
        cells.append(Cell(count=count, url=url, x=x, y=HEIGHT - height, height=height))
    return cells
