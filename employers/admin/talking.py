"""The addresses that write a note or a message. Notes stay inside AAMI; a message can be read before it leaves."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.accounts.models import User
from apprenticeship.accounts.rescue import take_typed_text
from employers import conversation, desk
from employers.admin.page import review_page
from employers.admin.talks import TALKS
from employers.models import Onboarding
from employers.permissions import NotAllowed

ACTS: dict[str, Callable[..., bool]] = {"note": conversation.note, "message": conversation.ask_employer}
SAID = {
    "note": gettext_lazy("Noted. Only AAMI reads it."),
    "message": gettext_lazy("Sent. The employer’s people get it by mail."),
}


def talk(model_admin: Any, request: HttpRequest, object_id: str, do: str) -> HttpResponse:
    """Store what was typed, or show the mail that would leave. A GET only shows what a lost session left."""
    onboarding: Onboarding = model_admin.case(request, object_id)
    if do not in TALKS:
        raise Http404
    show = partial(review_page, model_admin, request, onboarding)
    if request.method != "POST":
        typed = take_typed_text(request)
        return show(talk=TALKS[do](typed), marks=typed) if typed else _back(onboarding, do)
    form = TALKS[do](request.POST)
    if not form.is_valid():
        return show(talk=form, status=422)
    try:
        if "preview" in request.POST:
            return show(
                talk=form, talk_mails=desk.preview(onboarding, partial(_act, do, onboarding, form, request))
            )
        is_new = _act(do, onboarding, form, request)
    except NotAllowed as refusal:
        return show(talk=form, problem=str(refusal), status=403)
    messages.info(request, str(SAID[do]) if is_new else _("This was stored already; nothing was sent twice."))
    return _back(onboarding, do)


def _act(do: str, onboarding: Onboarding, form: Any, request: HttpRequest) -> bool:
    assert isinstance(request.user, User)
    typed = form.cleaned_data
    return ACTS[do](onboarding, typed["text"], by=request.user, key=typed["key"])


def _back(onboarding: Onboarding, do: str) -> HttpResponse:
    return redirect(f"{reverse('admin:employers_onboarding_change', args=[onboarding.pk])}#{do}s")
