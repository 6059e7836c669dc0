"""A schedule of wages as plain values, and the patterns it may start from."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

CENT = Decimal("0.01")
RATE_MAX = Decimal("999.99")  # dollars per hour; more is a typing error
PERIODS_MAX = 10  # the grid of ETA-671 item 10
SAMPLE_PERCENTS = (62, 71, 80, 90)  # a sample, of the journeyworker rate
SAMPLE_JOURNEYWORKER_RATE = Decimal("30.11")  # median, O*NET 49-9062, May 2024; source: bls.gov/ooh


@dataclass(frozen=True, slots=True)
class Period:
    number: int  # from 1
    hours_from: int  # on-the-job learning, included
    hours_to: int  # excluded
    rate: Decimal | None  # dollars per hour; None while not entered


@dataclass(frozen=True, slots=True)
class Schedule:
    term_hours: int
    journeyworker_rate: Decimal | None  # dollars per hour, owed on completion
    periods: tuple[Period, ...]


def usable(rate: Decimal | None) -> Decimal | None:
    """Return a rate that can be compared and shown, or None: missing, not a number, not positive, absurd."""
    if rate is None or not rate.is_finite() or not 0 < rate <= RATE_MAX:
        return None
    return rate


def percent_of_journeyworker(period: Period, schedule: Schedule) -> int | None:
    """Return the period's rate in whole percent of the journeyworker rate, None while either is missing."""
    rate, full = usable(period.rate), usable(schedule.journeyworker_rate)
    if rate is None or full is None:
        return None
    return int((100 * rate / full).quantize(Decimal(1), ROUND_HALF_UP))


def wage_at(schedule: Schedule, hours: int) -> Decimal:
    """Return the hourly wage owed after `hours` of on-the-job learning.

    Dollars per hour, 2 places; past the last period its rate holds until completion. Raises ValueError
    for negative hours, a schedule without periods or a rate not entered. Source: 29 CFR 29.5(b)(5).
    """
    reached = [period for period in schedule.periods if period.hours_from <= hours]
    if hours < 0 or not reached:
        raise ValueError(f"The schedule has no period at {hours} hours.")
    period = max(reached, key=lambda candidate: candidate.hours_from)
    rate = usable(period.rate)
    if rate is None:
        raise ValueError(f"Period {period.number} has no rate yet.")
    return rate.quantize(CENT, ROUND_HALF_UP)


def equal_periods(
    rates: Sequence[Decimal | None], journeyworker: Decimal | None, term_hours: int
) -> Schedule:
    """Return a schedule of one period a rate, as equal in whole hours as the term allows.

    Raises ValueError for no rates, or for more periods than the term has hours.
    """
    count = len(rates)
    if not 1 <= count <= term_hours:
        raise ValueError(f"{count} periods do not fit a term of {term_hours} hours.")
    edges = [number * term_hours // count for number in range(count + 1)]
    periods = (Period(i + 1, edges[i], edges[i + 1], rate) for i, rate in enumerate(rates))
    return Schedule(term_hours, journeyworker, tuple(periods))


def even_raises(first: Decimal, journeyworker: Decimal, count: int, term_hours: int) -> Schedule:
    """Return `count` even raises from the first rate; completion is the last, equally large one.

    One period more than raises. Raises ValueError when the rates are not positive amounts, do not rise by
    a cent at least, or when the periods are more than ETA-671 holds.
    """
    if usable(first) is None or usable(journeyworker) is None:
        raise ValueError("Both rates must be positive amounts.")
    periods = count + 1
    step = (journeyworker - first) / max(periods, 1)
    return _rising([first + step * number for number in range(periods)], journeyworker, term_hours)


def percent_pattern(percents: Sequence[int | Decimal], journeyworker: Decimal, term_hours: int) -> Schedule:
    """Return a schedule whose rates are these percents of the journeyworker rate, in cents.

    Raises ValueError as `even_raises` does.
    """
    if usable(journeyworker) is None:
        raise ValueError("The journeyworker rate must be a positive amount.")
    return _rising([journeyworker * percent / 100 for percent in percents], journeyworker, term_hours)


def sample_schedule(term_hours: int) -> Schedule:
    """Return the sample that the builder shows; it is an example and no recommendation."""
    return percent_pattern(SAMPLE_PERCENTS, SAMPLE_JOURNEYWORKER_RATE, term_hours)


def _rising(amounts: Sequence[Decimal], journeyworker: Decimal, term_hours: int) -> Schedule:
    rates = [amount.quantize(CENT, ROUND_HALF_UP) for amount in amounts]
    full = journeyworker.quantize(CENT, ROUND_HALF_UP)
    if not 2 <= len(rates) <= PERIODS_MAX:
        raise ValueError(f"A schedule has 2 to {PERIODS_MAX} periods, not {len(rates)}.")
    if usable(rates[0]) is None or any(low >= high for low, high in pairwise(rates)):
        raise ValueError("The rates do not rise from period to period.")
    if rates[-1] > full:
        raise ValueError("The last period is above the journeyworker rate.")
    return equal_periods(rates, full, term_hours)
