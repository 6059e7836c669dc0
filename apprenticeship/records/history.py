"""Who changed what, field by field: kept beside the event, and read as sentences."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.records import verbs
from apprenticeship.records.events import record
from apprenticeship.records.models import Change, Event

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONG = 120  # characters from which a value is folded away
LABEL_MAX = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What one field says. `key` stays the same while the label may change with its row's number."""

    key: str
    label: str
    text: str
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One change in a sentence; `before` and `after` are long texts to fold away, or ""."""

    sentence: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: what, by whom, when, and what it changed."""

    said: "StrOrPromise"
    who: str
    at: dt.datetime
    reason: str = ""
    lines: tuple[Line, ...] = ()


def changed(before: Iterable[Answer], after: Iterable[Answer]) -> list[Change]:
    """Return what differs, as rows without their event: changes and additions in order, then what is gone."""
    was = {answer.key: answer for answer in before}
    rows = []
    for now in after:
        old = was.pop(now.key, None)
        rows += _row(now, old.text if old else "", now.text)
    for gone in was.values():
        rows += _row(gone, gone.text, "")
    return rows


def _row(answer: Answer, before: str, after: str) -> list[Change]:
    if before == after:
        return []
    kept = ("", "") if answer.is_personal else (before, after)
    label = answer.label[:LABEL_MAX]
    return [
        Change(field=answer.key, label=label, before=kept[0], after=kept[1], is_personal=answer.is_personal)
    ]


def record_changes(
    chain: str, verb: str, changes: list[Change], *, by: User | None, subject: Any, data: Mapping[str, Any]
) -> Event:
    """Append an event with the names of the changed fields, and keep their values beside it."""
    fields = {"fields": [row.field for row in changes]} if changes else {}
    event = record(chain, verb, by=by, subject=subject, data={**data, **fields})
    for position, row in enumerate(changes):
        row.event, row.position = event, position
    Change.objects.bulk_create(changes)
    return event


# Reading ---------------------------------------------------------------------------------------------------

_NAMED: list[Callable[[QuerySet[Any]], QuerySet[Any]]] = []


def name_actors(with_actors: Callable[[QuerySet[Any]], QuerySet[Any]]) -> None:
    """Let the app whose links act without an account name them: it adds `actor`, a text or None, to events."""
    _NAMED.append(with_actors)


def named(events: QuerySet[Any]) -> QuerySet[Any]:
    """Return the events with all that `who` needs."""
    for with_actors in _NAMED:
        events = with_actors(events)
    return events.select_related("user")


def read(events: QuerySet[Any]) -> QuerySet[Any]:
    """Return the events with all that `entry` needs, in constant queries, newest first."""
    rows = named(events).select_related("user", "subject_type").prefetch_related("changes")
    return rows.order_by("-at", "-number")


def entry(event: Any, *, reason: str = "", extra: Iterable[Line] = ()) -> Entry:
    """Return one event in words."""
    return Entry(verbs.said(event), who(event), event.at, reason, (*_lines(event), *extra))


def who(event: Any) -> str:
    """Name who did it, of events that `named` has read; an account that is gone keeps its number."""
    if event.user_id is None:
        return event.actor or _("the portal")
    return str(event.user) if event.user else _("former user %(number)s") % {"number": event.user_id}


def _lines(event: Any) -> Iterator[Line]:
    for change in event.changes.all():
        yield line(change.label, change.before, change.after, is_personal=change.is_personal)
    for name, (before, after) in event.data.get("changes", {}).items():
        yield line(_label(event, name), before, after)


def line(label: str, before: str, after: str, *, is_personal: bool = False) -> Line:
    """Return one change as a sentence."""
    what = {"what": capfirst(label), "before": before, "after": after}
    if is_personal:
        return Line(_("%(what)s changed; what it says is not kept here.") % what)
    if len(before) > LONG or len(after) > LONG:
        return Line(_("%(what)s changed.") % what, before, after)
    if not before:
        return Line(_("%(what)s set to “%(after)s”.") % what)
    if not after:
        return Line(_("%(what)s emptied; it was “%(before)s”.") % what)
    return Line(_("%(what)s changed from “%(before)s” to “%(after)s”.") % what)


def _label(event: Event, name: str) -> str:
    model = event.subject_type.model_class() if event.subject_type else None
    fields = {field.name: field for field in model._meta.fields} if model else {}
    return str(fields[name].verbose_name) if name in fields else name.replace("_", " ")
