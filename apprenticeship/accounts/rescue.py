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
from django.utils.translation import gettext as _

SESSION_KEY = "rescued"
# The hidden field with the key of whoever opened the form.
TYPED_BY = "typed_by"
MAX_CHARACTERS = 200_000


def keep_typed_text(request: HttpRequest) -> bool:
    """Keep the posted fields for this path in the session. Returns False if there are none or too many."""
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    encoded = typed.urlencode()
    if not typed or len(encoded) > MAX_CHARACTERS:
        return False
    request.session[SESSION_KEY] = {"path": request.path, "fields": encoded}
    return True


def take_typed_text(request: HttpRequest) -> QueryDict | None:
    """Return the fields kept for this path, once."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    fields = QueryDict(kept["fields"])
    if fields.get(TYPED_BY) != str(request.user.pk):
        return None  # somebody else has signed in at this computer
    messages.info(request, _("You were signed out while typing. Your text is here and not saved yet."))
    return fields


def login_required_keeping_text(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Send anonymous visitors to sign in; what they posted waits for them."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            keep_typed_text(request)
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
