"""Copies of the demo's employers with what belongs to them: a large database, as varied as the demo."""

import datetime as dt
import uuid
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from django.db import connection, transaction
from django.db.models import ForeignKey, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce

from apprenticeship.documents.models import Document, new_code
from apprenticeship.records.models import Event, EventChain, Notification, Status
from employers import models, names
from employers.models import Employer

# A row stands behind those that it points to.
COPIED: tuple[type[Model], ...] = (
    *(Employer, EventChain, Event, models.Onboarding, models.Move, models.Submission),
    *(models.ChangeRequest, models.FlaggedPart, models.PartVersion, models.Acknowledgment),
    *(models.Site, models.Position, models.FundingSource, models.Mentor),
    *(models.WageSchedule, models.WagePeriod, models.Amendment, models.Agreement, models.Signature),
    *(models.Registration, models.RegistrationAttempt, models.AttemptCheck, models.LogoCard),
    *(Document, Notification),
)
AT_ONCE = 2_000
Key = tuple[type[Model], str]


class Copies:
    """The demo's rows as they are now, and copies of them."""

    def __init__(self) -> None:
        self.originals: dict[type[Model], list[Any]] = {}
        known: set[Key] = set()
        for queue in (Document, Notification):
            queue.objects.update(status=Status.DONE)  # as a worker would
        for model in COPIED:
            rows = [row for row in model._default_manager.order_by("pk") if _belongs(row, known)]
            self.originals[model] = rows
            known |= {(model, str(row.pk)) for row in rows}

    def grow(self, employers: int, events: int = 0) -> None:
        """Copy all employers until there are so many, then lengthen their chains to so many events."""
        with transaction.atomic():
            for number in range(Employer.objects.count(), employers, len(self.originals[Employer])):
                self._copy(number)
            Event.objects.bulk_create(_more_events(events - Event.objects.count()), AT_ONCE)
            newest = Event.objects.filter(chain=OuterRef("pk")).order_by("-number").values("number")[:1]
            EventChain.objects.update(length=Coalesce(Subquery(newest), 0))
        if connection.vendor == "postgresql":  # which does so by itself at work; SQLite never does
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    def _copy(self, number: int) -> None:
        keys: dict[Key, Any] = {}
        for model, rows in self.originals.items():
            copies = [_copy(row, keys, number) for row in rows]
            model._default_manager.bulk_create(copies, AT_ONCE)
            keys |= {(model, str(row.pk)): copy.pk for row, copy in zip(rows, copies, strict=True)}


def _belongs(row: Any, known: set[Key]) -> bool:
    """Return whether a row is an employer, its chain, or points to a known row."""
    if isinstance(row, EventChain):
        return row.pk.startswith("employer:")
    return isinstance(row, Employer) or any(key in known for _name, key in _pointers(row))


def _pointers(row: Any) -> Iterator[tuple[str, Key]]:
    """Yield the column and the key of every row of COPIED that a row points to."""
    for field in row._meta.concrete_fields:
        if isinstance(field, ForeignKey) and field.related_model in COPIED:
            yield field.attname, (field.related_model, str(getattr(row, field.attname)))
    if isinstance(row, Document | Notification) and row.subject_type:
        yield "subject_id", (row.subject_type.model_class(), row.subject_id)


def _copy(row: Any, keys: dict[Key, Any], number: int) -> Any:
    """Return a row's copy that points to copies, older by as many hours as its number says."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    for name, value in values.items():
        if isinstance(value, dt.datetime):
            values[name] = value - dt.timedelta(hours=number)
    values |= {name: keys[key] for name, key in _pointers(row) if key in keys}
    values[row._meta.pk.attname] = uuid.uuid4() if isinstance(row.pk, uuid.UUID) else None
    return type(row)(**values | _own(row, keys, number))


def _own(row: Any, keys: dict[Key, Any], number: int) -> dict[str, Any]:
    """Return what two rows may not share, and what would make two employers look alike."""
    if isinstance(row, EventChain):
        return {"name": f"employer:{keys[Employer, row.pk.partition(':')[2]]}"}
    if isinstance(row, Document):
        return {"code": new_code(), "effect_key": f"{row.effect_key}#{number}"}
    if not isinstance(row, Employer):
        return {}
    name, ein = f"{row.legal_name} {number}", f"{number:04d}{row.ein[-5:]}" if row.ein else ""
    street = f"{number} {row.street}"
    return {
        **{"legal_name": name, "ein": ein, "street": street},
        **{"name_key": names.name_key(name), "ein_key": names.ein_key(ein)},
        "address_key": names.address_key(street, row.zip_code),
    }


def _more_events(missing: int) -> Iterator[Event]:
    """Yield so many events without moves, for the chains in turn."""
    at = Event.objects.latest("at").at
    ends = {row.pk: row.length for row in EventChain.objects.filter(pk__startswith="employer:")}
    for chain, _number in zip(cycle(ends), range(missing), strict=False):
        ends[chain] += 1
        yield Event(chain_id=chain, number=ends[chain], verb="part_saved", at=at)
