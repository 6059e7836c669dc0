"""Write amounts, dates and period numbers the way the portal shows them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def dollars(amount: Decimal) -> str:
    """Return "$1,234.50"."""
    return f"${amount:,.2f}"


def trimmed(value: Decimal) -> Decimal:
    """Return 40.0 as 40 and 37.50 as 37.5."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def plain_number(value: Decimal | int) -> str:
    """Return 40.0 as "40", 37.5 as "37.5" and 1200 as "1,200"."""
    return f"{trimmed(Decimal(value)):,f}"


def day(value: date) -> str:
    """Return "Jan 1, 2026"."""
    return f"{value:%b} {value.day}, {value.year}"


def hours(value: int) -> str:
    """Return "1,000 h"."""
    return _("%(hours)s h") % {"hours": f"{value:,}"}


def periods(numbers: Iterable[int]) -> str:
    """Return "Period 3" or "Periods 1, 3–5"."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in spans)
    count = sum(b - a + 1 for a, b in spans)
    return ngettext("Period %(numbers)s", "Periods %(numbers)s", count) % {"numbers": shown}
