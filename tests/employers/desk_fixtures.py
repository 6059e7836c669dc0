"""The desk in tests: its addresses, what a reviewer types, and the way back to review."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apprenticeship.accounts.models import User
from employers.application import Application
from employers.models import Onboarding
from employers.transitions import advance
from tests.employers.answers import mailed_code

LAST_PAGE = "The last page before you countersign"
QUEUE = "/admin/employers/onboarding/"


def page_of(onboarding: Onboarding) -> str:
    """Return the address of the review page."""
    return f"{QUEUE}{onboarding.pk}/change/"


def decide_at(onboarding: Onboarding, edge: str) -> str:
    """Return the address that decides."""
    return f"{QUEUE}{onboarding.pk}/decide/{edge}/"


def current(onboarding: Onboarding) -> Onboarding:
    """Return the case as it is in the database now."""
    return Onboarding.objects.select_related("employer", "reviewer").get(pk=onboarding.pk)


def hash_of(onboarding: Onboarding) -> str:
    """Return the SHA-256 of the agreement that waits for AAMI, or ""."""
    agreement = Application(onboarding).signed_agreement
    return agreement.sha256 if agreement else ""


def typed(onboarding: Onboarding, edge: str, by: User, **changed: Any) -> dict[str, Any]:
    """Return what a reviewer posts for a decision that would be made."""
    onboarding = current(onboarding)
    seen = {"seen": onboarding.state_since.isoformat()}
    note = {"verdict_funding": "change", "note_funding": "Name the grant.", "message": "Nearly there."}
    facts: dict[str, dict[str, Any]] = {
        "approve": {
            "typed_name": by.name,
            "title": "Director",
            "consent": "on",
            "has_authority": "on",
            "sha256": hash_of(onboarding),
        },
        "request_changes": note,
        "return_by_agency": note,
        "register": {"program_number": "2026-MN-123456", "registered_on": timezone.now().date().isoformat()},
    }
    if edge in facts:
        return seen | facts[edge] | changed
    return with_reason(edge, seen | {"reason": "A good reason."} | changed)


def with_reason(edge: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a decision that asks for a reason: the page has several, so each has names of its own."""
    own = ("seen", "reason")
    return {f"{edge}-{name}" if name in own else name: said for name, said in facts.items()}


def decide(client: Client, onboarding: Onboarding, edge: str, by: User, **changed: Any) -> HttpResponse:
    """Post a decision as the review page would."""
    return confirmed(client, decide_at(onboarding, edge), typed(onboarding, edge, by, **changed))


def confirmed(client: Client, address: str, data: dict[str, Any]) -> HttpResponse:
    """Post a decision; where it leads to an officer's last page, press its button too, with the mailed code."""
    response: HttpResponse = client.post(address, data)
    page = response.content.decode()
    if response.status_code == 200 and "preview" not in data and LAST_PAGE in page:
        code = mailed_code() if 'name="code"' in page else ""
        response = client.post(address, data | {"confirm": "yes", "code": code})
    return response


def resubmitted(onboarding: Onboarding, owner: User) -> Onboarding:
    """Answer every flagged part of a case with changes requested, and hand it in again."""
    for request in onboarding.change_requests.filter(closed_at=None):
        request.flagged_parts.update(answer="Done.", answered_by=owner, answered_at=timezone.now())
    return advance(onboarding, "resubmit", by=owner)
