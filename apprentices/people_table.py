"""The list that AAMI has as a CSV table: read, compared with what is known, and stored as it was shown."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apprentices.fingerprints import fingerprint
from apprentices.forms.fields import AddressField, LineField, PersonNameField
from apprentices.inviting import QUEUE, Outcome, reasons_against
from apprentices.models import Invitation, InvitationList
from apprentices.places import place_of
from apprenticeship import spreadsheets
from apprenticeship.accounts.models import User
from apprenticeship.records import events, queues
from apprenticeship.tables import Columns, MovedOn, formula_fault, rows
from employers.models.employer import PHONE

BYTES_MAX = 1_000_000
TABLE = Columns(
    names=("name", "email", "zip_code", "phone", "first_name", "last_name"),
    required=("email",),
    rows_max=10_000,
    also={
        "e_mail": "email",
        "email_address": "email",
        "e_mail_address": "email",
        "full_name": "name",
        "first": "first_name",
        "last": "last_name",
        "zip": "zip_code",
        "postal_code": "zip_code",
        "phone_number": "phone",
    },
)
SAMPLE = (
    ("name", "email", "zip_code", "phone"),
    ("Jordan Sample", "jordan.sample@example.org", "53202", "414-555-0142"),
    ("Priya Sample", "priya.sample@example.org", "", ""),
)
# Beside the outcomes of an invitation: what keeps a row from being one.
ERROR, TWICE = "error", "twice"


class ZipCodeField(forms.CharField):
    """A ZIP code that exists, as five digits, or nothing."""

    def clean(self, value: Any) -> str:
        """Return the five digits."""
        typed = str(super().clean(value))
        place = place_of(typed) if typed else None
        if typed and place is None:
            raise ValidationError(_("we don’t know this ZIP code."))
        return place.zip_code if place else ""


# What a row says of somebody, checked as the interest form checks it; all but the address may be left out. One field
# for all rows: a form for each of ten thousand takes seconds.
FIELDS: dict[str, forms.Field] = {
    "name": PersonNameField(required=False, max_length=120),
    "email": AddressField(),
    "zip_code": ZipCodeField(required=False, max_length=10),
    "phone": LineField(required=False, max_length=40, validators=[PHONE]),
}


@dataclass(slots=True, kw_only=True)
class Line:
    """One row of the file, by its number there, and what becomes of it."""

    number: int
    outcome: str  # ERROR, TWICE, or an outcome of invitations; WAITING is invited
    cells: dict[str, str]
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a file would do, and the SHA-256 of exactly that."""

    lines: tuple[Line, ...]
    fingerprint: str

    def of(self, outcome: str) -> list[Line]:
        """Return the rows that come out so."""
        return [line for line in self.lines if line.outcome == outcome]

    @property
    def invited(self) -> list[Line]:
        """The rows of people who would be invited."""
        return self.of(Outcome.WAITING)

    @property
    def may_be_stored(self) -> bool:
        """Whether there is anybody to invite."""
        return bool(self.invited)


def plan(text: str) -> Plan:
    """Return what this CSV text would do. Raises Unreadable. Three queries."""
    lines = [_read(number, cells) for number, cells in rows(text, TABLE)]
    good = [line for line in lines if line.outcome == Outcome.WAITING]
    against = reasons_against([line.cells["email"] for line in good])
    first: dict[str, int] = {}
    for line in good:
        email = line.cells["email"]
        if first.setdefault(email, line.number) != line.number:
            line.outcome, line.errors = TWICE, (_("as in row %(row)s") % {"row": first[email]},)
        else:
            line.outcome = against.get(email, Outcome.WAITING)
    said = "\n".join(f"{line.number}|{line.outcome}|{'|'.join(line.cells.values())}" for line in lines)
    return Plan(lines=tuple(lines), fingerprint=hashlib.sha256(said.encode()).hexdigest())


@transaction.atomic
def store(text: str, *, fingerprint: str, by: User) -> InvitationList:
    """Keep the people whom exactly this plan invites, and let the worker begin. Raises MovedOn or Unreadable."""
    agreed = plan(text)
    if agreed.fingerprint != fingerprint or not agreed.invited:
        raise MovedOn
    batch = InvitationList.objects.create(by=by, size=len(agreed.invited))
    Invitation.objects.bulk_create(_invitations(batch, agreed.invited), batch_size=1000)
    facts = {"invited": len(agreed.invited), "left_out": len(agreed.lines) - len(agreed.invited)}
    events.record(events.CANDIDATES, "list_uploaded", by=by, subject=batch, data=facts)
    transaction.on_commit(lambda: queues.kick(QUEUE, batch.pk))
    return batch


def sample_csv() -> str:
    """Return a table to fill in, with two people who do not exist."""
    return "".join(spreadsheets.lines(SAMPLE))


def _invitations(batch: InvitationList, lines: Iterable[Line]) -> list[Invitation]:
    return [
        Invitation(
            batch=batch, number=line.number, fingerprint=fingerprint(line.cells["email"]), **line.cells
        )
        for line in lines
    ]


def _read(number: int, cells: dict[str, str]) -> Line:
    """Return a row with its cells as they would be kept, or with what to correct."""
    both = f"{cells.pop('first_name')} {cells.pop('last_name')}".strip()
    cells["name"] = cells["name"] or both
    if fault := formula_fault((name, cell) for name, cell in cells.items() if name != "phone"):
        return Line(number=number, outcome=ERROR, cells=cells, errors=(fault,))
    kept, faults = {}, []
    for name, field in FIELDS.items():
        try:
            kept[name] = field.clean(cells[name])
        except ValidationError as error:
            faults.append(f"{name}: {' '.join(error.messages)}")
    if faults:
        return Line(number=number, outcome=ERROR, cells=cells, errors=tuple(faults))
    return Line(number=number, outcome=Outcome.WAITING, cells=kept)
