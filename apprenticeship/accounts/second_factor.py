"""Staff enter with a second factor or not at all.

allauth asks for the factor of whoever has one; that staff must have one, and that the session at hand was proved
with it, is asked here. Off on a developer's machine only (STAFF_SECOND_FACTOR).
"""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User

# What proves who one is, beside the password. Recovery codes stand in for one of these and are nothing alone.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Where somebody sets a factor up or proves it, and the answers of a machine to a machine. All else is closed.
OPEN_PATH = "accounts/"
OPEN_NAMES = ("healthz", "readyz")


class StaffSecondFactor:
    """Middleware: send staff to set up, or to prove, their second factor before any page of the portal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return the way to the second factor, or None for everybody who may go on."""
        if not settings.STAFF_SECOND_FACTOR or _is_open(request):
            return None
        user = request.user
        if not isinstance(user, User) or not user.is_staff or has_proved(request, user):
            return None
        return _to_second_factor(request, user)


def has_proved(request: HttpRequest, user: User) -> bool:
    """Whether this very session was proved with a second factor, or a recovery code, of a user who has one.

    A factor set up elsewhere, a mailed code or a new password proves nothing here.
    """
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" for record in records) and has_factor(user)


def has_factor(user: User) -> bool:
    """Whether a user has set up an app or a passkey."""
    return bool(is_mfa_enabled(user, FACTORS))


def has_app(user: User) -> bool:
    """Whether a user has set up an authenticator app."""
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP]))


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is None or match.route.startswith(OPEN_PATH) or match.view_name in OPEN_NAMES


def _to_second_factor(request: HttpRequest, user: User) -> HttpResponse:
    if not has_factor(user):
        messages.info(
            request,
            _("AAMI's staff sign in with a second step. Set up an app or a passkey, and the desk opens."),
        )
        return redirect("mfa_index")
    way = get_adapter(request).get_reauthentication_methods(user)[0]["url"]
    return redirect(f"{way}?{urlencode({'next': request.get_full_path()})}")
