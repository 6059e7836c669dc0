"""CSV for spreadsheets: no formula runs, every character arrives."""

import csv
import datetime as dt
import io
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apprenticeship.spreadsheets import FORMULA_STARTS, MARK, cell, lines

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1 218 555 0142", "'+1 218 555 0142"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("plain = text", "plain = text"),
        (Decimal("-1.50"), "-1.50"),
        (-3, "-3"),
        (True, "yes"),
        (False, "no"),
        (None, ""),
        ("nul\0byte", "nulbyte"),
        ("\0=1", "'=1"),
        (dt.date(2026, 11, 25), "2026-11-25"),
        (dt.datetime(2026, 11, 25, 23, 30, tzinfo=ZoneInfo("America/Chicago")), "2026-11-26 05:30:00"),
    ],
)
def test_cell_says_what_it_means(value: object, text: str) -> None:
    assert cell(value) == text


class Named:
    """A row whose name somebody chose with care."""

    def __str__(self) -> str:
        return "=1+1"


def test_name_of_a_row_is_text_too() -> None:
    assert cell(Named()) == "'=1+1"


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=3), max_size=4))
def test_every_cell_reads_back_and_none_is_a_formula(rows: list[list[str]]) -> None:
    text = "".join(lines(rows))
    assert text.startswith(MARK) == bool(rows)
    read = list(csv.reader(io.StringIO(text.removeprefix(MARK), newline="")))
    assert read == [[cell(value) for value in row] for row in rows]
    assert [value for row in read for value in row if value.startswith(FORMULA_STARTS)] == []
