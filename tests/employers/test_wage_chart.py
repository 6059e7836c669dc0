import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from employers.wages import Floor, FloorStep, Period, Schedule, equal_periods, even_raises, wage_chart
from employers.wages.axes import axes_for
from employers.wages.ink import STROKES

FLOOR = FloorStep(0, Floor(Decimal("11.41"), "Minnesota minimum wage", date(2026, 1, 1), True, ""))
LATER = FloorStep(
    174, Floor(Decimal("11.41"), "Minnesota minimum wage", date(2026, 1, 1), False, "2027 rate not entered")
)


def label_boxes(svg: str, kind: str) -> list[tuple[float, float]]:
    """Return left and right edge of every label of a kind, by a width of 6.6 a character."""
    found = re.findall(rf'<text class="{kind}" x="([\d.]+)" y="[\d.]+" text-anchor="middle">([^<]*)<', svg)
    return sorted((float(x) - len(t) * 3.3, float(x) + len(t) * 3.3) for x, t in found)


def test_chart_says_its_numbers_to_those_who_do_not_see_it():
    svg = wage_chart(equal_periods([Decimal(21), Decimal(24)], Decimal(34), 4000), [FLOOR, LATER])

    assert ElementTree.fromstring(svg).attrib == {
        "class": "chart",
        "viewBox": "0 0 380 205",
        "role": "img",
        "aria-label": "Dollars per hour by hours on the job: $21.00, $24.00; fully proficient $34.00;"
        " Minnesota minimum wage $11.41 from 0 h; Minnesota minimum wage $11.41 from 174 h;"
        " not certain from 174 h: 2027 rate not entered",
    }


def test_chart_has_no_inline_style_and_prints_unescaped():
    svg = wage_chart(even_raises(Decimal(20), Decimal(30), 2, 4000), [FLOOR])

    assert "style=" not in svg
    assert Template("{{ chart }}").render(Context({"chart": svg})) == svg


def test_chart_escapes_names():
    floor = Floor(Decimal(12), '<script>"', date(2026, 1, 1), True, "")

    svg = wage_chart(even_raises(Decimal(20), Decimal(30), 2, 4000), [FloorStep(0, floor)])

    assert "<script" not in svg
    assert ElementTree.fromstring(svg).attrib["role"] == "img"


def test_standalone_chart_has_literal_colors_and_the_classes_by_which_a_page_recolors_it():
    svg, on_page = (
        wage_chart(even_raises(Decimal(20), Decimal(30), 2, 4000), [FLOOR], standalone=paper)
        for paper in (True, False)
    )

    literal = r' (?:stroke|fill|font-size|font-weight)="(?:#\w{6}|12|600)"'
    assert re.sub(literal, "", svg).partition(">")[2] == on_page.partition(">")[2]
    assert (set(re.findall(r'stroke="([^"]+)"', svg)) | {"#0b5d7a"}) == set(STROKES.values())
    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("last", ["24", "33.60"], ids=["label at the right", "crowded label at the left"])
def test_no_grid_line_runs_through_a_label(last):
    svg = wage_chart(equal_periods([Decimal(21), Decimal(23), Decimal(last)], Decimal("34.10"), 4000))

    texts = re.findall(
        r'<text class="(?:value|full-text)" x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">([^<]*)<', svg
    )
    lines = [
        tuple(float(number) for number in line)
        for path in re.findall(r'<path class="grid" d="([^"]+)"', svg)
        for line in re.findall(r"M([\d.]+) ([\d.]+)H([\d.]+)", path)
    ]
    assert (len(texts), len({level for _start, level, _end in lines})) == (4, 4)
    for x, y, anchor, text in texts:
        width = len(text) * 6.6
        left = float(x) - {"start": 0, "middle": width / 2, "end": width}[anchor]
        through = [line for line in lines if line[0] < left + width and left < line[2]]
        assert [level for _start, level, _end in through if float(y) - 10 < level < float(y) + 3] == []


@pytest.mark.parametrize(
    ("lowest", "highest", "ticks"),
    [
        ("7.25", "34", (0, 15, 30, 45)), ("15", "34", (10, 20, 30, 40)), ("21", "24.50", (20, 22, 24, 26)),
        ("20", "20", (19, 20, 21, 22)), ("7.25", "150", (0, 50, 100, 150)),
    ],
)  # fmt: skip
def test_grid_counts_in_round_amounts(lowest, highest, ticks):
    schedule = equal_periods([Decimal(lowest)], Decimal(highest), 4000)

    assert axes_for(schedule, []).ticks == ticks


def test_words_of_a_floor_above_a_wage_stand_under_the_steps_that_clear_it():
    floor = Floor(Decimal("22.50"), "Colorado minimum wage", date(2026, 11, 26), True, "")
    rates = [Decimal(rate) for rate in ("21", "24", "26.50", "29")]

    svg = wage_chart(equal_periods(rates, Decimal(34), 4000), [FloorStep(0, floor)])

    found = re.search(r'<text class="floor-text" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<', svg)
    path = re.search(r'<path class="floor" d="([^"]+)"', svg)
    assert found
    assert path
    lines = [
        (float(start), float(y), float(end))
        for start, y, end in re.findall(r"M([\d.]+) ([\d.]+)H([\d.]+)", path[1])
    ]
    [value, *_others] = label_boxes(svg, "value")
    assert found[3] == "Colorado minimum wage $22.50"
    assert (float(found[1]) > value[1], float(found[2]) > lines[0][1]) == (True, True)
    assert [line for line in lines if line[0] < value[1] and value[0] < line[2]] == []


def test_chart_without_rates_says_so_clear_of_the_minimum_wage():
    svg = wage_chart(equal_periods([None, None], None, 4000), [FLOOR])
    (note,) = re.findall(r'<text class="value"[^>]* y="([\d.]+)"[^>]*>No rates entered yet<', svg)
    (line,) = re.findall(r'<path class="floor" d="M[\d.]+ ([\d.]+)', svg)
    assert abs(float(line) - float(note)) > 13


@pytest.mark.parametrize("count", range(1, 13))
def test_value_labels_never_touch(count):
    rates = [Decimal(20) + Decimal("1.35") * number for number in range(count)]

    boxes = label_boxes(wage_chart(equal_periods(rates, Decimal(40), 4000)), "value")

    assert boxes
    assert all(right <= left for (_, right), (left, _) in pairwise(boxes))
    assert boxes[-1][1] <= 372.1


amounts = st.none() | st.decimals()
whole = st.integers(-(10**9), 10**9)


wild_periods = st.lists(st.builds(Period, whole, whole, whole, amounts), max_size=12).map(tuple)
wild_floors = st.builds(Floor, amounts, st.just("x"), st.none() | st.dates(), st.booleans(), st.just(""))


@given(
    st.builds(Schedule, whole, amounts, wild_periods),
    st.lists(st.builds(FloorStep, whole, wild_floors), max_size=3),
    st.booleans(),
)
def test_chart_is_well_formed_whatever_it_is_given(schedule, floors, standalone):
    svg = wage_chart(schedule, floors, standalone=standalone)

    ElementTree.fromstring(svg)
    assert "nan" not in svg.lower()
    assert "infinity" not in svg.lower()
