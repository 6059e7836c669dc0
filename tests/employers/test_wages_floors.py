"""The table of cases names the source of each; `rows` are the portal's own seeds."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apprenticeship.program.seeds import minimum_wages
from employers.wages import (
    FLOOR_FIELDS,
    FloorRow,
    Schedule,
    Workplace,
    equal_periods,
    floor_for,
    floor_steps,
    period_start,
    start_at,
)

ROWS = tuple(FloorRow(*(row[name] for name in FLOOR_FIELDS)) for row in minimum_wages())
PLACE = Workplace("Site", "TX", None, False, None, date(2026, 12, 1), Decimal(40))
FEDERAL = FloorRow("US", "", Decimal("7.25"), date(2009, 7, 24), None, "", "")

CASES = [
    # state, sector, day, rate, name, source of the expected value
    ("TX", None, "2026-11-22", "7.25", "Federal minimum wage"),  # ballotpedia.org, 20 states at federal
    ("MN", None, "2026-11-22", "11.41", "Minnesota minimum wage"),  # NELP list
    ("CA", None, "2026-11-22", "16.90", "California minimum wage"),  # NELP list; not a health-care site
    ("CA", "ca_health_large", "2026-06-30", "24.00", "California health care minimum wage"),  # mondaq.com
    ("CA", "ca_health_large", "2026-11-22", "25.00", "California health care minimum wage"),  # SB 525
    ("CA", "ca_health_clinic", "2026-11-22", "22.00", "California health care minimum wage"),  # SB 525
    ("CA", "ca_health_other", "2026-11-22", "23.00", "California health care minimum wage"),  # SB 525
    ("AK", None, "2026-06-30", "13.00", "Alaska minimum wage"),  # hrministrysolutions.com
    ("AK", None, "2026-07-01", "14.00", "Alaska minimum wage"),  # brightgram.com
    ("AK", None, "2027-07-01", "15.00", "Alaska minimum wage"),  # nelp.org, Ballot Measure 1
    ("DC", None, "2026-06-30", "17.95", "District of Columbia minimum wage"),  # NELP list
    ("DC", None, "2026-07-01", "18.40", "District of Columbia minimum wage"),  # brightgram.com
    ("FL", None, "2026-09-29", "14.00", "Florida minimum wage"),  # NELP list
    ("FL", None, "2026-09-30", "15.00", "Florida minimum wage"),  # NELP list
    ("OR", None, "2026-06-30", "15.05", "Oregon minimum wage"),  # statelaborposter.com
    ("OR", None, "2026-07-01", "15.55", "Oregon minimum wage"),  # derived from Portland 16.80
    ("HI", None, "2027-12-31", "16.00", "Hawaii minimum wage"),  # ncsl.org
    ("HI", None, "2028-01-01", "18.00", "Hawaii minimum wage"),  # ncsl.org
    ("GU", None, "2026-11-22", "9.25", "Guam minimum wage"),  # ncsl.org
]


@pytest.mark.parametrize(("state", "sector", "on", "rate", "name"), CASES)
def test_floor_is_known_from_a_sourced_row(state, sector, on, rate, name):
    floor = floor_for(ROWS, replace(PLACE, state=state, sector=sector), date.fromisoformat(on))

    assert (floor.rate, floor.name, floor.is_known, floor.why) == (Decimal(rate), name, True, "")


UNKNOWN = [
    ("MN", None, False, "2027-01-01", "11.41", "Minnesota: 2027 rate not entered; judged by 2026 ($11.41)"),
    ("TX", None, False, "2027-03-01", "7.25", "Texas: 2027 rate not entered; judged by 2026 ($7.25)"),
    ("AS", None, False, "2026-11-22", "7.25", "American Samoa minimum wage for Nov 22, 2026 not entered"),
    ("CA", None, True, "2026-11-22", "16.90", "California health-care group not chosen"),
    ("PR", None, False, "2026-11-22", "7.25", "Puerto Rico rate of $10.50 since Jan 1, 2026 not confirmed"),
    (
        "MI",
        None,
        False,
        "2027-02-01",
        "13.73",
        "Michigan rate of $15.00 since Jan 1, 2027 not confirmed; judged by $13.73",
    ),
    (
        "CA",
        "ca_health_large",
        False,
        "2027-02-01",
        "25.00",
        "California: 2027 rate not entered; judged by 2026 ($16.90);"
        " California health care: 2027 rate not entered; judged by 2026 ($25.00)",
    ),
]


@pytest.mark.parametrize(("state", "sector", "sector_unknown", "on", "rate", "why"), UNKNOWN)
def test_floor_says_what_is_not_known(state, sector, sector_unknown, on, rate, why):
    place = replace(PLACE, state=state, sector=sector, sector_unknown=sector_unknown)

    floor = floor_for(ROWS, place, date.fromisoformat(on))

    assert (floor.rate, floor.is_known, floor.why) == (Decimal(rate), False, why)


def test_local_minimum_raises_the_floor_and_never_lowers_it():
    higher = floor_for(ROWS, replace(PLACE, state="MN", local_minimum=Decimal("16.37")), date(2026, 11, 1))
    lower = floor_for(ROWS, replace(PLACE, state="MN", local_minimum=Decimal("9.00")), date(2026, 11, 1))

    assert (higher.rate, higher.name, higher.effective_from) == (Decimal("16.37"), "Local minimum wage", None)
    assert (lower.rate, lower.name) == (Decimal("11.41"), "Minnesota minimum wage")


def test_floor_without_any_row_has_no_rate():
    floor = floor_for([], PLACE, date(2026, 11, 1))

    assert (floor.rate, floor.is_known) == (None, False)


@pytest.mark.parametrize(
    ("hours", "weekly", "expected"),
    [
        (0, "40", date(2026, 12, 1)),
        (2080, "40", date(2027, 12, 1)),  # a year of 52 weeks
        (1000, "40", date(2027, 5, 24)),  # 5.769 months: 23 of May's 31 days
        (1000, "20", date(2027, 11, 17)),  # 11.538 months: 16 of November's 30 days
        (10**9, "1", date.max),
    ],
)
def test_period_start_counts_calendar_months(hours, weekly, expected):
    assert period_start(date(2026, 12, 1), hours, Decimal(weekly)) == expected


def test_period_start_from_a_month_end_stays_in_the_shorter_month():
    assert period_start(date(2027, 1, 31), 2080 // 12 + 1, Decimal(40)) == date(2027, 2, 28)


def test_period_start_refuses_no_hours_a_week():
    with pytest.raises(ValueError):
        period_start(date(2026, 12, 1), 100, Decimal(0))
    assert start_at(replace(PLACE, hours_per_week=Decimal(0)), 100) is None


def test_floor_steps_follow_the_law_over_the_term():
    schedule = equal_periods([Decimal(20), Decimal(22)], Decimal(30), 4000)

    steps = floor_steps(ROWS, [replace(PLACE, state="AK")], schedule)

    assert [(s.hours, s.floor.rate, s.floor.is_known) for s in steps] == [
        (0, Decimal("14.00"), True),
        (1214, Decimal("15.00"), True),  # July 1, 2027
        (2254, Decimal("15.00"), False),  # January 1, 2028
    ]
    assert floor_steps(ROWS, [replace(PLACE, planned_start=None)], schedule) == ()
    assert floor_steps(ROWS, [], Schedule(0, None, ())) == ()


days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
amounts = st.integers(1, 5000).map(lambda value: Decimal(value) / 100)
rows = st.builds(
    FloorRow,
    st.sampled_from(["US", "TX", "MN"]),
    st.just(""),
    amounts,
    days,
    st.none() | days,
    st.just("source"),
    st.just(""),
    st.booleans(),
)


@given(start=days, weekly=st.integers(1, 168), hours=st.integers(0, 8000), more=st.integers(0, 500))
def test_period_start_never_runs_backward(start, weekly, hours, more):
    earlier = period_start(start, hours, Decimal(weekly))

    assert start <= earlier <= period_start(start, hours + more, Decimal(weekly))


@given(found=st.lists(rows, max_size=6), row=rows, on=days)
def test_floor_never_falls_by_a_row_that_lowers_no_series(found, row, on):
    series = [r.rate for r in [FEDERAL, *found] if r.jurisdiction == row.jurisdiction]
    assume(all(row.rate >= rate for rate in series))

    before, after = floor_for([FEDERAL, *found], PLACE, on), floor_for([FEDERAL, *found, row], PLACE, on)

    assert (after.rate or 0) >= (before.rate or 0)


@given(found=st.lists(rows, max_size=6), local=amounts, on=days)
def test_local_minimum_never_lowers_and_never_makes_known(found, local, on):
    plain = floor_for(found, PLACE, on)
    raised = floor_for(found, replace(PLACE, local_minimum=local), on)

    assert raised.rate == max(local, plain.rate or Decimal(0))
    assert raised.is_known == plain.is_known


@given(found=st.lists(rows, max_size=6), on=days)
def test_floor_is_unknown_exactly_when_it_says_why(found, on):
    floor = floor_for(found, PLACE, on)

    assert floor.is_known == (floor.why == "")


@given(found=st.lists(rows, max_size=5), start=days, weekly=st.integers(10, 60))
def test_floor_steps_are_the_floor_at_every_hour(found, start, weekly):
    place = replace(PLACE, planned_start=start, hours_per_week=Decimal(weekly))
    steps = floor_steps(found, [place], equal_periods([Decimal(20)], None, 4000))

    for hours in range(0, 4001, 250):
        step = [s for s in steps if s.hours <= hours][-1]
        floor = floor_for(found, place, start_at(place, hours) or start + timedelta(0))
        assert (step.floor.rate, step.floor.is_known) == (floor.rate, floor.is_known)
