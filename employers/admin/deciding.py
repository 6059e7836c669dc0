"""The address that decides: POST only, through the desk, and what was typed is never lost."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.models import User
from apprenticeship.accounts.rescue import take_typed_text
from employers import desk, drafts, permissions, signing
from employers.activity import Happening, latest_move
from employers.admin.changes import FINE, typed_fields
from employers.admin.decisions import DECISIONS, decision_of
from employers.admin.forms import DecisionForm
from employers.admin.last_word import ask_last
from employers.admin.page import review_page
from employers.application import Application
from employers.found_fine import keep_fine
from employers.models import Onboarding
from employers.onboarding import EDGE_BY_NAME, Edge, Part
from employers.transitions import NotReady, lock

PAGE = "admin:employers_onboarding_change"


def decide(model_admin: Any, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Decide, or show the page again with what was typed. A GET only shows what a lost session left."""
    onboarding = model_admin.case(request, object_id)
    if name not in DECISIONS:
        raise Http404
    assert isinstance(request.user, User)
    edge, show = EDGE_BY_NAME[name], partial(review_page, model_admin, request, onboarding)
    signed = partial(getattr, Application(onboarding), "signed_agreement")
    make = partial(decision_of(edge, signed).form, edge, onboarding, request.user)
    if request.method != "POST":
        typed = take_typed_text(request)
        return show(form=make(typed), marks=typed) if typed else _back(request, onboarding, edge)
    form = make(request.POST)
    try:
        permissions.check(edge, onboarding, request.user)
    except permissions.NotAllowed as refusal:
        return show(form=form, problem=str(refusal), status=403)
    if _moved_on(onboarding, edge, form):
        return show(form=form, problem=_too_late(onboarding, request.user), status=409)
    if not form.is_valid():
        return show(form=form, status=422)
    if "back" in request.POST:
        return show(form=form)
    asked = ask_last(model_admin, request, form, onboarding, signed)
    return asked or _make(model_admin, request, onboarding, form)


def _make(model_admin: Any, request: HttpRequest, onboarding: Onboarding, form: DecisionForm) -> HttpResponse:
    """Let the desk decide, or show the mail that it would send."""
    act = partial(_act, onboarding, form, request)
    show = partial(review_page, model_admin, request)
    try:
        if "preview" in request.POST:
            return show(onboarding, form=form, mails=desk.preview(onboarding, act))
        act()
    except (NotReady, ValidationError) as faults:
        _add_errors(form, faults)
        return show(onboarding, form=form, status=422)
    except permissions.NotAllowed as refusal:
        return show(onboarding, form=form, problem=str(refusal), status=403)
    except signing.TextChanged:
        changed = _("The agreement changed since you opened this page. Nothing was signed; read it again.")
        return show(model_admin.case(request, str(onboarding.pk)), form=form, problem=changed, status=409)
    except TransitionNotAllowed:
        fresh = model_admin.case(request, str(onboarding.pk))
        return show(fresh, form=form, problem=_too_late(fresh, request.user), status=409)
    messages.success(request, f"{form.happened}.")
    return redirect(PAGE, onboarding.pk)


@transaction.atomic
def _act(onboarding: Onboarding, form: DecisionForm, request: HttpRequest) -> Onboarding:
    """Decide about the case as the reviewer saw it. Raises what the desk raises."""
    assert isinstance(request.user, User)
    held = lock(onboarding)
    decision = decision_of(form.edge, partial(getattr, Application(held), "signed_agreement"))
    if _moved_on(held, form.edge, form):
        transition = getattr(held, form.edge.name)
        raise TransitionNotAllowed("The case moved on.", object=held, method=transition)
    decided = decision.decide(held, by=request.user, **decision.facts(form, request))
    keep_fine(decided, _found_fine(request), by=request.user)
    drafts.drop(decided, by=request.user)
    return decided


def _found_fine(request: HttpRequest) -> list[Part]:
    """Return the parts that the officer marks as fine; an officer's last page passes the marks on."""
    typed = typed_fields(request.POST)
    return [part for part in Part if typed.get(f"verdict_{part}") == FINE]


def _moved_on(onboarding: Onboarding, edge: Edge, form: DecisionForm) -> bool:
    """Whether the case is no longer where it was when the page was opened."""
    return onboarding.state not in edge.sources or form.posted["seen"] != onboarding.state_since.isoformat()


def _back(request: HttpRequest, onboarding: Onboarding, edge: Edge) -> HttpResponse:
    """Lead to the case, which says what happened meanwhile if this can be decided no more."""
    if onboarding.state not in edge.sources:
        words = _("“%(decision)s” is not open in this case now. Last: %(happened)s.")
        facts = {"decision": edge.label, "happened": _in_words(latest_move(onboarding.employer))}
        messages.warning(request, words % facts)
    return redirect(PAGE, onboarding.pk)


def _too_late(onboarding: Onboarding, by: Any) -> str:
    """Say what happened meanwhile, and by whom."""
    latest = latest_move(onboarding.employer)
    said = _("Somebody was quicker, so nothing was decided here. Last: %(happened)s.")
    if latest and latest.user_id == by.pk:
        said = _(
            "The case was decided meanwhile (by you, in another window), so nothing was decided here. "
            "Last: %(happened)s."
        )
    typed = _("What you typed is below and not kept. Read the case again before you decide.")
    return f"{said % {'happened': _in_words(latest)}} {typed}"


def _in_words(move: Happening | None) -> str:
    """Say what happened, who did it and when."""
    if move is None:
        return ""
    at = date_format(move.at, "M j, Y, H:i") + " UTC"
    return " · ".join(part for part in (str(move.text), move.who, at) if part)


def _add_errors(form: DecisionForm, faults: NotReady | ValidationError) -> None:
    if isinstance(faults, NotReady):
        for gap in faults.gaps:
            form.add_error(None, gap.message)
    else:
        form.add_error(None, faults)
