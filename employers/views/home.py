"""Where people land: begin, the task list, activity."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from employers import conversation, look_alikes
from employers.activity import activity, happenings
from employers.application import Application
from employers.forms.founding import FoundingForm
from employers.models import Membership
from employers.navigation import seat
from employers.onboarding import EDGE_BY_NAME
from employers.people import Refused, found_employer
from employers.progress import progress
from employers.views.seats import SignedIn, seated


@login_required
def home(request: SignedIn) -> HttpResponse:
    """Send each person to where their work is."""
    if request.user.is_staff and seat(request) is None:
        return redirect("admin:index")
    return redirect("employers:tasks")


@login_required
def begin(request: SignedIn) -> HttpResponse:
    """Ask for the organization's name, or explain invitations."""
    if seat(request):
        return redirect("employers:tasks")
    form = FoundingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found_employer(request.user, form.cleaned_data["legal_name"])
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("employers:step", "get-started")
    return render(request, "employers/begin.html", {"form": form})


@seated
def tasks(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The eight steps, where each stands, whose turn it is and what happened."""
    application = Application(membership.employer.onboarding).read()
    events = happenings(application.employer)
    context = {
        "membership": membership,
        "application": application,
        "program_contact": application.program,
        "progress": progress(application, events, membership),
        "activity": activity(events),
        "known": look_alikes.owners_to_ask(application.onboarding).exists(),
        "asked_at": next((event.at for event in events if event.verb == look_alikes.ASKED), None),
        "asked": conversation.question_in(application),
        "may_withdraw": membership.is_owner
        and application.onboarding.state in EDGE_BY_NAME["withdraw"].sources,
        "people": membership.employer.memberships.filter(is_active=True).select_related("user"),
    }
    return render(request, "employers/tasks.html", context)
