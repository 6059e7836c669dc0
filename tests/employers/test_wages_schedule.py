from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from employers.wages import (
    SAMPLE_PERCENTS,
    Period,
    Schedule,
    equal_periods,
    even_raises,
    percent_of_journeyworker,
    percent_pattern,
    sample_schedule,
    wage_at,
)
from employers.wages.wording import plain_number, trimmed

cents = st.integers(min_value=725, max_value=20_000).map(lambda value: Decimal(value) / 100)
terms = st.integers(min_value=2000, max_value=8000)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("40.0", "40"),
        ("37.5", "37.5"),
        ("1200.50", "1,200.5"),
        ("0.25", "0.25"),
        ("4E+1", "40"),
        (100, "100"),
    ],
)
def test_number_is_written_as_people_write_it(value: str | int, written: str) -> None:
    assert plain_number(Decimal(value)) == written
    assert f"{trimmed(Decimal(value))}" == written.replace(",", "")  # what a form shows


def rates(schedule: Schedule) -> list[Decimal]:
    return [period.rate for period in schedule.periods if period.rate is not None]


def test_even_raises_end_one_equal_raise_below_the_journeyworker_rate():
    schedule = even_raises(Decimal("21.00"), Decimal("34.00"), 3, 4000)

    assert rates(schedule) == [Decimal("21.00"), Decimal("24.25"), Decimal("27.50"), Decimal("30.75")]
    assert [(p.hours_from, p.hours_to) for p in schedule.periods] == [
        (0, 1000),
        (1000, 2000),
        (2000, 3000),
        (3000, 4000),
    ]


def test_percent_pattern_rounds_to_cents():
    schedule = percent_pattern(SAMPLE_PERCENTS, Decimal("34.00"), 4000)

    assert rates(schedule) == [Decimal("21.08"), Decimal("24.14"), Decimal("27.20"), Decimal("30.60")]


def test_sample_schedule_shows_its_percents():
    schedule = sample_schedule(4000)

    assert tuple(percent_of_journeyworker(p, schedule) for p in schedule.periods) == SAMPLE_PERCENTS


@given(first=cents, rise=cents, count=st.integers(1, 9), term=terms)
def test_even_raises_rise_strictly_and_cover_the_term(first, rise, count, term):
    schedule = even_raises(first, first + rise, count, term)

    found = rates(schedule)
    assert len(found) == count + 1
    assert all(low < high for low, high in zip(found, [*found[1:], schedule.journeyworker_rate], strict=True))
    assert all(rate == rate.quantize(Decimal("0.01")) for rate in found)
    assert_equal_cover(schedule, term)


@given(
    percents=st.lists(st.integers(30, 100), min_size=2, max_size=10, unique=True).map(sorted),
    journeyworker=cents,
    term=terms,
)
def test_percent_pattern_rises_strictly_and_covers_the_term(percents, journeyworker, term):
    schedule = percent_pattern(percents, journeyworker, term)

    found = rates(schedule)
    assert found == sorted(set(found))
    assert found[-1] <= journeyworker
    assert_equal_cover(schedule, term)


def assert_equal_cover(schedule: Schedule, term: int) -> None:
    lengths = [period.hours_to - period.hours_from for period in schedule.periods]
    edges = [0, *(period.hours_to for period in schedule.periods)]
    assert [period.hours_from for period in schedule.periods] == edges[:-1]
    assert edges[-1] == term
    assert max(lengths) - min(lengths) <= 1


@given(first=cents, rise=cents, count=st.integers(1, 9), hours=st.integers(0, 9000))
def test_wage_at_is_the_rate_of_the_period_reached(first, rise, count, hours):
    schedule = even_raises(first, first + rise, count, 4000)

    at = next((p for p in schedule.periods if p.hours_from <= hours < p.hours_to), schedule.periods[-1])
    assert wage_at(schedule, hours) == at.rate
    assert wage_at(schedule, hours) <= wage_at(schedule, hours + 500)


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [
        (Schedule(4000, None, ()), 0),
        (equal_periods([Decimal(20)], None, 4000), -1),
        (equal_periods([None, Decimal(20)], None, 4000), 10),
        (equal_periods([Decimal("NaN")], None, 4000), 10),
    ],
)
def test_wage_at_refuses_what_it_cannot_know(schedule, hours):
    with pytest.raises(ValueError):
        wage_at(schedule, hours)


@pytest.mark.parametrize(
    ("first", "journeyworker", "count"),
    [
        ("21", "21", 3),  # nothing to rise to
        ("21", "21.02", 3),  # less than a cent a raise
        ("21", "34", 0),  # no raise
        ("21", "34", 10),  # eleven periods
        ("0", "34", 3),
        ("21", "Infinity", 3),
        ("21", "1E+30", 3),
    ],
)
def test_even_raises_refuse_what_cannot_rise(first, journeyworker, count):
    with pytest.raises(ValueError):
        even_raises(Decimal(first), Decimal(journeyworker), count, 4000)


def test_percent_of_journeyworker_is_none_while_something_is_missing():
    period = Period(1, 0, 4000, Decimal("23.50"))

    assert percent_of_journeyworker(period, Schedule(4000, Decimal("34.00"), (period,))) == 69
    assert percent_of_journeyworker(period, Schedule(4000, None, (period,))) is None
    assert percent_of_journeyworker(Period(1, 0, 1, None), Schedule(1, Decimal(34), ())) is None
