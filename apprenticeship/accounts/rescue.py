"""Typed text survives a log-out, a time-out and a stale page.

A form that arrives without a session is kept in the visitor's new session and shown again, unsaved, after sign-in.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils.translation import gettext_lazy as _

SESSION_KEY = "rescued"
# Why the text had to wait, and what is said when it is back.
SIGNED_OUT, ASKED_AGAIN = "signed-out", "asked-again"
WELCOME_BACK = {
    SIGNED_OUT: _("You were signed out while typing. Your text is here and not saved yet."),
    ASKED_AGAIN: _("Thank you. What you typed is here, and nothing is done yet: press the button once more."),
}
KEPT = _("You are signed out. What you typed is kept: sign in, and it is on the page again.")
# The hidden field with the key of whoever opened the form.
TYPED_BY = "typed_by"
MAX_CHARACTERS = 200_000


def keep_typed_text(request: HttpRequest, why: str = SIGNED_OUT) -> bool:
    """Keep the posted fields for this path in the session, passwords never.

    Returns False if there are none or too many.
    """
    typed = request.POST.copy()
    for name in [name for name in typed if name == "csrfmiddlewaretoken" or "password" in name]:
        del typed[name]
    encoded = typed.urlencode()
    if not typed or len(encoded) > MAX_CHARACTERS:
        return False
    by = str(request.user.pk) if request.user.is_authenticated else typed.get(TYPED_BY, "")
    request.session[SESSION_KEY] = {"path": request.path, "fields": encoded, "by": by, "why": why}
    return True


def take_typed_text(request: HttpRequest) -> QueryDict | None:
    """Return the fields kept for this path, once."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    if kept["by"] != str(request.user.pk):
        return None  # somebody else has signed in at this computer
    messages.info(request, WELCOME_BACK[kept["why"]])
    return QueryDict(kept["fields"])


def login_required_keeping_text(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Send anonymous visitors to sign in; what they posted waits for them."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST" and keep_typed_text(request):
            messages.info(request, KEPT)
        return redirect_to_login(request.path)

    wrapper.keeps_typed_text = True  # type: ignore[attr-defined]
    return wrapper


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show the form again with its text if this site sent it; refuse it otherwise."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    is_ours = bool(origin) and urlsplit(origin).netloc == request.get_host()
    keeps = getattr(resolve(request.path).func, "keeps_typed_text", False)
    if is_ours and keeps and keep_typed_text(request):
        return HttpResponseRedirect(request.path)
    return HttpResponseForbidden(render_to_string("403_csrf.html", request=request))
