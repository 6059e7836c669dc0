"""Minimum wages from a CSV file: read, compared with what is stored, and stored only as it was shown."""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User

from .models import MinimumWage
from .wage_cells import COLUMNS, REQUIRED, read_cells
from .wage_log import Change, changes_between, log_change

BYTES_MAX = 200_000
ROWS_MAX = 1000
# What a spreadsheet takes for a formula when a cell begins with it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(ValidationError):
    """The file as a whole is no table of minimum wages; the message says what to do."""


class MovedOn(Exception):
    """The stored rates changed since the preview, so what was confirmed is not what would happen."""


class Outcome(Enum):
    """What a row of the file would do."""

    ERROR = "error"
    CHANGED = "changed"
    NEW = "new"
    SAME = "same"
    BLANK = "blank"


@dataclass(slots=True, kw_only=True)
class Line:
    """One row of the file, by its number there, and what it would do."""

    number: int
    outcome: Outcome
    cells: dict[str, str]
    wage: MinimumWage | None = None
    changes: tuple[Change, ...] = ()
    errors: list[str] = field(default_factory=list)

    @property
    def changes_the_past(self) -> bool:
        """Whether a rate that was in force by today would become another one."""
        is_rate = any(change.name == "rate" for change in self.changes)
        return is_rate and self.wage is not None and self.wage.effective_from <= timezone.localdate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a file would do, and the SHA-256 of exactly that."""

    lines: tuple[Line, ...]
    fingerprint: str

    def count(self, outcome: Outcome) -> int:
        """Return how many rows come out so."""
        return sum(line.outcome is outcome for line in self.lines)

    @property
    def may_be_stored(self) -> bool:
        """Whether no row is wrong and at least one does something."""
        does = self.count(Outcome.NEW) + self.count(Outcome.CHANGED)
        return bool(does) and not self.count(Outcome.ERROR)


def decode(content: bytes) -> str:
    """Return a file's text: UTF-8 with or without a mark, UTF-16 with one, or Windows-1252. Raises Unreadable."""
    if len(content) > BYTES_MAX:
        raise Unreadable(_("The file is larger than 200 kB. A table of minimum wages is much smaller."))
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


def plan(text: str) -> Plan:
    """Return what this CSV text would do to the stored rates. Raises Unreadable. One query."""
    stored = {row.key: row for row in MinimumWage.objects.all()}
    seen: dict[tuple[str, str, date], int] = {}
    lines = []
    for number, cells in _rows(text):
        line = _judge(number, cells, stored)
        if line.wage is not None and (first := seen.setdefault(line.wage.key, number)) != number:
            line.outcome = Outcome.ERROR
            line.errors.append(_("The same state, sector and date stand in row %(row)s.") % {"row": first})
        lines.append(line)
    if not lines:
        raise Unreadable(_("The file has a heading but no rows."))
    said = "\n".join(_said(line) for line in lines)
    return Plan(lines=tuple(lines), fingerprint=hashlib.sha256(said.encode()).hexdigest())


def store(text: str, *, fingerprint: str, by: User) -> Plan:
    """Store exactly the plan with this fingerprint, each row logged, and return it. Raises MovedOn or Unreadable."""
    try:
        with transaction.atomic():
            list(MinimumWage.objects.select_for_update().values_list("pk"))
            agreed = plan(text)
            if agreed.fingerprint != fingerprint or not agreed.may_be_stored:
                raise MovedOn
            for line in agreed.lines:
                if line.wage is not None and line.outcome in (Outcome.NEW, Outcome.CHANGED):
                    line.wage.save()
                    log_change(line.wage, line.changes, by=by, source=f"csv:{fingerprint[:12]}")
    except IntegrityError as collision:
        raise MovedOn from collision
    return agreed


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with its number in the file; the heading is row 1. Raises Unreadable."""
    first = text.lstrip("\ufeff\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    try:
        heading = [cell.strip().lower().replace(" ", "_") for cell in next(reader, [])]
        missing = [name for name in REQUIRED if name not in heading]
        if missing:
            message = _("The first row must name the columns. Missing: %(names)s. The template has them all.")
            raise Unreadable(message % {"names": ", ".join(missing)})
        for count, row in enumerate(reader):
            if count >= ROWS_MAX:
                raise Unreadable(_("The file has more than 1,000 rows."))
            if any(cell.strip() for cell in row):
                cells = dict(zip(heading, (cell.strip() for cell in row), strict=False))
                yield count + 2, {name: cells.get(name, "") for name in COLUMNS}
    except csv.Error as error:
        raise Unreadable(_("The file is not valid CSV: %(error)s.") % {"error": error}) from error


def _judge(number: int, cells: dict[str, str], stored: dict[tuple[str, str, date], MinimumWage]) -> Line:
    if not cells["rate"]:
        return Line(number=number, outcome=Outcome.BLANK, cells=cells)
    formulas = [name for name, cell in cells.items() if cell.startswith(FORMULA)]
    if formulas:
        message = _("%(names)s: this begins like a spreadsheet formula. Enter the plain value.")
        errors = [message % {"names": ", ".join(formulas)}]
        return Line(number=number, outcome=Outcome.ERROR, cells=cells, errors=errors)
    values, errors = read_cells(cells)
    if errors:
        return Line(number=number, outcome=Outcome.ERROR, cells=cells, errors=errors)
    before = stored.get((values["jurisdiction"], values["sector"], values["effective_from"]))
    wage = MinimumWage(pk=before.pk if before else None, **values)
    errors = _faults(wage)
    if errors:
        return Line(number=number, outcome=Outcome.ERROR, cells=cells, errors=errors)
    changes = changes_between(before, wage)
    outcome = Outcome.NEW if before is None else Outcome.CHANGED if changes else Outcome.SAME
    return Line(number=number, outcome=outcome, cells=cells, wage=wage, changes=changes)


def _faults(wage: MinimumWage) -> list[str]:
    """Return what the model itself finds wrong with a row, in sentences."""
    try:
        wage.clean_fields(exclude=["id"])
        wage.clean()
    except ValidationError as error:
        return [f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()]
    if wage.known_through is not None and wage.known_through < wage.effective_from:
        return [_("known_through: this day is before effective_from.")]
    return []


def _said(line: Line) -> str:
    """Return everything a row would do as text, so that two plans can be compared."""
    values = [str(getattr(line.wage, name)) for name in COLUMNS] if line.wage else list(line.cells.values())
    changes = [f"{change.name}:{change.before}>{change.after}" for change in line.changes]
    return "|".join([str(line.number), line.outcome.value, *values, *changes])
