"""Draw a wage schedule as a stepped line against its floor and the journeyworker rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from django.utils.translation import gettext as _

from .axes import BOTTOM, LEFT, RIGHT, TOP, Axes, axes_for
from .floors import FloorStep
from .ink import Ink, Svg, page_ink, paper_ink
from .schedule import Period, Schedule, usable
from .wording import day, dollars, hours

WIDTH, HEIGHT = 380, 205
CHARACTER = 6.6  # width of a 12px character, rounded up, to keep labels apart
LINE = 13  # height of a label line


@dataclass(frozen=True, slots=True)
class Label:
    """An amount in words or figures, at its line."""

    kind: str  # of ink
    text: str
    x: float
    y: float
    anchor: str  # start, middle or end

    @property
    def span(self) -> tuple[float, float]:
        """Where the text begins and ends, with room around it."""
        width = len(self.text) * CHARACTER
        start = self.x - {"start": 0, "middle": width / 2, "end": width}[self.anchor]
        return start - 4, start + width + 4

    def covers(self, y: float) -> bool:
        """Whether a level line at `y` would run through the text."""
        return self.y - LINE < y < self.y + 4

    def drawn(self, ink: Ink) -> str:
        return ink.text(self.kind, self.x, self.y, self.text, self.anchor)


def wage_chart(schedule: Schedule, floors: Sequence[FloorStep] = (), *, standalone: bool = False) -> Svg:
    """Return the chart as SVG, 380 × 205 units, with an accessible name that says its numbers.

    For a page it relies on the classes of portal.css; `standalone` writes colors and type into attributes,
    for the PDF. Rates that are missing or absurd leave a gap.
    """
    ink = paper_ink() if standalone else page_ink()
    axes = axes_for(schedule, floors)
    drawn = [period for period in schedule.periods if usable(period.rate) is not None]
    full = usable(schedule.journeyworker_rate)
    labels = [*_full_label(full, drawn, axes), *_values(drawn, full, axes)]
    parts = [
        *_grid(axes, labels, ink),
        *_steps(drawn, axes, ink),
        *_floor(floors, drawn, axes, labels, ink),
        *_full(full, axes, ink),
        *(label.drawn(ink) for label in labels),
    ]
    if not drawn:
        parts.append(ink.text("value", (LEFT + RIGHT) / 2, TOP + 25, _("No rates entered yet"), "middle"))
    name = escape(description(schedule, floors))
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{name}"'
    return Svg(f"<svg {ink.root} {box}>{''.join(parts)}</svg>")


def description(schedule: Schedule, floors: Sequence[FloorStep] = ()) -> str:
    """Return what the chart shows, in words; also the text for those who read."""
    rates = [_("not entered") if (r := usable(p.rate)) is None else dollars(r) for p in schedule.periods]
    text = _("Dollars per hour by hours on the job: %(rates)s") % {
        "rates": ", ".join(rates) or _("not entered")
    }
    parts = [text]
    full = usable(schedule.journeyworker_rate)
    if full is not None:
        parts.append(_("fully proficient %(rate)s") % {"rate": dollars(full)})
    for step in floors:
        rate = usable(step.floor.rate)
        if rate is not None:
            values = {"name": step.floor.name, "rate": dollars(rate), "hours": hours(step.hours)}
            parts.append(_("%(name)s %(rate)s from %(hours)s") % values)
        if not step.floor.is_known:
            parts.append(
                _("not certain from %(hours)s: %(why)s") % {"hours": hours(step.hours), "why": step.floor.why}
            )
    return "; ".join(parts)


def _grid(axes: Axes, labels: Sequence[Label], ink: Ink) -> list[str]:
    parts = []
    for tick in axes.ticks:
        y = axes.y(Decimal(tick))
        parts.append(ink.line("grid", _level(y, LEFT, RIGHT, labels)))
        parts.append(ink.text("", LEFT - 8, y + 4, f"${tick:,}", "end"))
    middle = axes.term // 2
    parts.append(ink.text("", LEFT, BOTTOM + 22, hours(0), "start"))
    parts.append(ink.text("", axes.x(middle), BOTTOM + 22, hours(middle), "middle"))
    parts.append(ink.text("", RIGHT, BOTTOM + 22, hours(axes.term), "end"))
    return parts


def _level(y: float, left: float, right: float, labels: Sequence[Label]) -> str:
    """Return the path of a level line; it stops for every label that stands in its way."""
    pieces, at = [], left
    for start, end in sorted(label.span for label in labels if label.covers(y)):
        pieces.append((at, min(start, right)))
        at = max(at, end)
    pieces.append((at, right))
    return "".join(f"M{start:g} {y:g}H{end:g}" for start, end in pieces if end - start > CHARACTER)


def _steps(drawn: Sequence[Period], axes: Axes, ink: Ink) -> list[str]:
    """Return the filled steps and their line, one run for each stretch without a gap."""
    parts = []
    for run in _runs(drawn):
        path = f"M{axes.x(run[0].hours_from):g} {axes.y(_rate(run[0])):g}"
        for period in run:
            path += f"V{axes.y(_rate(period)):g}H{axes.x(period.hours_to):g}"
        parts.append(ink.area(f"{path}V{BOTTOM}H{axes.x(run[0].hours_from):g}Z"))
        parts.append(ink.line("step", path))
    return parts


def _runs(drawn: Sequence[Period]) -> list[list[Period]]:
    runs: list[list[Period]] = []
    for period in drawn:
        if runs and runs[-1][-1].hours_to == period.hours_from:
            runs[-1].append(period)
        else:
            runs.append([period])
    return runs


def _values(drawn: Sequence[Period], full: Decimal | None, axes: Axes) -> list[Label]:
    """Return the rate at each step; where they would touch, the last one and what fits stay."""
    labels: list[Label] = []
    free_until = float(RIGHT)
    for period in reversed(drawn):
        label, y = dollars(_rate(period)), axes.y(_rate(period))
        half = len(label) * CHARACTER / 2
        start, end = axes.x(period.hours_from), axes.x(period.hours_to)
        x = (start + end) / 2 if end - start >= 2 * half else end - half  # over the lower steps to its left
        x = min(max(x, LEFT + half), RIGHT - half)
        if x + half <= free_until:
            gap = y - axes.y(full) if full is not None else 0.0
            labels.append(Label("value", label, x, y + _value_offset(gap), "middle"))
            free_until = x - half - 2
    return labels


def _value_offset(gap: float) -> float:
    """Return where a value stands from its step: above, closer, or below where the full rate is near."""
    if gap <= 0 or gap >= LINE + 7:
        return -7
    return -3 if gap >= LINE else LINE + 2


def _full_label(full: Decimal | None, drawn: Sequence[Period], axes: Axes) -> list[Label]:
    """Return the words at the line of the full rate: at its end, or at its beginning where values stand close."""
    if full is None:
        return []
    y = axes.y(full)
    text = _("Fully proficient %(rate)s") % {"rate": dollars(full)}
    is_crowded = bool(drawn) and abs(axes.y(_rate(drawn[-1])) - y) < 2 * LINE
    x, anchor = (LEFT + 6, "start") if is_crowded else (RIGHT, "end")
    return [Label("full-text", text, x, y - 6, anchor)]


def _full(full: Decimal | None, axes: Axes, ink: Ink) -> list[str]:
    if full is None:
        return []
    return [ink.line("full", f"M{LEFT} {axes.y(full):g}H{RIGHT}", dash="5 5")]


def _floor(
    floors: Sequence[FloorStep], drawn: Sequence[Period], axes: Axes, labels: Sequence[Label], ink: Ink
) -> list[str]:
    """Return the floor as a dotted line that steps with the law, sparser where it is not certain."""
    parts: list[str] = []
    free_from = float(LEFT)
    for index, step in enumerate(floors):
        rate = usable(step.floor.rate)
        if rate is None:
            continue
        end = floors[index + 1].hours if index + 1 < len(floors) else axes.term
        y, clear = axes.y(rate), _clear_from(step, rate, drawn)
        dash = "2 4" if step.floor.is_known else "1 7"
        parts.append(ink.line("floor", _level(y, axes.x(step.hours), axes.x(end), labels), dash))
        is_below = clear < end and BOTTOM - y >= LINE
        start = axes.x(clear if is_below else step.hours)
        room = RIGHT + 4 - (start + 6) if start + 6 >= free_from else 0
        label = next(
            (text for text in _floor_labels(step, is_first=not index) if len(text) * CHARACTER <= room), ""
        )
        if label:
            width = len(label) * CHARACTER
            line = y + LINE - 1 if is_below else y - 5
            parts.append(ink.text("floor-text", start + 6, line, label, "start"))
            free_from = start + 12 + width
    return parts


def _clear_from(step: FloorStep, rate: Decimal, drawn: Sequence[Period]) -> int:
    """Return the hours from which no wage lies below a floor, so that its words can stand there."""
    return max([step.hours, *(period.hours_to for period in drawn if _rate(period) < rate)])


def _floor_labels(step: FloorStep, *, is_first: bool) -> Iterator[str]:
    """Yield what may stand at a floor, the fullest first: one is chosen that fits."""
    rate = dollars(step.floor.rate or Decimal(0))
    since = step.floor.effective_from
    name = f"{step.floor.name} {rate}"
    if not step.floor.is_known:
        yield from (
            _("%(floor)s, not certain") % {"floor": text} for text in ([name, rate] if is_first else [])
        )
        yield _("not certain")
        return
    if is_first and since is not None:
        yield f"{name}, {day(since)}"
    if is_first:
        yield name
    yield rate


def _rate(period: Period) -> Decimal:
    return usable(period.rate) or Decimal(0)
