"""Ask once more who it is, before an act that nobody may make at an unattended desk."""

import datetime as dt
from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from apprenticeship.accounts.rescue import ASKED_AGAIN, keep_typed_text


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """Return the way to prove who one is, or None if that was done lately (ACCOUNT_REAUTHENTICATION_TIMEOUT).

    What was typed is kept: the page it was sent to shows it again by `take_typed_text`, and nothing is done yet.
    """
    if did_recently_reauthenticate(request):
        return None
    if request.method == "POST":
        keep_typed_text(request, why=ASKED_AGAIN)
    way = get_adapter(request).get_reauthentication_methods(request.user)[0]["url"]
    return redirect(f"{way}?{urlencode({'next': request.get_full_path()})}")


def last_proof(request: HttpRequest) -> tuple[str, dt.datetime | None]:
    """Return how somebody last proved who they are, and when; ("", None) if they were never asked again.

    "totp", "webauthn" or "recovery_codes", as the factors are called, or "password".
    """
    records = get_authentication_records(request, request.user)
    asked = [record for record in records if record.get("reauthenticated")]
    if not asked:
        return "", None
    return asked[-1].get("type", asked[-1]["method"]), dt.datetime.fromtimestamp(asked[-1]["at"], dt.UTC)


def asks_again(
    view: Callable[..., HttpResponse], only_if: Callable[[HttpRequest], bool]
) -> Callable[..., HttpResponse]:
    """Return a view that asks again before every POST of those to whom `only_if` applies."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and request.user.is_authenticated and only_if(request):
            way = ask_again(request)
            if way is not None:
                return way
        return view(request, *args, **kwargs)

    return wrapper
