"""Charts: every segment and column in its place, whatever is counted."""

from hypothesis import given
from hypothesis import strategies as st

from apprenticeship.charts import Bar, Segment, Series, Strip, bar_chart, column_chart, strip_chart
from apprenticeship.charts.bars import LENGTH
from apprenticeship.charts.columns import BOTTOM, LEFT, RIGHT, TOP

COUNTS = st.lists(st.lists(st.integers(0, 10_000), min_size=4, max_size=4), min_size=1, max_size=8)


def bars(rows: list[list[int]]) -> list[Bar]:
    return [
        Bar(label=f"Row {n}", segments=tuple(Segment(count=c, shade=1) for c in row))
        for n, row in enumerate(rows)
    ]


def test_longest_bar_fills_the_length() -> None:
    chart = bar_chart(bars([[1, 1, 0, 0], [4, 0, 0, 4]]))
    assert [[(s.x, s.width) for s in bar.segments] for bar in chart.bars] == [
        [(0, 125), (125, 125), (250, 0), (250, 0)],
        [(0, 500), (500, 0), (500, 0), (500, 500)],
    ]
    assert [bar.total for bar in chart.bars] == [2, 8]


def test_nothing_counted_draws_nothing() -> None:
    chart = bar_chart(bars([[0, 0, 0, 0]]))
    assert [segment.width for segment in chart.bars[0].segments] == [0, 0, 0, 0]
    assert bar_chart([]).bars == ()


@given(COUNTS)
def test_segments_never_leave_the_bar_or_overlap(rows: list[list[int]]) -> None:
    for bar in bar_chart(bars(rows)).bars:
        end = 0
        for segment in bar.segments:
            assert segment.x == end
            assert (segment.width > 0) or segment.count == 0 or segment.x == LENGTH
            end += segment.width
        assert end <= LENGTH


@given(st.lists(st.integers(0, 5_000), min_size=12, max_size=12))
def test_columns_stay_between_the_axes_and_apart(counts: list[int]) -> None:
    periods = [(f"Month {n}", f"M{n}") for n in range(12)]
    series = [Series(name=name, counts=tuple(counts), urls=("",) * 12) for name in ("a", "b")]
    chart = column_chart(periods, series)
    for column in chart.columns:
        assert LEFT <= column.x < column.x + column.width <= RIGHT + 0.2
        assert TOP - 0.1 <= column.y <= BOTTOM
        assert round(column.y + column.height, 1) == BOTTOM
    assert chart.columns[0].words == f"Month 0, a: {counts[0]}"
    assert chart.ticks[0][0] == 0
    assert chart.ticks[-1][0] >= max(counts)
    assert [cells for _name, cells in chart.rows] == [[(count, "")] * 2 for count in counts]


def test_numbers_stand_above_columns_only_where_they_fit() -> None:
    def has_room(months: int, counts: tuple[int, ...]) -> list[bool]:
        cells = counts + (0,) * (months - len(counts))
        series = [Series(name=name, counts=cells, urls=("",) * months) for name in ("a", "b")]
        columns = column_chart([("Month", "M")] * months, series).columns
        return [column.has_room for column in columns if column.count]

    assert has_room(2, (99, 10_000)) == [True] * 4
    assert has_room(12, (9, 10)) == [True, False] * 2


def test_strips_share_one_scale_and_show_a_single_count() -> None:
    months = ("Oct 2026", "Nov 2026")
    rows = [Strip(label=str(counts), counts=counts, urls=("", "")) for counts in ((0, 400), (1, 100))]
    chart = strip_chart(months, rows)
    assert [[(cell.y, cell.height) for cell in cells] for _strip, cells in chart.rows] == [
        [(40, 0), (0, 40)],
        [(38, 2), (30, 10)],
    ]
    assert [(strip.total, chart.box) for strip, _cells in chart.rows] == [
        (400, "0 0 48 40"),
        (101, "0 0 48 40"),
    ]
    assert strip_chart(months, []).rows == ()
