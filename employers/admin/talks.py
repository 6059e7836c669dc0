"""What staff write on the review page, and all that was written: notes apart from messages."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from django.db.models import BooleanField, CharField, F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from employers.forms.message import TextForm
from employers.models import InternalNote, Message, Onboarding

# The forms by the last word of their address.
TALKS: dict[str, Callable[..., TextForm]] = {
    "note": partial(TextForm, label=_("Note for AAMI only"), prefix="note-"),
    "message": partial(TextForm, label=_("Message to the employer"), prefix="message-"),
}


class Line(NamedTuple):
    """One text of a case; `kind` is note or message."""

    kind: str
    text: str
    at: Any
    who: str
    is_from_staff: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything written about a case, oldest first."""

    notes: list[Line]
    messages: list[Line]

    @property
    def is_waiting(self) -> bool:
        """Whether the employer wrote last."""
        return bool(self.messages) and not self.messages[-1].is_from_staff


def talk_of(onboarding: Onboarding) -> Talk:
    """Return notes and messages, in one query."""
    notes = _lines(InternalNote.objects.all(), "note", onboarding, Value(True, BooleanField()))
    messages = _lines(Message.objects.all(), "message", onboarding, F("is_from_staff"))
    lines = [Line(*row) for row in notes.union(messages, all=True).order_by("at")]
    return Talk([row for row in lines if row.kind == "note"], [row for row in lines if row.kind == "message"])


def _lines(rows: "QuerySet[Any]", kind: str, onboarding: Onboarding, side: Any) -> "QuerySet[Any, Any]":
    found = rows.filter(onboarding=onboarding).order_by()
    who = Coalesce(NullIf("author__name", Value("")), "author__email", output_field=CharField())
    return found.values_list(Value(kind), "text", "at", who, side)
