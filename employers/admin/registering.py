"""The addresses of a registration's panel: mark it as sent, tick the checklist, take the papers away."""

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
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.models import User
from apprenticeship.accounts.reauthentication import ask_again
from apprenticeship.accounts.rescue import take_typed_text
from apprenticeship.records.events import record
from employers import bundle, desk, permissions, registering
from employers.admin.page import review_page
from employers.admin.registration import SendForm
from employers.models import AttemptCheck, Onboarding, RegistrationAttempt

ANCHOR = "#registration"
IN_MEMORY = 16 * 1024 * 1024  # bytes; a larger bundle waits in a temporary file


def _attempt(onboarding: Onboarding) -> RegistrationAttempt | None:
    rows = RegistrationAttempt.objects.select_related("registration__onboarding__employer")
    found: RegistrationAttempt | None = rows.open_for(onboarding)
    return found


def _back(onboarding: Onboarding) -> HttpResponse:
    return redirect(reverse("admin:employers_onboarding_change", args=[onboarding.pk]) + ANCHOR)


def _form(attempt: RegistrationAttempt | None, data: Any) -> SendForm:
    open_items = attempt.checks.filter(checked_at=None).count() if attempt else 0
    return SendForm(attempt, open_items, data)


def send(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Mark the open attempt as sent, or show the page again with what was typed."""
    onboarding, show = model_admin.case(request, object_id), partial(review_page, model_admin, request)
    assert isinstance(request.user, User)
    attempt, typed = (
        _attempt(onboarding),
        request.POST if request.method == "POST" else take_typed_text(request),
    )
    if request.method != "POST":
        form = _form(attempt, typed) if attempt and typed is not None else None
        return show(onboarding, send_form=form) if form else _back(onboarding)
    form = _form(attempt, typed)
    try:
        permissions.check(registering.SEND, onboarding, request.user)
    except permissions.NotAllowed as refusal:
        return show(onboarding, form=form, problem=str(refusal), status=403)
    if attempt is None or attempt.is_sent or request.POST.get("number") != str(attempt.number):
        return show(onboarding, form=form, problem=_too_late(attempt), status=409)
    if not form.is_valid():
        return show(onboarding, send_form=form, status=422)
    return _send(model_admin, request, onboarding, form)


def _send(model_admin: Any, request: HttpRequest, onboarding: Onboarding, form: SendForm) -> HttpResponse:
    assert isinstance(request.user, User)
    typed, show = form.cleaned_data, partial(review_page, model_admin, request)
    act = partial(registering.send, onboarding, by=request.user, sent_on=typed["sent_on"], how=typed["how"])
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
    messages.success(request, _("Marked as sent. The employer hears of it by mail."))
    return _back(onboarding)


def _too_late(attempt: RegistrationAttempt | None) -> str:
    """Say what happened meanwhile."""
    if attempt is None:
        return _("Nothing was changed: there is no registration to be sent in this case now.")
    if not attempt.is_sent:
        return _("Nothing was changed: another attempt has begun since you opened this page.")
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
