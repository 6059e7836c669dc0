"""Minimum wages from a CSV file: read, compared with what is stored, and stored only as it was shown."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.tables import Columns, MovedOn, formula_fault, rows

from .models import MinimumWage
from .wage_cells import COLUMNS, REQUIRED, read_cells
from .wage_log import Change, changes_between, log_change

BYTES_MAX = 200_000
TABLE = Columns(names=COLUMNS, required=REQUIRED, rows_max=1000)


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


def plan(text: str) -> Plan:
    """Return what this CSV text would do to the stored rates. Raises Unreadable. One query."""
    stored = {row.key: row for row in MinimumWage.objects.all()}
    seen: dict[tuple[str, str, date], int] = {}
    lines = []
    for number, cells in rows(text, TABLE):
        line = _judge(number, cells, stored)
        if line.wage is not None and (first := seen.setdefault(line.wage.key, number)) != number:
            line.outcome = Outcome.ERROR
            line.errors.append(_("The same state, sector and date stand in row %(row)s.") % {"row": first})
        lines.append(line)
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


def _judge(number: int, cells: dict[str, str], stored: dict[tuple[str, str, date], MinimumWage]) -> Line:
    if not cells["rate"]:
        return Line(number=number, outcome=Outcome.BLANK, cells=cells)
    if fault := formula_fault(cells.items()):
        return Line(number=number, outcome=Outcome.ERROR, cells=cells, errors=[fault])
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
