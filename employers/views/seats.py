"""Who sits at an application's table: every page asks here first."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apprenticeship.accounts.models import User
from apprenticeship.accounts.rescue import login_required_keeping_text
from employers.models import Membership, Role
from employers.navigation import seat
from employers.permissions import EDITING


class SignedIn(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


View = Callable[..., HttpResponseBase]


def seated(view: View) -> View:
    """Give the view the visitor's membership; people without one are shown how to begin."""

    @login_required_keeping_text
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        membership = seat(request)
        if membership is None:
            return redirect("employers:begin")
        return view(request, membership, *args, **kwargs)

    return wrapper


def seated_action(view: View) -> View:
    """Give a view that only takes POST the visitor's membership; who was signed out starts anew from home."""

    act = require_POST(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("employers:home"))
        membership = seat(request)
        return act(request, membership, *args, **kwargs) if membership else redirect("employers:begin")

    return wrapper


def require_editor(membership: Membership) -> None:
    """Raise PermissionDenied for viewers."""
    if membership.role not in EDITING:
        raise PermissionDenied(
            _("Viewers can read everything here, but only owners and editors can change it.")
        )


def require_owner(membership: Membership) -> None:
    """Raise PermissionDenied for everybody but the owner."""
    if membership.role != Role.OWNER:
        raise PermissionDenied(_("Only the owner can do this."))
