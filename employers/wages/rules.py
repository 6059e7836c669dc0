"""The rules of a wage schedule, one function each, and the verdict over all of them."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .check import ETA_671, PROGRAM_PAGE, PROGRESSIVE_WAGES, TERM, Answer, Check, Rule
from .floors import FloorRow, Workplace
from .minimum import minimum_wage
from .schedule import PERIODS_MAX, RATE_MAX, Period, Schedule, usable
from .wording import dollars, periods

RAISE = Rule("raise", gettext_lazy("At least one raise"), PROGRAM_PAGE)
RISING = Rule("rising", gettext_lazy("Each rate is higher than the one before"), PROGRESSIVE_WAGES)
COVERAGE = Rule("coverage", gettext_lazy("Covers the whole term"), TERM)
PERIOD_COUNT = Rule("period_count", gettext_lazy("At most ten periods"), ETA_671)
TERMINAL = Rule("terminal", gettext_lazy("Fully proficient rate is the highest"), PROGRESSIVE_WAGES)
AMOUNTS = Rule("amounts", gettext_lazy("Every rate is an amount in dollars and cents"), ETA_671)


def judge(schedule: Schedule, workplaces: Sequence[Workplace], rows: Iterable[FloorRow]) -> tuple[Check, ...]:
    """Return every rule's answer, in the order shown. Raises nothing, whatever was typed."""
    return (
        at_least_one_raise(schedule),
        rising_rates(schedule),
        minimum_wage(schedule, workplaces, rows),
        whole_term(schedule),
        terminal_wage(schedule),
        period_count(schedule),
        amounts(schedule),
    )


def at_least_one_raise(schedule: Schedule) -> Check:
    """Require two periods and a rise between them. Source: program page, step 6."""
    if len(schedule.periods) < 2:
        return RAISE.fails(_("Add a second period: the apprentice needs at least one raise."))
    if count_raises(schedule):
        return RAISE.passes()
    missing = _missing(schedule)
    if missing:
        return RAISE.cannot_tell(_not_entered(missing), missing)
    return RAISE.fails(_("No period pays more than the one before it."))


def rising_rates(schedule: Schedule) -> Check:
    """Require each rate above the one before. Source: 29 CFR 29.5(b)(5)."""
    failures = [
        (period.number, _not_above(period, before))
        for before, period in pairwise(_entered(schedule))
        if _rate(period) <= _rate(before)
    ]
    if failures:
        return RISING.fails_at(failures)
    missing = _missing(schedule)
    if missing:
        return RISING.cannot_tell(_not_entered(missing), missing)
    return RISING.passes() if schedule.periods else RISING.cannot_tell(_("No periods yet."))


def whole_term(schedule: Schedule) -> Check:
    """Require periods without gap from hour 0 to the end of the term. Source: 29 CFR 29.5(b)(2)."""
    if not schedule.periods:
        return COVERAGE.fails(_("No periods yet."))
    failures = list(_breaks(schedule))
    return COVERAGE.fails_at(failures) if failures else COVERAGE.passes()


def terminal_wage(schedule: Schedule) -> Check:
    """Require a journeyworker rate, the wage on completion, not below any period.

    Source: 29 CFR 29.5(b)(5).
    """
    full = usable(schedule.journeyworker_rate)
    if full is None:
        return TERMINAL.fails(_("The fully proficient rate is not yet entered."))
    text = _("Period %(number)s (%(rate)s) is higher than the fully proficient rate (%(full)s).")
    failures = [
        (
            period.number,
            text % {"number": period.number, "rate": dollars(_rate(period)), "full": dollars(full)},
        )
        for period in _entered(schedule)
        if _rate(period) > full
    ]
    if failures:
        return TERMINAL.fails_at(failures)
    missing = _missing(schedule)
    return TERMINAL.cannot_tell(_not_entered(missing), missing) if missing else TERMINAL.passes()


def period_count(schedule: Schedule) -> Check:
    """Allow ten periods, the rows of the form. Source: ETA-671, item 10."""
    extra = len(schedule.periods) - PERIODS_MAX
    if extra <= 0:
        return PERIOD_COUNT.passes()
    text = ngettext(
        "The federal form has ten rows: remove %(count)s period.",
        "The federal form has ten rows: remove %(count)s periods.",
        extra,
    )
    return PERIOD_COUNT.fails(text % {"count": extra})


def amounts(schedule: Schedule) -> Check:
    """Require every rate, positive, in whole cents. Source: ETA-671, item 10."""
    failures = [(p.number, fault) for p in schedule.periods if (fault := _fault(p.rate, periods([p.number])))]
    journeyworker = schedule.journeyworker_rate  # a missing one is the terminal rule's to report
    full = _fault(journeyworker, _("The fully proficient rate")) if journeyworker is not None else ""
    if failures:
        return AMOUNTS.fails_at([*failures, (0, full)] if full else failures)
    return AMOUNTS.fails(full) if full else AMOUNTS.passes()


def count_raises(schedule: Schedule) -> int:
    """Return how often the rate rises from one entered period to the next."""
    return sum(_rate(period) > _rate(before) for before, period in pairwise(_entered(schedule)))


def period_messages(checks: Iterable[Check]) -> dict[int, str]:
    """Return, by period number, the sentences to show beside its field; failures only."""
    messages: dict[int, list[str]] = {}
    for check in checks:
        for number, text in check.messages:
            if number and text not in messages.setdefault(number, []):
                messages[number].append(text)
    return {number: " ".join(texts) for number, texts in messages.items() if texts}


def worst(checks: Iterable[Check]) -> Answer:
    """Return FAILS if any check fails, else CANNOT_TELL if any cannot tell, else PASSES."""
    answers = {check.answer for check in checks}
    return next((answer for answer in (Answer.FAILS, Answer.CANNOT_TELL) if answer in answers), Answer.PASSES)


def verdict(checks: Sequence[Check]) -> str:
    """Return "1 of 7 checks fails", and what cannot be told, or "All 7 checks pass"."""
    total = len(checks)
    failing = sum(check.answer is Answer.FAILS for check in checks)
    unknown = sum(check.answer is Answer.CANNOT_TELL for check in checks)
    fails = ngettext("%(n)s of %(total)s checks fails", "%(n)s of %(total)s checks fail", failing)
    cannot = ngettext(
        "%(n)s of %(total)s checks cannot tell", "%(n)s of %(total)s checks cannot tell", unknown
    )
    parts = [text % {"n": n, "total": total} for text, n in ((fails, failing), (cannot, unknown)) if n]
    return " · ".join(parts) or _("All %(total)s checks pass") % {"total": total}


def shape(schedule: Schedule) -> str:
    """Return "3 raises · ends at $29.00"; only the raises while the last rate is missing."""
    raises = count_raises(schedule)
    text = ngettext("%(count)s raise", "%(count)s raises", raises) % {"count": raises}
    last = usable(schedule.periods[-1].rate) if schedule.periods else None
    if last is None:
        return text
    return " · ".join([text, _("ends at %(rate)s") % {"rate": dollars(last)}])


def summary(checks: Sequence[Check], schedule: Schedule) -> str:
    """Return "1 of 7 checks fails · 3 raises · ends at $29.00"."""
    return f"{verdict(checks)} · {shape(schedule)}"


def _entered(schedule: Schedule) -> list[Period]:
    return [period for period in schedule.periods if usable(period.rate) is not None]


def _missing(schedule: Schedule) -> list[int]:
    return [period.number for period in schedule.periods if usable(period.rate) is None]


def _rate(period: Period) -> Decimal:
    return usable(period.rate) or Decimal(0)


def _not_entered(numbers: Iterable[int]) -> str:
    return _("%(periods)s: rate not yet entered.") % {"periods": periods(numbers)}


def _not_above(period: Period, before: Period) -> str:
    values = {"number": period.number, "before": before.number, "rate": dollars(_rate(before))}
    if _rate(period) == _rate(before):
        text = _("Period %(number)s is the same as period %(before)s (%(rate)s).")
    else:
        text = _("Period %(number)s is lower than period %(before)s (%(rate)s).")
    return " ".join([text % values, _("Each rate must be higher than the one before.")])


def _breaks(schedule: Schedule) -> Iterator[tuple[int, str]]:
    """Yield a sentence for each gap, overlap, empty period and wrong end."""
    expected = 0
    for period in schedule.periods:
        values = {"number": period.number, "start": f"{period.hours_from:,}", "expected": f"{expected:,}"}
        if period.hours_from != expected:
            yield (
                period.number,
                _("Period %(number)s starts at %(start)s hours; it must start at %(expected)s.") % values,
            )
        if period.hours_to <= period.hours_from:
            yield period.number, _("Period %(number)s must end later than it starts.") % values
        expected = period.hours_to
    if expected != schedule.term_hours:
        values = {"end": f"{expected:,}", "term": f"{schedule.term_hours:,}"}
        yield (
            schedule.periods[-1].number,
            _("The last period ends at %(end)s hours; the term is %(term)s hours.") % values,
        )


def _fault(rate: Decimal | None, name: str) -> str:
    """Return what is wrong with an amount as such, "" when nothing is."""
    if rate is None:
        return _("%(name)s: rate not yet entered.") % {"name": name}
    if usable(rate) is None:
        most = dollars(RATE_MAX)
        return _("%(name)s: write an amount above zero and up to %(most)s per hour.") % {
            "name": name,
            "most": most,
        }
    exponent = rate.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:
        return _("%(name)s: write dollars and whole cents, two decimals.") % {"name": name}
    return ""
