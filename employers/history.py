"""An employer's history in words: every save field by field, every move and decision with its reason."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, UUIDField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat, Replace
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.records import history
from apprenticeship.records.models import Event
from employers.activity import DESK_VERBS, VERBS
from employers.models import AttemptCheck, ChangeRequest, Employer, Registration, SigningLink
from employers.onboarding import EDGE_BY_NAME, Actor, Part
from employers.registering import TICK_VERBS
from employers.wages.wording import day

# Decisions that flag parts.
ASKING = ("request_changes", "return_by_agency")
REGISTERED = "register"


def says() -> dict[str, Any]:
    """Return what each verb of this app is called."""
    edges = {name: edge.happened for name, edge in EDGE_BY_NAME.items()}
    own = {
        "part_saved": lambda event: _("%(part)s saved") % {"part": Part(event.data["part"]).label},
        "amendment_carried_out": gettext_lazy("Amendment written into the record"),
        "amendment_saved": gettext_lazy("Draft of an amendment saved"),
        "signing_consent_given": gettext_lazy("Agreed to sign electronically; the last page was shown"),
        "signing_code_sent": gettext_lazy("Code to sign mailed"),
        "forwarding_code_sent": gettext_lazy("Code to forward the link to sign mailed"),
        "declining_code_sent": gettext_lazy("Code to decline to sign mailed"),
        "wrong_code_typed": gettext_lazy("Wrong code typed"),
        "signing_link_forwarded": gettext_lazy("Link to sign forwarded to somebody else"),
        "signing_declined": gettext_lazy("Signatory declined to sign"),
        "signing_question_asked": gettext_lazy("Signatory asked a question"),
        "preview_link_made": gettext_lazy("Preview link made"),
        "preview_link_revoked": gettext_lazy("Preview link revoked"),
        "final_paper_ordered_late": gettext_lazy("Final paper ordered by the portal, which was missing"),
        "final_paper_mailed_late": gettext_lazy("Final paper mailed by the portal, which nobody had got"),
        "document_downloaded": gettext_lazy("Paper downloaded"),
        "signing_link_sent": gettext_lazy("Link to sign ordered by mail for the signatory"),
        "signing_link_follows": gettext_lazy("Text changed; the link to sign shows the new one"),
        "signing_link_revoked": gettext_lazy("Link to sign revoked"),
        "logo_card_saved": gettext_lazy("Entry for the public pages saved"),
        "paper_scan_opened": gettext_lazy("Scan of the signed paper opened"),
    }
    return edges | VERBS | DESK_VERBS | TICK_VERBS | own


def with_actors(events: QuerySet[Any]) -> QuerySet[Any]:
    """Add `actor`: the signing link that acted where no account did, by its signatory's name; else None."""
    # The id as the database keeps it: with or without its dashes.
    link = Cast(Replace(KT("data__link"), Value("-"), Value("")), UUIDField())
    named = Concat(Value(_("signing link") + " ("), "name", Value(")"))
    links = SigningLink.objects.filter(pk=OuterRef("link")).values(said=named)
    rows: QuerySet[Any] = events.annotate(link=link).annotate(actor=Subquery(links))
    return rows


def events_of(employer: Employer) -> QuerySet[Any]:
    """Return everything on an employer's chain, each move with its reason."""
    rows: QuerySet[Any] = Event.objects.filter(chain=employer.chain).annotate(reason=F("move__reason"))
    return rows


def entries(employer: Employer, events: Iterable[Any]) -> list[history.Entry]:
    """Return events in words; one that asked for changes lists the parts, one of a registration its facts."""
    events = list(events)
    requests = list(
        ChangeRequest.objects.filter(onboarding__employer=employer)
        .prefetch_related("flagged_parts")
        .order_by("created_at")
    )
    registered = _registration_lines(employer, events)
    return [_entry(event, requests, registered.get(event.pk, [])) for event in events]


def _registration_lines(employer: Employer, events: list[Any]) -> dict[int, list[history.Line]]:
    """Return by event which item of the checklist was ticked, and what the agency has recorded."""
    said: dict[int, list[history.Line]] = {}
    ticks = [event for event in events if event.verb in TICK_VERBS]
    if ticks:
        rows = AttemptCheck.objects.filter(attempt__registration__onboarding__employer=employer)
        items = {(row[0], row[1]): row[2] for row in rows.values_list("attempt__number", "position", "text")}
        for event in ticks:
            text = items.get((event.data.get("attempt"), event.data.get("item")))
            said[event.pk] = [history.Line(text)] if text else []
    for event in (event for event in events if event.verb == REGISTERED):
        recorded = Registration.objects.filter(onboarding__employer=employer, registered_on__isnull=False)
        said[event.pk] = [_recorded(row) for row in recorded]
    return said


def _recorded(registration: Registration) -> history.Line:
    assert registration.registered_on
    facts = {"number": registration.program_number, "day": day(registration.registered_on)}
    return history.Line(_("Program number %(number)s, registered on %(day)s.") % facts)


def _entry(event: Any, requests: list[ChangeRequest], facts: list[history.Line]) -> history.Entry:
    asked = [row for row in requests if row.created_at <= event.at] if event.verb in ASKING else []
    lines = [
        history.Line(_("%(part)s: “%(note)s”") % {"part": flag, "note": flag.note})
        for flag in (asked[-1].flagged_parts.all() if asked else ())
    ]
    message = asked[-1].message if asked else ""
    found = history.entry(event, reason=event.reason or message, extra=[*lines, *facts])
    edge = EDGE_BY_NAME.get(event.verb)
    is_by_link = not (event.user_id or event.actor) and edge is not None and edge.actor is Actor.SIGNATORY
    who = _("the signatory, by the mailed link") if is_by_link else found.who
    return history.Entry(found.said, who, found.at, found.reason, found.lines)
