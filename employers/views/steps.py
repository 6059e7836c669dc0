"""The eight steps by their slug: which page each has."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from employers.forms import FundingPart, MentorPart, PartForm, PositionPart, ProfilePart, StandardsPart
from employers.models import Membership
from employers.onboarding import STEP_BY_SLUG
from employers.views import agreement, approval, hiring
from employers.views.parts import edit_part
from employers.views.seats import seated

PARTS: dict[str, type[PartForm]] = {
    "get-started": ProfilePart,
    "standards": StandardsPart,
    "position": PositionPart,
    "funding": FundingPart,
    "mentor": MentorPart,
}
OTHER_PAGES = {"agreement": agreement.overview, "approval": approval.approval, "hiring": hiring.hiring}


@seated
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, membership: Membership, slug: str) -> HttpResponse:
    """Show or save the page of one step."""
    if slug not in STEP_BY_SLUG:
        raise Http404
    if slug in OTHER_PAGES:
        return OTHER_PAGES[slug](request, membership)
    return edit_part(request, membership, PARTS[slug])
