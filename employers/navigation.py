"""What every page knows: who is here, for which organization, and whom to ask."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.models import Program
from employers.models import Membership
from employers.onboarding import LIVING
from employers.permissions import seat_of


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation."""

    url: str
    label: str | Promise
    is_current: bool


MEMBER_PAGES = (
    ("employers:tasks", _("Onboarding")),
    ("employers:organization", _("Organization")),
    ("candidates:search", _("Candidates")),
    ("employers:papers", _("Documents")),
    ("employers:messages", _("Messages")),
    ("employers:mail", _("Mail")),
    ("employers:team", _("Team")),
)
# Before there is a partnership the steps are the only way to this data.
PARTNERS_PAGE = "employers:organization"


def seat(request: HttpRequest) -> Membership | None:
    """Return the visitor's membership, looked up once a request."""
    if not hasattr(request, "_seat"):
        request._seat = seat_of(request.user) if request.user.is_authenticated else None  # type: ignore[attr-defined]
    found: Membership | None = request._seat  # type: ignore[attr-defined]
    return found


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation, the organization's name and the human contact for base.html."""
    match = request.resolver_match
    membership = None if match and match.app_name == "admin" else seat(request)
    pages: tuple[tuple[str, str | Promise], ...] = MEMBER_PAGES if membership else ()
    if membership and membership.employer.onboarding.state not in LIVING:
        pages = tuple(page for page in pages if page[0] != PARTNERS_PAGE)
    current = match.view_name if match else ""
    return {
        "nav_items": [NavItem(reverse(name), label, name == current) for name, label in pages],
        "organization_name": str(membership.employer) if membership else "",
        "site_url": settings.SITE_URL,
        "program_contact": SimpleLazyObject(Program.objects.current),
    }
