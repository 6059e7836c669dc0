"""The columns of a CSV file of minimum wages, and how people write what stands in them."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from .coverage import missing_on, next_year
from .models.minimum_wage import FEDERAL
from .regions import STATE_NAMES

COLUMNS = (
    "jurisdiction",
    "sector",
    "rate",
    "effective_from",
    "known_through",
    "is_confirmed",
    "source_name",
    "source_url",
    "verified_on",
    "note",
)
REQUIRED = ("jurisdiction", "rate", "effective_from", "source_name", "verified_on")
_CODES = {name.lower(): code for code, name in STATE_NAMES.items()} | {"federal": FEDERAL}
_RATE = re.compile(r"\$?\s*(\d{1,3}(?:\.\d{1,2})?)")
_DATES = ("%Y-%m-%d", "%m/%d/%Y")
_YES, _NO = {"", "yes", "y", "true", "1"}, {"no", "n", "false", "0"}


class Misread(ValueError):
    """A cell does not say what its column asks; the message says what would."""


def read_cells(cells: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return the values of a row by field, and one sentence for each cell that cannot be read."""
    values: dict[str, Any] = dict(cells)
    errors = []
    for name, read in _READERS.items():
        try:
            values[name] = read(cells[name])
        except Misread as fault:
            errors.append(f"{name}: {fault}")
    if not cells["source_name"]:
        errors.append("source_name: " + _("say where the rate comes from."))
    return values, errors


def template_csv(today: date) -> str:
    """Return a CSV to fill in: one row for each series without a rate for next year, its rate left empty."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    start = next_year(today)
    for missing in missing_on(start):
        values = {
            "jurisdiction": missing.jurisdiction,
            "sector": missing.sector,
            "effective_from": start.isoformat(),
            "known_through": start.replace(month=12, day=31).isoformat(),
            "is_confirmed": "yes",
            "verified_on": today.isoformat(),
        }
        writer.writerow([values.get(name, "") for name in COLUMNS])
    return target.getvalue()


def _jurisdiction(text: str) -> str:
    code = _CODES.get(text.lower(), text.upper())
    if code != FEDERAL and code not in STATE_NAMES:
        raise Misread(_("a postal code such as MN, a state's name, or US for the federal rate."))
    return code


def _rate(text: str) -> Decimal:
    match = _RATE.fullmatch(text)
    if match is None:
        raise Misread(_("dollars per hour, at most two decimals, such as 15.00."))
    return Decimal(match[1]).quantize(Decimal("0.01"))


def _day(text: str) -> date:
    for pattern in _DATES:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise Misread(_("a date such as 2027-01-01 or 1/1/2027."))


def _maybe_day(text: str) -> date | None:
    return _day(text) if text else None


def _yes(text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise Misread(_("yes or no."))


_READERS: dict[str, Callable[[str], Any]] = {
    "jurisdiction": _jurisdiction,
    "rate": _rate,
    "effective_from": _day,
    "known_through": _maybe_day,
    "is_confirmed": _yes,
    "verified_on": _day,
}
