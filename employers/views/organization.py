"""An active partner's data, and the versions of the agreement."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from employers.application import Application
from employers.completeness import gaps
from employers.models import Membership
from employers.onboarding import LIVING_PARTS
from employers.permissions import EDITING
from employers.renewal import due
from employers.summary import sections
from employers.versions import versions_of
from employers.views.seats import seated


@seated
@require_safe
def organization(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show everything about a partner: what it edits freely, what needs its attention, what an amendment changes."""
    application = Application(membership.employer.onboarding)
    if not application.is_living:
        return redirect("employers:tasks")
    context = {
        "membership": membership,
        "application": application,
        "program_contact": application.program,
        "sections": sections(application),
        "open_parts": LIVING_PARTS if membership.role in EDITING else (),
        "gaps": gaps(application, *LIVING_PARTS),
        "due": due(application),
        "may_write": membership.role in EDITING,
    }
    return render(request, "employers/organization.html", context)


@seated
@require_safe
def agreement(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show every version of the agreement, what each changed and by what it was replaced."""
    application = Application(membership.employer.onboarding)
    context = {
        "membership": membership,
        "application": application,
        "versions": versions_of(membership.employer),
        "amendments": membership.employer.amendments.order_by("-number"),
        "due": due(application) if application.is_living else [],
        "may_amend": application.is_living and membership.role in EDITING,
    }
    return render(request, "employers/versions.html", context)
