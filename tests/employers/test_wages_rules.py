from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from employers.wages import (
    Answer,
    FloorRow,
    Period,
    Schedule,
    Workplace,
    equal_periods,
    even_raises,
    floor_for,
    judge,
    period_messages,
    start_at,
    summary,
    verdict,
    wage_chart,
    worst,
)

ROWS = (
    FloorRow("US", "", Decimal("7.25"), date(2009, 7, 24), None, "FLSA", ""),
    FloorRow("MN", "", Decimal("11.41"), date(2026, 1, 1), date(2026, 12, 31), "NELP", ""),
    FloorRow("NY", "", Decimal("16.00"), date(2026, 1, 1), date(2030, 12, 31), "test", ""),
)
PLACE = Workplace("Lakeside", "NY", None, False, None, date(2026, 12, 1), Decimal(40))


def schedule(*rates: str | None, full: str | None = "34.00", term: int = 4000) -> Schedule:
    amounts = [None if rate is None else Decimal(rate) for rate in rates]
    return equal_periods(amounts, None if full is None else Decimal(full), term)


def answers(found: Schedule, *places: Workplace) -> dict[str, tuple[Answer, str]]:
    return {check.rule: (check.answer, check.detail) for check in judge(found, places or (PLACE,), ROWS)}


def test_good_schedule_passes_every_rule():
    good = schedule("21.00", "24.00", "26.50", "29.00")
    checks = judge(good, [PLACE], ROWS)

    assert {check.answer for check in checks} == {Answer.PASSES}
    assert {check.detail for check in checks} == {""}
    assert summary(checks, good) == "All 7 checks pass · 3 raises · ends at $29.00"
    assert worst(checks) is Answer.PASSES


FAILURES = [
    # rule, schedule, the sentence shown
    ("raise", schedule("21.00"), "Add a second period: the apprentice needs at least one raise."),
    ("raise", schedule("21.00", "21.00"), "No period pays more than the one before it."),
    (
        "rising",
        schedule("21.00", "24.00", "23.50", "29.00"),
        "Period 3 is lower than period 2 ($24.00). Each rate must be higher than the one before.",
    ),
    (
        "rising",
        schedule("21.00", "21.00"),
        "Period 2 is the same as period 1 ($21.00). Each rate must be higher than the one before.",
    ),
    (
        "minimum_wage",
        schedule("15.50", "24.00"),
        "Period 1 ($15.50) is below the New York minimum wage of $16.00, in force from Jan 1, 2026,"
        " at Lakeside, where it starts on Dec 1, 2026.",
    ),
    ("coverage", Schedule(4000, Decimal(34), ()), "No periods yet."),
    (
        "coverage",
        Schedule(4000, Decimal(34), (Period(1, 0, 1000, Decimal(20)), Period(2, 1200, 4000, Decimal(22)))),
        "Period 2 starts at 1,200 hours; it must start at 1,000.",
    ),
    (
        "coverage",
        replace(schedule("20.00", "22.00", term=3800), term_hours=4000),
        "The last period ends at 3,800 hours; the term is 4,000 hours.",
    ),
    (
        "terminal",
        schedule("21.00", "29.00", full="28.00"),
        "Period 2 ($29.00) is higher than the fully proficient rate ($28.00).",
    ),
    ("terminal", schedule("21.00", "29.00", full=None), "The fully proficient rate is not yet entered."),
    (
        "period_count",
        schedule(*[str(20 + n) for n in range(12)]),
        "The federal form has ten rows: remove 2 periods.",
    ),
    ("amounts", schedule("21.00", None), "Period 2: rate not yet entered."),
    ("amounts", schedule("21.005", "22"), "Period 1: write dollars and whole cents, two decimals."),
    (
        "amounts",
        schedule("-1", "22"),
        "Period 1: write an amount above zero and up to $999.99 per hour.",
    ),
]


@pytest.mark.parametrize(("rule", "found", "sentence"), FAILURES)
def test_rule_fails_in_plain_words(rule, found, sentence):
    assert answers(found)[rule] == (Answer.FAILS, sentence)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (replace(PLACE, state="MN"), "Period 2: Minnesota: 2027 rate not entered; judged by 2026 ($11.41)."),
        (replace(PLACE, planned_start=None), "Periods 1–2: planned start or hours per week not entered."),
        (replace(PLACE, sector_unknown=True), "Periods 1–2: New York health-care group not chosen."),
    ],
)
def test_minimum_wage_cannot_tell_what_is_not_entered(place, sentence):
    assert answers(schedule("21.00", "24.00"), place)["minimum_wage"] == (Answer.CANNOT_TELL, sentence)


def test_minimum_wage_cannot_tell_without_a_workplace():
    checks = judge(schedule("21.00", "24.00"), [], ROWS)

    assert [check.rule for check in checks if check.answer is Answer.CANNOT_TELL] == ["minimum_wage"]


def test_rate_below_what_is_certain_fails_although_the_true_floor_is_unknown():
    low = schedule("11.00", "12.00")

    assert answers(low, replace(PLACE, state="MN"))["minimum_wage"][0] is Answer.FAILS


def test_local_minimum_is_named_and_judged():
    place = replace(PLACE, local_minimum=Decimal("22.00"))

    assert answers(schedule("21.00", "24.00"), place)["minimum_wage"] == (
        Answer.FAILS,
        "Period 1 ($21.00) is below the local minimum wage of $22.00 at Lakeside,"
        " where it starts on Dec 1, 2026.",
    )


def test_every_workplace_is_judged():
    other = replace(PLACE, name="Bayview", local_minimum=Decimal("21.50"))
    checks = judge(schedule("21.00", "24.00"), [PLACE, other], ROWS)
    check = next(check for check in checks if check.rule == "minimum_wage")

    assert (check.answer, check.periods) == (Answer.FAILS, (1,))


def test_summary_counts_failures_and_doubts():
    found = schedule("21.00", "24.00", "23.50", "29.00")
    checks = judge(found, [replace(PLACE, state="MN")], ROWS)

    assert (
        summary(checks, found)
        == "1 of 7 checks fails · 1 of 7 checks cannot tell · 2 raises · ends at $29.00"
    )
    assert verdict(checks[:1]) == "All 1 checks pass"


def test_period_messages_hold_failures_by_period_only():
    found = schedule("15.00", "14.00", full=None)

    messages = period_messages(judge(found, [PLACE, PLACE], ROWS))

    assert messages[1].startswith("Period 1 ($15.00) is below the New York minimum wage")
    assert messages[2].startswith("Period 2 is lower than period 1 ($15.00).")
    assert sorted(messages) == [1, 2]


def test_every_check_names_its_source():
    for check in judge(schedule("21.00"), [PLACE], ROWS):
        assert check.citation.text
        assert check.citation.url.startswith("https://")


anything = st.none() | st.decimals() | st.sampled_from([Decimal("sNaN"), Decimal("1E+999999"), Decimal("-0")])
whole = st.integers(-(10**12), 10**12)
wild_schedules = st.builds(
    Schedule,
    whole,
    anything,
    st.lists(st.builds(Period, st.integers(1, 99), whole, whole, anything), max_size=12).map(tuple),
)
wild_places = st.builds(
    Workplace,
    st.text(),
    st.sampled_from(["TX", "NY", "CA", "", "ZZ", "<b>"]),
    st.none() | st.just("ca_health_large"),
    st.booleans(),
    anything,
    st.none() | st.dates(),
    anything,
)
wild_rows = st.builds(
    FloorRow,
    st.sampled_from(["US", "TX", "NY", "CA"]),
    st.sampled_from(["", "ca_health_large"]),
    st.decimals("0.01", "999.99", places=2),
    st.dates(),
    st.none() | st.dates(),
    st.text(),
    st.text(),
    st.booleans(),
)


@given(wild_schedules, st.lists(wild_places, max_size=3), st.lists(wild_rows, max_size=5))
def test_judge_never_raises_and_a_missing_rate_never_passes(found, places, rows):
    checks = judge(found, places, rows)

    assert len(checks) == 7
    assert len(summary(checks, found)) < 200
    assert all(len(text) < 1000 for text in period_messages(checks).values())
    if any(period.rate is None for period in found.periods):
        assert worst(checks) is Answer.FAILS
    assert all(check.detail for check in checks if check.answer is not Answer.PASSES)


@given(
    first=st.integers(725, 4000),
    rise=st.integers(40, 4000),
    count=st.integers(1, 9),
    rows=st.lists(wild_rows, max_size=5),
    start=st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)
def test_minimum_wage_passes_only_where_every_floor_is_known_and_met(first, rise, count, rows, start):
    found = even_raises(Decimal(first) / 100, Decimal(first + rise) / 100, count, 4000)
    place = replace(PLACE, planned_start=start)
    floors = [floor_for(rows, place, start_at(place, p.hours_from) or start) for p in found.periods]
    pairs = zip(found.periods, floors, strict=True)
    is_met = [floor.is_known and period.rate >= floor.rate for period, floor in pairs]

    check = next(c for c in judge(found, [place], rows) if c.rule == "minimum_wage")

    assert (check.answer is Answer.PASSES) == all(is_met)
    assert wage_chart(found).startswith("<svg ")
