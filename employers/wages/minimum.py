"""The minimum-wage rule: every period, on the day it starts, at every workplace."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .check import PROGRESSIVE_WAGES, Answer, Check, Rule
from .floors import Floor, FloorRow, Workplace, floor_for, start_at
from .schedule import Period, Schedule, usable
from .wording import day, dollars, periods

RULE = Rule("minimum_wage", gettext_lazy("Above the minimum wage"), PROGRESSIVE_WAGES)


@dataclass(frozen=True, slots=True)
class Finding:
    """One period at one workplace that fails or cannot be judged."""

    answer: Answer
    number: int
    text: str  # a failure's whole sentence, a doubt's reason
    workplace: str


def minimum_wage(schedule: Schedule, workplaces: Sequence[Workplace], rows: Iterable[FloorRow]) -> Check:
    """Judge each period's rate against the floor on its start date at each workplace.

    Source: 29 CFR 29.5(b)(5), 29 U.S.C. 206 and the state's own law.
    """
    if not workplaces:
        return RULE.cannot_tell(_("No site has a position yet, so no minimum wage can be named."))
    if not schedule.periods:
        return RULE.cannot_tell(_("No periods yet."))
    rows = tuple(rows)
    findings = [
        finding
        for place in workplaces
        for period in schedule.periods
        if (finding := _judge(period, place, rows))
    ]
    failures = [(f.number, f.text) for f in findings if f.answer is Answer.FAILS]
    if failures:
        return RULE.fails_at(failures)
    if findings:
        return RULE.cannot_tell(_doubts(findings), sorted({f.number for f in findings}))
    return RULE.passes()


def _judge(period: Period, place: Workplace, rows: Sequence[FloorRow]) -> Finding | None:
    start = start_at(place, period.hours_from)
    if start is None:
        return _doubt(period, place, _("planned start or hours per week not entered"))
    found = floor_for(rows, place, start)
    rate = usable(period.rate)
    if rate is None:
        return _doubt(period, place, _("rate not yet entered"))
    if found.rate is not None and rate < found.rate:
        text = _below(period, place, found, rate, found.rate, day(start))
        return Finding(Answer.FAILS, period.number, text, place.name)
    return None if found.is_known else _doubt(period, place, found.why)


def _doubt(period: Period, place: Workplace, why: str) -> Finding:
    return Finding(Answer.CANNOT_TELL, period.number, why, place.name)


def _below(period: Period, place: Workplace, found: Floor, rate: Decimal, least: Decimal, start: str) -> str:
    values = {
        "number": period.number,
        "rate": dollars(rate),
        "floor": dollars(least),
        "name": found.name,
        "site": place.name,
        "start": start,
    }
    if found.effective_from is None:
        return _(
            "Period %(number)s (%(rate)s) is below the %(name)s of %(floor)s at %(site)s,"
            " where it starts on %(start)s."
        ) % {**values, "name": found.name[:1].lower() + found.name[1:]}
    values["since"] = day(found.effective_from)
    return (
        _(
            "Period %(number)s (%(rate)s) is below the %(name)s of %(floor)s, in force from %(since)s,"
            " at %(site)s, where it starts on %(start)s."
        )
        % values
    )


def _doubts(findings: Sequence[Finding]) -> str:
    """Join equal reasons: "Periods 2–4: Minnesota: 2027 rate not entered; judged by 2026 ($11.41)."."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.text, []).append(finding)
    return " ".join(
        _("%(periods)s: %(why)s.") % {"periods": periods(f.number for f in group), "why": why}
        for why, group in grouped.items()
    )
