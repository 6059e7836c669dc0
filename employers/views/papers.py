"""Papers and mail of an application, and printing all of it."""

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from apprenticeship.records.models import Notification
from employers.application import Application
from employers.models import Membership, PaperScan
from employers.paper_list import paper_list
from employers.papers import order_print
from employers.summary import sections
from employers.views.seats import seated, seated_action

MAILS_A_PAGE = 25


@seated
def papers(request: HttpRequest, membership: Membership) -> HttpResponse:
    """List the papers with their state."""
    context = {
        "papers": paper_list(membership.employer),
        "scans": PaperScan.objects.filter(agreement__employer=membership.employer)
        .select_related("document", "uploaded_by")
        .order_by("-uploaded_at"),
        "application": Application(membership.employer.onboarding),
    }
    return render(request, "employers/papers.html", context)


@seated
def mail(request: HttpRequest, membership: Membership) -> HttpResponse:
    """List the mail about this application: to whom, when, delivered or not."""
    rows = Notification.objects.filter(
        subject_type=ContentType.objects.get_for_model(membership.employer),
        subject_id=str(membership.employer.pk),
    ).exclude(user__is_staff=True)
    page = Paginator(rows, MAILS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "application": Application(membership.employer.onboarding)}
    return render(request, "employers/mail.html", context)


@seated
def printout(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show the whole application on one page, to print or to read to a lawyer."""
    application = Application(membership.employer.onboarding).read()
    context = {
        "application": application,
        "program_contact": application.program,
        "sections": sections(application),
        "open_parts": (),
    }
    return render(request, "employers/printout.html", context)


@seated_action
def order_printout(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Order the whole application as a PDF; the same answers give the same paper."""
    order_print(Application(membership.employer.onboarding), by=membership.user)
    return redirect("employers:papers")
