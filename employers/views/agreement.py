"""Step 6: the wage schedule, the signatory, and the agreement frozen for the signature."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from employers import editing, signatory, signing
from employers.amended import case_of
from employers.application import Application
from employers.forms.signatory import SignatoryPart
from employers.forms.wages import WagesPart
from employers.models import Membership
from employers.views.parts import edit_part
from employers.views.seats import require_owner, seated, seated_action
from employers.views.signing import back_to


def overview(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show what step 6 asks: wages, signatory, signature; name the signatory."""
    if request.method == "POST":
        require_owner(membership)
    return edit_part(request, membership, SignatoryPart)


@seated
@require_http_methods(["GET", "POST"])
def wages(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show or save the wage schedule builder."""
    return edit_part(request, membership, WagesPart)


@seated_action
def wages_preview(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Judge and draw the schedule as typed, without saving it."""
    form = WagesPart(Application(membership.employer.onboarding), request.POST)
    return render(request, "employers/steps/wages_live.html", {"form": form})


@seated_action
def present(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Freeze the agreement's text and lead to the page where it is read and signed."""
    require_owner(membership)
    try:
        signatory.present(membership.employer.onboarding, by=membership.user)
    except signing.NotPresentable as reason:
        messages.error(request, str(reason))
        return back_to(case_of(membership.employer.onboarding))
    return redirect("employers:sign")


@seated_action
def renew(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Open signing again, because a new version of the text has to be signed."""
    require_owner(membership)
    if editing.reopen_for_new_text(membership.employer.onboarding, by=membership.user):
        messages.success(request, _("Signing is open again: read and sign the new version."))
    return redirect("employers:step", "agreement")


@seated_action
def link(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Mail the signatory a link, send it again, or revoke it. Nobody here ever sees it."""
    require_owner(membership)
    case = case_of(membership.employer.onboarding)
    if request.POST.get("do") == "revoke":
        signing.revoke_links(membership.employer, by=membership.user)
        messages.success(request, _("The link no longer works."))
        return back_to(case)
    try:
        row = signatory.send_link(case.onboarding, by=membership.user)
        messages.success(request, _("The link is on its way to %(who)s.") % {"who": row.email})
    except signing.NotPresentable as reason:
        messages.error(request, str(reason))
    return back_to(case)
