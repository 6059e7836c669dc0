"""Frozen facts in words."""

import pytest

from apprenticeship.documents.cleaning import CUT, LONGEST_TEXT, clean, clean_text
from apprenticeship.documents.templatetags import paper


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-22T16:41:07+00:00", "November 22, 2026 at 4:41:07 PM UTC"),
        ("2026-11-22T00:05:00-05:30", "November 22, 2026 at 12:05:00 AM UTC−05:30"),
        ("2026-11-22T10:05:00+10:00", "November 22, 2026 at 10:05:00 AM UTC+10:00"),
        ("2026-11-22T10:05:00", "November 22, 2026 at 10:05:00 AM (zone not stated)"),
        ("soon", "soon"),
        (None, ""),
    ],
)
def test_moment_always_shows_its_zone(text: str | None, said: str) -> None:
    assert paper.iso_moment(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-22T16:41:07+00:00", "November 22, 2026 at 4:41:07 PM UTC"),
        ("2026-11-22T10:41:07-06:00", "November 22, 2026 at 4:41:07 PM UTC (10:41:07 AM UTC−06:00)"),
        (
            "2026-11-22T22:23:00-06:00",
            "November 23, 2026 at 4:23:00 AM UTC (November 22, 2026 at 10:23:00 PM UTC−06:00)",
        ),
        ("2026-11-22T10:05:00", "November 22, 2026 at 10:05:00 AM (zone not stated)"),
        ("as of now", "as of now"),
        (None, ""),
    ],
)
def test_moment_on_a_contract_is_told_in_utc_and_at_the_employer(text: str | None, said: str) -> None:
    assert paper.utc_moment(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [("24", "$24.00"), ("1234.5", "$1,234.50"), ("0.00", "$0.00"), ("", "–"), (None, "–"), ("abc", "–")],
)
def test_money_shows_its_unit(text: str | None, said: str) -> None:
    assert paper.usd(text) == said


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://x.gov/", "https://x.gov/"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        (None, ""),
    ],
)
def test_only_web_addresses_are_linked(text: str | None, address: str) -> None:
    assert paper.web_address(text) == address


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a\n\nb\n \nc", ["a", "b", "c"]), (["a", " b "], ["a", "b"]), ("a\nb", ["a\nb"]), ("", []), (None, [])],
)
def test_text_is_parted_at_blank_lines(text: str | list[str] | None, parts: list[str]) -> None:
    assert paper.paragraphs(text) == parts


@pytest.mark.parametrize(
    ("text", "printable"),
    [
        ("St. Mary’s\tHealth\r\nCare\x00\x1b", "St. Mary’s\tHealth\nCare"),
        ("a\u202eb\ufeffc\u00add", "abcd"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 60 + "\u200b" + "x"),
        ("病" * 300, "病" * 300),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_text_is_made_printable_and_else_left_alone(text: str, printable: str) -> None:
    assert clean_text(text) == printable


def test_endless_word_and_text_are_cut_and_say_so() -> None:
    assert clean_text("x" * 20_000).endswith(CUT)
    assert len(clean_text("x" * 20_000)) < 650
    assert len(clean_text("a " * LONGEST_TEXT)) == LONGEST_TEXT + len(CUT)


def test_facts_of_any_shape_are_cleaned() -> None:
    assert clean({"a": ["b\x00", {"c": None, "d": 1, "e": True}]}) == {
        "a": ["b", {"c": None, "d": 1, "e": True}]
    }


def test_fingerprint_stays_as_it_is_to_be_copied() -> None:
    fingerprint = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    assert clean_text(f"SHA-256 {fingerprint}, sealed") == f"SHA-256 {fingerprint}, sealed"
    assert "\u200b" in clean_text(fingerprint + "00")
