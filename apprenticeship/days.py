"""Days and moments in the names of rows."""

from typing import Any

from django.template.defaultfilters import date


def in_words(value: Any, format: str | None = None) -> str:
    """Return a day or moment as people write it, a text as it is and "–" for nothing: a row not read yet has either."""
    return date(value, format) or str(value or "–")
