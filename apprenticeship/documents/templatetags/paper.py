"""Print frozen facts: dates, moments with their zone, money, safe addresses."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from django import template
from django.utils import formats
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.documents.cleaning import SHA256

register = template.Library()

TYPE = "Paper Sans, DejaVu Sans, sans-serif"

# What the rules of a schedule answer. A contract says what is not known, and the line beside it why.
ANSWERS = {
    "passes": gettext_lazy("Passes"),
    "fails": gettext_lazy("Fails"),
    "cannot_tell": gettext_lazy("Not yet known"),
}


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
    return _said(moment, formats.date_format(moment, "F j, Y"))


@register.filter
def utc_moment(text: str | None) -> str:
    """Return a moment in UTC and, if it was told in another zone, in that one too.

    Such as November 22, 2026 at 10:41:07 PM UTC (4:41:07 PM UTC−06:00); the second has a day where that is another.
    """
    try:
        local = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return str(text or "")
    if not local.utcoffset():
        return iso_moment(text)
    moment = local.astimezone(dt.UTC)
    is_same_day = moment.date() == local.date()
    beside = _said(local, "" if is_same_day else formats.date_format(local, "F j, Y"))
    return f"{_said(moment, formats.date_format(moment, 'F j, Y'))} ({beside})"


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


@register.filter
def answer_words(answer: str) -> str:
    """Return "cannot_tell" as Not yet known."""
    return str(ANSWERS.get(answer, answer))


@register.filter
def is_hash(text: str) -> bool:
    """Whether a text is a SHA-256, which is printed small enough to stay on one line."""
    return bool(SHA256.fullmatch(text))


@register.filter
def paragraphs(text: str | list[str] | None) -> list[str]:
    """Return the paragraphs of a text: a list of them as it is, one text parted at its blank lines."""
    parts = text if isinstance(text, list) else re.split(r"\n\s*\n", text or "")
    return [part.strip() for part in parts if part.strip()]


@register.filter
def signature_of(signatures: list[dict[str, str]] | None, party: str) -> dict[str, str] | None:
    """Return the signature of "employer" or "sponsor", or None while it is missing."""
    return next((signature for signature in signatures or [] if signature.get("party") == party), None)


@register.filter
def effective_moment(signatures: list[dict[str, str]]) -> str:
    """Return when the later of the two signatures was given, with its zone; the day alone if one by hand bears it.

    Which day a moment is on is judged in the zone in which the dates by hand were written.
    """
    by_hand = [row["signed_on"] for row in signatures if "signed_on" in row]
    moments = [row["signed_at"] for row in signatures if "signed_on" not in row]
    last = max(moments, key=dt.datetime.fromisoformat) if moments else max(by_hand)
    return iso_date(last) if last[:10] in by_hand else utc_moment(last)


@register.filter
def qr(address: str) -> SafeString:
    """Return a QR code of an address as SVG, with the address as its name."""
    import segno  # noqa: PLC0415 - papers with a code are few

    drawing = segno.make(address, error="m").svg_inline(scale=3, border=2, title=address, omitsize=False)
    return mark_safe(drawing.replace("<svg ", '<svg role="img" ', 1))  # noqa: S308 - drawn by segno, which escapes


@register.filter
def titled(drawing: str) -> SafeString:
    """Return our own SVG with its accessible name also as a title, where the PDF engine looks for it.

    `drawing` is markup of a drawing function, all its text escaped; it takes the paper's type.
    """
    svg = drawing.replace('font-family="sans-serif"', f'font-family="{TYPE}"', 1)
    if "<title>" not in svg:
        svg = re.sub(r'(<svg\b[^>]*\baria-label="([^"]*)"[^>]*>)', r"\1<title>\2</title>", svg, count=1)
    return mark_safe(svg)  # noqa: S308 - drawn by our own code, never by data


def _said(moment: dt.datetime, day: str) -> str:
    """Return day, time and zone, or time and zone alone."""
    facts = {"day": day, "time": f"{moment:%I:%M:%S %p}".lstrip("0"), "zone": _zone(moment)}
    return (_("%(day)s at %(time)s %(zone)s") if day else "%(time)s %(zone)s") % facts


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
