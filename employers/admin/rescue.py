"""Admin views that take typed text: a lost session loses none of it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from apprenticeship.accounts.rescue import keep_typed_text


def keeping_text(model_admin: Any, inner: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return `inner(model_admin, request, …)` behind the admin's door; what was posted waits behind the sign-in."""
    guarded = model_admin.admin_site.admin_view(partial(inner, model_admin))

    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and request.user.is_anonymous:
            keep_typed_text(request)
            return redirect_to_login(request.path)
        response: HttpResponse = guarded(request, **kwargs)
        return response

    view.keeps_typed_text = True  # type: ignore[attr-defined]
    return view
