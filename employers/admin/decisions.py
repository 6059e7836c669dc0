"""The decisions that the review page offers: each edge with its form and the desk function that decides."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from apprenticeship.accounts.models import User
from apprenticeship.addresses import client_ip
from employers import desk, permissions
from employers.admin.changes import ChangesForm, ReturnForm
from employers.admin.forms import (
    ApproveAgainForm,
    ApproveForm,
    DecisionForm,
    GraveForm,
    ReasonForm,
    RegisterForm,
)
from employers.models import Agreement, Onboarding
from employers.onboarding import EDGES, Actor, Edge

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
        "known": form.known,
    }


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
    """How one edge is decided: its form, the desk's function and what the form hands over."""

    form: type[DecisionForm]
    decide: Decide
    facts: Facts = _reason


DECISIONS: dict[str, Decision] = {
    "approve": Decision(ApproveForm, desk.approve, countersignature),
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

APPROVE_AGAIN = Decision(ApproveAgainForm, desk.approve_again, lambda form, request: {})


def decision_of(edge: Edge, agreement: Callable[[], Agreement | None]) -> Decision:
    """Return how an edge is decided here: approving signs nothing while the newest agreement is in force."""
    if edge.name == "approve":
        newest = agreement()
        if newest is not None and newest.is_in_force:
            return APPROVE_AGAIN
    return DECISIONS[edge.name]


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
