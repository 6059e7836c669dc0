"""The addresses of a registration's panel: mark it as sent, tick the checklist, take the papers away."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.models import User
from apprenticeship.accounts.reauthentication import ask_again
from apprenticeship.accounts.rescue import take_typed_text
from apprenticeship.records.events import record
from employers import bundle, desk, permissions, registering
from employers.admin.page import review_page
from employers.admin.registration import CorrectForm, SendForm, SendingForm
from employers.models import AttemptCheck, Onboarding, RegistrationAttempt
from employers.onboarding import Text

ANCHOR = "#registration"
IN_MEMORY = 16 * 1024 * 1024  # bytes; a larger bundle waits in a temporary file


def _attempt(onboarding: Onboarding) -> RegistrationAttempt | None:
    rows = RegistrationAttempt.objects.select_related("registration__onboarding__employer")
    found: RegistrationAttempt | None = rows.open_for(onboarding)
    return found


def _back(onboarding: Onboarding) -> HttpResponse:
    return redirect(reverse("admin:employers_onboarding_change", args=[onboarding.pk]) + ANCHOR)


@dataclass(frozen=True, slots=True)
class Sending:
    """One act of the panel: its form, what it does, and what it says afterwards."""

    form: type[SendingForm]
    act: Callable[..., RegistrationAttempt]
    said: Text


SEND = Sending(SendForm, registering.send, gettext_lazy("Marked as sent. The employer hears of it by mail."))
CORRECT = Sending(
    CorrectForm, registering.correct, gettext_lazy("Corrected. The employer hears of it by mail.")
)


def send(model_admin: Any, request: HttpRequest, object_id: str, *, sending: Sending) -> HttpResponse:
    """Mark the open attempt as sent, or correct that, or show the page again with what was typed."""
    onboarding, show = model_admin.case(request, object_id), partial(review_page, model_admin, request)
    assert isinstance(request.user, User)
    attempt, is_post = _attempt(onboarding), request.method == "POST"
    typed = request.POST if is_post else take_typed_text(request)
    if typed is None or not (is_post or attempt):
        return _back(onboarding)
    form = sending.form(attempt, typed)
    if not is_post:
        return show(onboarding, send_form=form, marks=typed)
    try:
        permissions.check(form.edge, onboarding, request.user)
    except permissions.NotAllowed as refusal:
        return show(onboarding, form=form, problem=str(refusal), status=403)
    is_due = attempt is not None and attempt.is_sent == (sending is CORRECT)
    if attempt is None or not is_due or request.POST.get("number") != str(attempt.number):
        return show(onboarding, form=form, problem=_too_late(attempt), status=409)
    if not form.is_valid():
        return show(onboarding, send_form=form, status=422)
    return _send(model_admin, request, onboarding, form, sending)


def _send(
    model_admin: Any, request: HttpRequest, onboarding: Onboarding, form: SendingForm, sending: Sending
) -> HttpResponse:
    show = partial(review_page, model_admin, request)
    act = partial(sending.act, onboarding, by=request.user, **form.facts())
    try:
        if "preview" in request.POST:
            return show(onboarding, send_form=form, send_mails=desk.preview(onboarding, act))
        act()
    except ValidationError as faults:
        form.add_error(None, faults)
        return show(onboarding, send_form=form, status=422)
    except TransitionNotAllowed:
        fresh = model_admin.case(request, str(onboarding.pk))
        return show(fresh, form=form, problem=_too_late(_attempt(fresh)), status=409)
    messages.success(request, str(sending.said))
    return _back(onboarding)


def _too_late(attempt: RegistrationAttempt | None) -> str:
    """Say what happened meanwhile."""
    if attempt is None:
        return _("Nothing was changed: there is no registration to be sent in this case now.")
    if not attempt.is_sent:
        return _("Nothing was changed: the papers are not sent now, or another attempt has begun.")
    return _("Nothing was changed: %(who)s has marked it as sent already.") % {"who": attempt.sent_by}


def check(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Tick one item of the checklist, or open it again: the button that was pressed names it. POST only."""
    onboarding = model_admin.case(request, object_id)
    assert isinstance(request.user, User)
    is_checked = "check" in request.POST
    key = request.POST.get("check" if is_checked else "open", "")
    try:
        number = int(key) if key.isdecimal() and len(key) < 10 else 0
        registering.check(onboarding, number, by=request.user, is_checked=is_checked)
    except permissions.NotAllowed as refusal:
        return review_page(model_admin, request, onboarding, problem=str(refusal), status=403)
    except (TransitionNotAllowed, AttemptCheck.DoesNotExist):
        late = _("Nothing was ticked: the case moved on, or the list is another one now.")
        return review_page(model_admin, request, onboarding, problem=late, status=409)
    return _back(onboarding)


def take_bundle(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponseBase:
    """Say what the papers for the agency are (GET), then hand them out (POST), to those who said who they are."""
    onboarding = model_admin.case(request, object_id)
    assert isinstance(request.user, User)
    permissions.check(registering.SEND, onboarding, request.user)
    attempt = _attempt(onboarding)
    if attempt is None:
        raise Http404
    way = ask_again(request)
    if way is not None:
        return way
    if request.method == "POST":
        try:
            return _hand_out(attempt, by=request.user)
        except bundle.NotReady as missing:
            messages.error(request, str(missing))
    return _ask(model_admin, request, onboarding, attempt)


def _ask(
    model_admin: Any, request: HttpRequest, onboarding: Onboarding, attempt: RegistrationAttempt
) -> HttpResponse:
    parts = bundle.parts_of(attempt)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Papers for the agency"),
        "onboarding": onboarding,
        "attempt": attempt,
        "name": bundle.name_of(attempt),
        "parts": parts,
        "is_ready": all(part.is_ready for part in parts),
        "acknowledged": onboarding.acknowledgments.select_related("document").order_by(
            "document__position", "pk"
        ),
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, "admin/employers/onboarding/bundle.html", context)


def _hand_out(attempt: RegistrationAttempt, *, by: User) -> FileResponse:
    """Send the ZIP; the log keeps who took it, and the SHA-256 of its list of sums. Raises bundle.NotReady."""
    files = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    try:
        sums = bundle.write(attempt, files)
    except bundle.NotReady:
        files.close()
        raise
    files.seek(0)
    chain = attempt.registration.onboarding.employer.chain
    facts = {"attempt": attempt.number, "sums": sums}
    record(chain, "registration_bundle_taken", by=by, subject=attempt, data=facts)
    name = f"{bundle.name_of(attempt)}.zip"
    return FileResponse(files, as_attachment=True, filename=name, content_type="application/zip")
