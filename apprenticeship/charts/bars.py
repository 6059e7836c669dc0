"""Bars lying beside their labels, each cut into segments. Draw with `includes/bars.html`."""

from collections.abc import Sequence
from dataclasses import dataclass

LENGTH = 1000  # units of the longest bar
NARROWEST = 6  # units: a count of one is seen beside a count of a thousand


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One part of a bar: how many, and the list it counts."""

    count: int
    shade: int  # 1 to 4
    url: str = ""
    x: int = 0
    width: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row: its label, its total with the list it counts, a remark beside it."""

    label: str
    segments: tuple[Segment, ...]
    url: str = ""
    note: str = ""
    note_url: str = ""

    @property
    def total(self) -> int:
        """How many there are in all segments."""
        return sum(segment.count for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Legend:
    """What a shade stands for; heads its column of the table."""

    shade: int
    words: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """The bars in their order."""

    bars: tuple[Bar, ...]
    legend: tuple[Legend, ...]

    @property
    def box(self) -> str:
        """The viewBox of each bar."""
        return f"0 0 {LENGTH} 20"


def bar_chart(bars: Sequence[Bar], legend: Sequence[Legend] = ()) -> BarChart:
    """Return the bars with every segment in its place, the longest bar over the whole length."""
    longest = max((bar.total for bar in bars), default=0) or 1
    return BarChart(tuple(_placed(bar, longest) for bar in bars), tuple(legend))


def _placed(bar: Bar, longest: int) -> Bar:
    placed, x = [], 0
    for segment in bar.segments:
        width = max(round(segment.count * LENGTH / longest), NARROWEST) if segment.count else 0
        width = min(width, LENGTH - x)
        placed.append(Segment(count=segment.count, shade=segment.shade, url=segment.url, x=x, width=width))
        x += width
    return Bar(label=bar.label, segments=tuple(placed), url=bar.url, note=bar.note, note_url=bar.note_url)
