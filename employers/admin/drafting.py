"""Keep what a reviewer marks: by itself while somebody types, and with whatever else is sent from the page."""

import datetime as dt
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.accounts.models import User
from apprenticeship.accounts.rescue import take_typed_text
from employers import drafts
from employers.admin.changes import ChangesForm, brings_marks, is_own, typed_fields
from employers.admin.decisions import DECISIONS, open_edges
from employers.admin.last_word import is_last_page
from employers.admin.page import review_page, with_filters
from employers.forms.part import number_in
from employers.models import ReviewDraft
from employers.onboarding import Text
from employers.permissions import NotAllowed

STATE = "admin/employers/onboarding/includes/draft_state.html"
NEWER = gettext_lazy(
    "You kept a newer draft in another window. What you send next from this window replaces it."
)
# The last page brings its marks along and keeps none of them.
NEWER_GOES = gettext_lazy(
    "You kept a newer draft in another window. If you sign here, the marks of this window count, and that draft is "
    "gone; “Back” leaves it as it is."
)
MOVED_ON = gettext_lazy(
    "The case moved on. What you marked is shown below and not kept; read the case again."
)


def draft(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Keep what was marked and typed. Answers a page that saves by itself with one line, others with the page."""
    onboarding = model_admin.case(request, object_id)
    assert isinstance(request.user, User)
    if "discard" in request.POST and not is_own(typed_fields(request.POST)):  # newer marks replace it
        drafts.drop(onboarding, by=request.user)
        messages.success(request, _("Your draft is gone."))
        return _back(onboarding, request)
    typed = request.POST if request.method == "POST" else take_typed_text(request)
    if typed is None:
        return _back(onboarding, request)
    form = _form(onboarding, request.user, typed)
    show = partial(review_page, model_admin, request, onboarding)
    if _is_live(request):
        show = partial(_line, request, onboarding)
    if form is None:
        return show(problem=_("The case moved on. Nothing can be reviewed here now."), status=409)
    return _kept(request, onboarding, form, show) if request.method == "POST" else show(form=form)


def _kept(
    request: HttpRequest, onboarding: Any, form: ChangesForm, show: Callable[..., HttpResponse]
) -> HttpResponse:
    """Keep what was sent and say so, or show why not."""
    assert isinstance(request.user, User)
    try:
        row = _keep(onboarding, request.POST, request.user)
    except (NotAllowed, drafts.CaseMovedOn, drafts.NewerDraft) as refusal:
        problem, status = _why(refusal, form)
        return show(form=form, problem=problem, status=status)
    form.draft_version = row.version
    if _is_live(request):
        return show(form=form, row=row)
    messages.success(request, _("Draft kept. Only AAMI reads it."))
    return _back(onboarding, request)


def _is_live(request: HttpRequest) -> bool:
    """Whether the page stays open."""
    return bool(request.headers.get("HX-Request"))


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


def keeping_marks(
    inner: Callable[..., HttpResponse], *, uses_marks: bool = False
) -> Callable[..., HttpResponse]:
    """Return `inner(model_admin, request, object_id, …)` that first keeps the marks sent along with anything else.

    Where they cannot be kept, what was asked for is done all the same, and the page shows them again and says why;
    not once an act that `uses_marks` is done: it has used them up.
    """

    @wraps(inner)
    def view(model_admin: Any, request: HttpRequest, object_id: str, **kwargs: Any) -> HttpResponse:
        before = model_admin.case(request, object_id)
        problem = _keep_along(before, request)
        response = inner(model_admin, request, object_id, **kwargs)
        is_done = response.headers.get("Location", "").startswith(address_of(before))
        if is_done:
            response.headers["Location"] = with_filters(response.headers["Location"], request)
        if not problem or (uses_marks and is_done):
            return response
        onboarding = model_admin.case(request, object_id)
        if onboarding.state_since != before.state_since:
            problem = MOVED_ON
        elif problem == NEWER and is_last_page(response):
            problem = NEWER_GOES
        messages.warning(request, str(problem))
        return review_page(model_admin, request, onboarding, status=409) if is_done else response

    return view


def led_back(inner: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return `inner(model_admin, request, object_id, …)` for POST only; a GET shows what a lost session left."""

    @wraps(inner)
    def view(model_admin: Any, request: HttpRequest, object_id: str, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return inner(model_admin, request, object_id, **kwargs)
        onboarding, typed = model_admin.case(request, object_id), take_typed_text(request)
        return (
            review_page(model_admin, request, onboarding, marks=typed)
            if typed
            else redirect(address_of(onboarding))
        )

    return view


def _keep_along(onboarding: Any, request: HttpRequest) -> Text:
    """Keep the marks that came along with something else; return why not, "" if there is nothing to say."""
    sent = request.POST
    assert isinstance(request.user, User)
    if not brings_marks(sent) or not _is_worth_keeping(onboarding, sent, request.user):
        return ""
    try:
        _keep(onboarding, sent, request.user)
    except NotAllowed as refusal:
        return str(refusal)
    except drafts.CaseMovedOn:
        return MOVED_ON
    except drafts.NewerDraft:
        return NEWER
    return ""


def _is_worth_keeping(onboarding: Any, sent: Any, by: User) -> bool:
    """Whether there are marks of the reviewer's own, or were: a draft of this stay may have been emptied."""
    return is_own(typed_fields(sent)) or bool(_version(sent) and drafts.kept(onboarding, by))


def _keep(onboarding: Any, sent: Any, by: User) -> ReviewDraft:
    """Keep the marks that were sent. Raises what drafts.keep raises."""
    return drafts.keep(onboarding, typed_fields(sent), by=by, seen=_moment(sent), version=_version(sent))


def _version(sent: Any) -> int:
    return number_in(sent.get("draft_version", "")) or 0


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


def address_of(onboarding: Any) -> str:
    """Return the address of the case's review page."""
    return reverse("admin:employers_onboarding_change", args=[onboarding.pk])


def _back(onboarding: Any, request: HttpRequest) -> HttpResponse:
    return redirect(with_filters(address_of(onboarding), request))
