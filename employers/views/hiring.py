"""Step 8: what an active partner does next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from employers.application import Application
from employers.models import Membership, Registration
from employers.onboarding import STEP_BY_SLUG, State


def hiring(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show the registration and what is open to an active partner."""
    application = Application(membership.employer.onboarding)
    context = {
        "application": application,
        "step": STEP_BY_SLUG["hiring"],
        "registration": Registration.objects.filter(onboarding=application.onboarding)
        .exclude(program_number="")
        .first(),
        "is_active": application.onboarding.state == State.ACTIVE,
    }
    return render(request, "employers/steps/hiring.html", context)
