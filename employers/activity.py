"""What happened to an application, in words: the employer's activity list and the desk's."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.records.models import Event
from employers import registering
from employers.amending import VERBS as AMENDMENT_VERBS
from employers.models import Employer
from employers.onboarding import EDGE_BY_NAME, STEP_BY_STATE, State, Text

VERBS: dict[str, Text] = (
    AMENDMENT_VERBS
    | registering.VERBS
    | {
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
        "logo_card_sent": gettext_lazy("Entry for the public pages sent to AAMI"),
        "logo_card_approved": gettext_lazy("Entry for the public pages approved by AAMI"),
        "logo_card_refused": gettext_lazy("Entry for the public pages not approved by AAMI"),
        "logo_card_taken_down": gettext_lazy("Entry on the public pages taken down"),
        "message_sent": gettext_lazy("AAMI wrote a message"),
        "message_answered": gettext_lazy("Message to AAMI"),
    }
)
# What only the desk sees.
DESK_VERBS: dict[str, Text] = registering.DESK_VERBS | {
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
    """One line of an activity list; `reason` is what somebody wrote beside it, `user_id` whose act it was, if any."""

    text: Text
    at: dt.datetime
    who: str
    reason: str
    user_id: int | None = None


def happenings(employer: Employer) -> list[Event]:
    """Return what happened, oldest first; plain saves are not among it."""
    return list(_events(employer, VERBS).order_by("number"))


def activity(events: list[Event]) -> list[Happening]:
    """Return the latest of these happenings, newest first."""
    return list(islice(_lines(reversed(events)), SHOWN))


def desk_activity(employer: Employer, count: int) -> list[Happening]:
    """Return what happened last, newest first, with what only the desk sees."""
    events = _events(employer, VERBS | DESK_VERBS).order_by("-number")[: count * 2]
    return list(islice(_lines(events), count))


def latest_move(employer: Employer) -> Happening | None:
    """Return the last move of a case, whatever followed from it."""
    event = _events(employer, ()).order_by("-number").first()
    return _said(event) if event else None


def _events(employer: Employer, verbs: Iterable[str]) -> Any:
    """Return the events with what their moves say beside them, in one query."""
    rows = Event.objects.filter(chain=employer.chain, verb__in=[*verbs, *EDGE_BY_NAME])
    return rows.select_related("user").annotate(
        reason=F("move__reason"), is_walk=F("move__is_walk"), target=F("move__target")
    )


def _lines(events: Iterable[Any]) -> Iterator[Happening]:
    """Yield a line an event, newest first. Steps that were done before and hold again after a step back are one."""
    for is_walk, together in groupby(events, _is_walked_again):
        if is_walk:
            yield _walked_on(next(together))
        else:
            yield from map(_said, together)


def _is_walked_again(event: Any) -> bool:
    """Whether the portal made this move for nobody: after a save that sent the case back and left the step whole."""
    return bool(event.is_walk) and event.user_id is None


def _walked_on(last: Any) -> Happening:
    step = STEP_BY_STATE[State(last.target)]
    words = _("The portal walked on to step %(number)s, %(title)s")
    return Happening(words % {"number": step.number, "title": step.title}, last.at, "", "")


def _said(event: Any) -> Happening:
    edge = EDGE_BY_NAME.get(event.verb)
    text = edge.walked.happened if edge and event.is_walk else _SAID[event.verb]
    return Happening(text, event.at, str(event.user or ""), event.reason or "", event.user_id)
