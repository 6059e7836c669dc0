"""The address that keeps a draft of a review, by itself while somebody types and by a button without JavaScript."""

import datetime as dt
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.accounts.rescue import take_typed_text
from employers import drafts
from employers.admin.changes import ChangesForm, typed_fields
from employers.admin.decisions import DECISIONS, open_edges
from employers.admin.page import review_page
from employers.forms.part import number_in
from employers.permissions import NotAllowed

STATE = "admin/employers/onboarding/includes/draft_state.html"


def draft(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Keep what was marked and typed. Answers a page that saves by itself with one line, others with the page."""
    onboarding = model_admin.case(request, object_id)
    assert isinstance(request.user, User)
    if "discard" in request.POST:
        return _discard(onboarding, request.user, request)
    typed = request.POST if request.method == "POST" else take_typed_text(request)
    form = _form(onboarding, request.user, typed)
    is_live = bool(request.headers.get("HX-Request"))
    show = (
        partial(_line, request, onboarding)
        if is_live
        else partial(review_page, model_admin, request, onboarding)
    )
    if form is None or typed is None:
        problem = _("The case moved on. Nothing can be reviewed here now.") if typed else ""
        return show(problem=problem, status=409) if problem else _back(onboarding)
    if request.method != "POST":
        return show(form=form)
    version = number_in(typed.get("draft_version", "")) or 0
    try:
        row = drafts.keep(
            onboarding, typed_fields(typed), by=request.user, seen=_moment(typed), version=version
        )
    except (NotAllowed, drafts.CaseMovedOn, drafts.NewerDraft) as refusal:
        problem, status = _why(refusal, form)
        return show(form=form, problem=problem, status=status)
    form.draft_version = row.version
    if is_live:
        return show(form=form, row=row)
    messages.success(request, _("Draft kept. Only AAMI reads it."))
    return _back(onboarding)


def _why(refusal: NotAllowed | drafts.CaseMovedOn | drafts.NewerDraft, form: ChangesForm) -> tuple[str, int]:
    """Return in words why a draft was not kept, and the status; the form may replace a newer one after that."""
    if isinstance(refusal, NotAllowed):
        return str(refusal), 403
    if isinstance(refusal, drafts.CaseMovedOn):
        return _("The case moved on. This text is not kept yet; read the case again."), 409
    form.draft_version = refusal.version
    problem = _("You kept a newer draft in another window. This text is not kept.")
    if form.is_review:
        problem += " " + _("“Keep as draft” replaces the newer one.")
    return problem, 409


def _form(onboarding: Any, by: User, typed: Any) -> ChangesForm | None:
    """Return the form of the review that can be decided here now."""
    edges, _refusal = open_edges(onboarding, by)
    kinds = [(edge, DECISIONS[edge.name].form) for edge in edges]
    return next(
        (kind(edge, onboarding, by, typed) for edge, kind in kinds if issubclass(kind, ChangesForm)), None
    )


def _discard(onboarding: Any, by: User, request: HttpRequest) -> HttpResponse:
    """Forget the reader's own draft."""
    drafts.drop(onboarding, by=by)
    messages.success(request, _("Your draft is gone."))
    return _back(onboarding)


def _line(request: HttpRequest, onboarding: Any, **context: Any) -> HttpResponse:
    """Return one line for a page that stays open; it swaps in what came with status 200 only."""
    return render(
        request, STATE, {"onboarding": onboarding, "problem": "", "row": None, "form": None} | context
    )


def _moment(typed: Any) -> dt.datetime | None:
    try:
        return parse_datetime(typed.get("seen", ""))
    except ValueError:
        return None


def _back(onboarding: Any) -> HttpResponse:
    return redirect("admin:employers_onboarding_change", onboarding.pk)
