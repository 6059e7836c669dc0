"""Tables that staff upload as CSV: decoded as spreadsheets write them, their heading checked, row by row. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What a spreadsheet takes for a formula when a cell begins with it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(ValidationError):
    """The file as a whole is no such table; the message says what to do."""


class MovedOn(Exception):
    """What is stored changed since the preview, so what was confirmed is not what would happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of a table, those it must have, other names for them, and how many rows it may have."""

    names: tuple[str, ...]
    required: tuple[str, ...]
    rows_max: int
    also: Mapping[str, str] = field(default_factory=dict)  # from another name to a column's own


def decode(content: bytes, *, bytes_max: int) -> str:
    """Return a file's text: UTF-8 with or without a mark, UTF-16 with one, or Windows-1252. Raises Unreadable."""
    if len(content) > bytes_max:
        message = _("The file is larger than %(size)d kB, which such a table never is.")
        raise Unreadable(message % {"size": bytes_max // 1000})
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content:
        encodings = []
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("This is not a text file. Save the table as CSV (UTF-8) and choose that file."))


def rows(text: str, columns: Columns) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with its number in the file; the heading is row 1. Raises Unreadable, also for no rows."""
    first = text.lstrip("\ufeff\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    is_empty = True
    try:
        heading = _heading(next(reader, []), columns)
        for count, row in enumerate(reader, start=1):
            if count > columns.rows_max:
                message = _("The file has more than %(most)s rows.")
                raise Unreadable(message % {"most": f"{columns.rows_max:,}"})
            if any(cell.strip() for cell in row):
                is_empty = False
                cells = dict(zip(heading, (cell.strip() for cell in row), strict=False))
                yield count + 1, {name: cells.get(name, "") for name in columns.names}
    except csv.Error as error:
        raise Unreadable(_("The file is not valid CSV: %(error)s.") % {"error": error}) from error
    if is_empty:
        raise Unreadable(_("The file has a heading but no rows."))


def _heading(row: list[str], columns: Columns) -> list[str]:
    typed = [cell.strip().lower().replace(" ", "_").replace("-", "_") for cell in row]
    heading = [columns.also.get(name, name) for name in typed]
    missing = [name for name in columns.required if name not in heading]
    if missing:
        message = _("The first row must name the columns. Missing: %(names)s. The template has them all.")
        raise Unreadable(message % {"names": ", ".join(missing)})
    return heading


def formula_fault(cells: Iterable[tuple[str, str]]) -> str:
    """Return what to say of cells (name, text) that a spreadsheet would calculate, "" if there are none."""
    names = [name for name, cell in cells if cell.startswith(FORMULA)]
    if not names:
        return ""
    message = _("%(names)s: this begins like a spreadsheet formula. Enter the plain value.")
    return message % {"names": ", ".join(names)}
