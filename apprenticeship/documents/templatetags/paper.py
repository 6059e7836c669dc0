"""Print frozen facts: dates, moments with their zone, money, safe addresses."""

import datetime as dt
from decimal import Decimal, InvalidOperation

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def iso_date(text: str | None) -> str:
    """Return 2026-11-22 as November 22, 2026; what is no date stays as it is."""
    try:
        return formats.date_format(dt.date.fromisoformat(str(text)[:10]), "F j, Y")
    except ValueError:
        return str(text or "")


@register.filter
def iso_moment(text: str | None) -> str:
    """Return a moment with its zone, such as November 22, 2026 at 4:41:07 PM UTC−06:00."""
    try:
        moment = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return str(text or "")
    day = formats.date_format(moment, "F j, Y")
    return _("%(day)s at %(time)s %(zone)s") % {
        "day": day,
        "time": f"{moment:%I:%M:%S %p}".lstrip("0"),
        "zone": _zone(moment),
    }


@register.filter
def usd(text: str | None) -> str:
    """Return "1234.5" as $1,234.50; an amount that is not there as a dash."""
    try:
        return f"${Decimal(str(text)):,.2f}"
    except InvalidOperation:
        return "–"


@register.filter
def web_address(text: str | None) -> str:
    """Return an https or http address, or nothing: a paper links to no other kind."""
    return str(text) if str(text or "").startswith(("https://", "http://")) else ""


def _zone(moment: dt.datetime) -> str:
    """Return UTC or the offset from it; a moment without zone says so."""
    offset = moment.utcoffset()
    if offset is None:
        return _("(zone not stated)")
    if not offset:
        return "UTC"
    minutes = int(offset.total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours:02}:{rest:02}"
