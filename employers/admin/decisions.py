"""The decisions that the review page offers: each edge with its form and the desk function that decides."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from apprenticeship.accounts.models import User
from apprenticeship.accounts.reauthentication import last_proof
from apprenticeship.accounts.second_factor import has_proved
from apprenticeship.addresses import client_ip
from employers import desk, permissions
from employers.admin.changes import ChangesForm, ReturnForm
from employers.admin.forms import (
    ApproveForm,
    DecisionForm,
    GraveForm,
    ReasonForm,
    RegisterForm,
)
from employers.models import Onboarding, Signature
from employers.onboarding import EDGES, Actor, Edge
from employers.signing import Identity

Decide = Callable[..., Onboarding]
Facts = Callable[[Any, HttpRequest], dict[str, Any]]

STAFF = (Actor.REVIEWER, Actor.MANAGER)


def _reason(form: ReasonForm, request: HttpRequest) -> dict[str, Any]:
    return {"reason": form.cleaned_data["reason"]}


def countersignature(form: ApproveForm, request: HttpRequest) -> dict[str, Any]:
    """Return what is typed and known when an officer signs for AAMI."""
    typed = form.cleaned_data
    return {
        "title": typed["title"],
        "typed_name": typed["typed_name"],
        "sha256": form.posted["sha256"],
        "ip": client_ip(request),
        "browser": request.headers.get("User-Agent", ""),
        "known": _known(request),
    }


def _known(request: HttpRequest) -> Identity:
    """Return how an officer is known who was asked a moment ago who they are."""
    is_proved = isinstance(request.user, User) and has_proved(request, request.user)
    proof, at = last_proof(request)
    method = Signature.Method.FACTOR if is_proved else Signature.Method.ACCOUNT
    return Identity(method=method, proof=proof, proof_at=at)


def _changes(form: ChangesForm, request: HttpRequest) -> dict[str, Any]:
    return {
        "notes": form.notes(), "reasons": form.chosen_reasons(), "message": form.cleaned_data["message"]
    }  # fmt: skip


def _return(form: ReturnForm, request: HttpRequest) -> dict[str, Any]:
    return {
        "notes": form.notes(), "reasons": form.chosen_reasons(), "reason": form.cleaned_data["message"]
    }  # fmt: skip


def _registration(form: RegisterForm, request: HttpRequest) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("program_number", "registered_on")}


@dataclass(frozen=True, slots=True)
class Decision:
    """How one edge is decided: its form, the desk's function and what the form hands over.

    A signature asks first who it is: `is_signature`.
    """

    form: type[DecisionForm]
    decide: Decide
    facts: Facts = _reason
    is_signature: bool = False


DECISIONS: dict[str, Decision] = {
    "approve": Decision(ApproveForm, desk.approve, countersignature, is_signature=True),
    "request_changes": Decision(ChangesForm, desk.request_changes, _changes),
    "decline": Decision(GraveForm, desk.decline),
    "register": Decision(RegisterForm, desk.register, _registration),
    "return_by_agency": Decision(ReturnForm, desk.return_by_agency, _return),
    "cancel_registration": Decision(GraveForm, desk.cancel_registration),
    "suspend": Decision(GraveForm, desk.suspend),
    "reinstate": Decision(ReasonForm, desk.reinstate),
    "end": Decision(GraveForm, desk.end),
    "reopen_declined": Decision(ReasonForm, desk.reopen_declined),
}


def open_edges(onboarding: Any, user: User) -> tuple[list[Edge], str]:
    """Return the decisions this user may make here now, and else why they may make none ("" if there are none)."""
    here = [edge for edge in EDGES if edge.actor in STAFF and onboarding.state in edge.sources]
    mine = [edge for edge in here if user.has_perm(edge.permission)]
    if not mine:
        return [], ""
    try:
        # One question for all: what is left to refuse concerns the person, not the move.
        permissions.check_staff(mine[0], user, onboarding.role_here)
    except permissions.NotAllowed as refusal:
        return [], str(refusal)
    return mine, ""
