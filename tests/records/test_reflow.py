"""A mail on a page: the lines of a paragraph are one, points of a list and addresses keep their own."""

from django.utils.text import wrap
from hypothesis import given
from hypothesis import strategies as st

from apprenticeship.records.mail_words import COLUMNS
from apprenticeship.records.reflow import reflowed

LONG = "The agency has the papers since December 1, 2026, and answers within thirty days, as a rule. Ask us if not."
POINT = (
    "- Funding: please name the state grant, its number and its amount, and say who pays what it leaves open."
)
ADDRESS = f"https://portal.example.org/onboarding/{'long' * 12}/"

PARAGRAPHS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30)


def test_paragraphs_are_one_line_and_lists_and_addresses_stay() -> None:
    body = [
        "Hello Dana,",
        "",
        LONG,
        "",
        POINT,
        POINT,
        "",
        "See what to change:",
        ADDRESS,
        "",
        "Kim Ito",
        "555-0100",
    ]
    wrapped = "\n".join(line if line == ADDRESS else wrap(line, COLUMNS) for line in body)
    assert max(len(line) for line in wrapped.splitlines() if line != ADDRESS) <= COLUMNS
    assert reflowed(wrapped).splitlines() == body


@given(st.lists(PARAGRAPHS, min_size=1, max_size=60))
def test_what_was_wrapped_is_one_line_again(words: list[str]) -> None:
    line = " ".join(words)
    assert reflowed(wrap(line, COLUMNS)) == line
