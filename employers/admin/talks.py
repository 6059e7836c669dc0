"""What staff write on the review page, and all that was written: notes apart from messages."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from django.db.models import BooleanField, CharField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from employers.admin.changes import in_words
from employers.forms.message import TextForm
from employers.models import InternalNote, Message, Onboarding, ReviewDraft

# The forms by the last word of their address.
TALKS: dict[str, Callable[..., TextForm]] = {
    "note": partial(TextForm, label=_("Note for AAMI only"), prefix="note"),
    "message": partial(TextForm, label=_("Message to the employer"), prefix="message"),
}


class Line(NamedTuple):
    """One text of a case; `kind` is note, message or draft. A draft's text is JSON, `seen` and `version` its own."""

    kind: str
    text: str
    at: dt.datetime
    who: str
    is_from_staff: bool
    person: int | None
    seen: dt.datetime
    version: int

    @property
    def typed(self) -> dict[str, str]:
        """What a draft holds: field and text."""
        found: dict[str, str] = json.loads(self.text)
        return found

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What a draft says, for people: label and text."""
        return list(in_words(self.typed))


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything written about a case, oldest first."""

    notes: list[Line]
    messages: list[Line]
    drafts: list[Line]

    @property
    def is_waiting(self) -> bool:
        """Whether the employer wrote last."""
        return bool(self.messages) and not self.messages[-1].is_from_staff


def talk_of(onboarding: Onboarding) -> Talk:
    """Return notes, messages and drafts of reviews, in one query."""
    yes = Value(True, BooleanField())
    notes = _lines(InternalNote.objects.all(), "note", onboarding, "text", "at", "author", yes)
    messages = _lines(
        Message.objects.all(), "message", onboarding, "text", "at", "author", F("is_from_staff")
    )
    typed = Cast("typed", TextField())
    drafts = _lines(
        ReviewDraft.objects.all(), "draft", onboarding, typed, "saved_at", "reviewer", yes, "seen", "version"
    )
    by_kind: dict[str, list[Line]] = {"note": [], "message": [], "draft": []}
    for row in notes.union(messages, drafts, all=True).order_by("at"):
        by_kind[row[0]].append(Line(*row))
    return Talk(by_kind["note"], by_kind["message"], by_kind["draft"])


def _lines(
    rows: "QuerySet[Any]",
    kind: str,
    onboarding: Onboarding,
    text: Any,
    at: str,
    person: str,
    side: Any,
    *own: str,
) -> "QuerySet[Any, Any]":
    """Return the columns of Line; `own` are the fields of a draft, other texts fill them with what means nothing."""
    who = Coalesce(NullIf(f"{person}__name", Value("")), f"{person}__email", output_field=CharField())
    seen, version = (F(own[0]), F(own[1])) if own else (F(at), Value(0, IntegerField()))
    found = rows.filter(onboarding=onboarding).order_by()
    return found.values_list(Value(kind), text, at, who, side, f"{person}_id", seen, version)
