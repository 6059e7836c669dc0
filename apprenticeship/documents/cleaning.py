"""Make facts printable: no control characters, no word that stops the layout."""

import re
import unicodedata
from typing import Any

# A word this long gets places to break; East Asian scripts break anywhere by themselves.
BREAK_EVERY = 60
LONG_WORD = re.compile(rf"[^\s\u2e80-\ud7af\uf900-\ufaff]{{{BREAK_EVERY + 1},}}")
# A fingerprint is copied and compared: it stays as it is, and the style sheets let it run on to the next line.
SHA256 = re.compile(r"[0-9a-f]{64}")
# One word of 20,000 characters in a table cell keeps the layout busy for 40 seconds.
LONGEST_WORD = 600
LONGEST_TEXT = 50_000
CUT = " […]"
ZERO_WIDTH_SPACE = "\u200b"
# Line breaks and tabs stay; so do the joiners and marks that other scripts need.
KEPT_CONTROLS = "\n\t\u200c\u200d\u200e\u200f"
DROPPED_CATEGORIES = {"Cc", "Cf", "Co", "Cs", "Cn"}


def clean(value: Any) -> Any:
    """Return facts of any shape with every text in them made printable."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


def clean_text(text: str) -> str:
    """Return the text without control characters, its over-long words broken or cut."""
    kept = "".join(
        letter
        for letter in text[:LONGEST_TEXT].replace("\r\n", "\n")
        if letter in KEPT_CONTROLS or unicodedata.category(letter) not in DROPPED_CATEGORIES
    )
    broken = LONG_WORD.sub(_break, kept)
    return broken + CUT if len(text) > LONGEST_TEXT else broken


def _break(match: re.Match[str]) -> str:
    """Return a long word with a place to break after every 60 characters, cut at 600; a fingerprint as it is."""
    if SHA256.fullmatch(match[0].strip(".,;()")):
        return match[0]
    word = match[0][:LONGEST_WORD]
    pieces = [word[start : start + BREAK_EVERY] for start in range(0, len(word), BREAK_EVERY)]
    return ZERO_WIDTH_SPACE.join(pieces) + (CUT if len(match[0]) > LONGEST_WORD else "")
