"""What happened to an application, in words: the employer's activity list and the desk's."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy

from apprenticeship.records.models import Event
from employers.amending import VERBS as AMENDMENT_VERBS
from employers.models import Employer
from employers.onboarding import EDGE_BY_NAME, Text

VERBS: dict[str, Text] = AMENDMENT_VERBS | {
    "employer_founded": gettext_lazy("Organization added"),
    "colleague_invited": gettext_lazy("Colleague invited"),
    "colleague_joined": gettext_lazy("Colleague joined"),
    "colleague_removed": gettext_lazy("Colleague removed"),
    "invitation_revoked": gettext_lazy("Invitation revoked"),
    "role_changed": gettext_lazy("Role changed"),
    "agreement_presented": gettext_lazy("Agreement prepared for signature"),
    "paper_scan_uploaded": gettext_lazy("Scan of the paper signed by hand uploaded, not yet confirmed"),
    "paper_scan_confirmed": gettext_lazy("Scan of the signed paper confirmed by AAMI"),
    "paper_scan_rejected": gettext_lazy("Scan of the signed paper not accepted by AAMI"),
    "agreement_voided": gettext_lazy("Signature voided"),
    "invitation_asked": gettext_lazy("Asked for an invitation to an application that looks the same"),
    "message_sent": gettext_lazy("AAMI wrote a message"),
    "message_answered": gettext_lazy("Message to AAMI"),
}
# What only the desk sees.
DESK_VERBS: dict[str, Text] = {
    "case_claimed": gettext_lazy("Reviewer assigned"),
    "case_released": gettext_lazy("Put back into the pool"),
    "case_reassigned": gettext_lazy("Handed over to another reviewer"),
    "case_pooled": gettext_lazy("Put back into the pool: the reviewer is gone"),
    "note_written": gettext_lazy("Internal note written"),
}
SHOWN = 6

_SAID: dict[str, Text] = {name: edge.happened for name, edge in EDGE_BY_NAME.items()} | VERBS | DESK_VERBS


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of an activity list; `reason` is what somebody wrote beside it, if anybody did."""

    text: Text
    at: dt.datetime
    who: str
    reason: str


def happenings(employer: Employer) -> list[Event]:
    """Return what happened, oldest first; plain saves are not among it."""
    return list(_events(employer, VERBS).order_by("number"))


def activity(events: list[Event]) -> list[Happening]:
    """Return the latest of these happenings, newest first."""
    return [_said(event) for event in events[: -SHOWN - 1 : -1]]


def desk_activity(employer: Employer, count: int) -> list[Happening]:
    """Return what happened last, newest first, with what only the desk sees."""
    return [_said(event) for event in _events(employer, VERBS | DESK_VERBS).order_by("-number")[:count]]


def _events(employer: Employer, verbs: Iterable[str]) -> Any:
    """Return the events with the reasons of their moves, in one query."""
    rows = Event.objects.filter(chain=employer.chain, verb__in=[*verbs, *EDGE_BY_NAME])
    return rows.select_related("user").annotate(reason=F("move__reason"))


def _said(event: Any) -> Happening:
    return Happening(_SAID[event.verb], event.at, str(event.user or ""), event.reason or "")
