"""One candidate for staff: whether they share, who opened their details, what was mailed, what can be done."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apprentices import interest
from apprentices.choices import Mark
from apprentices.models import Candidate, Disclosure, Progress
from apprenticeship.program.models import Program
from apprenticeship.records.admin import MAIL_STATUS

if TYPE_CHECKING:
    from apprentices.admin.candidates import CandidateAdmin

MOODS = {
    Candidate.Status.UNCONFIRMED: "now",
    Candidate.Status.CONFIRMED: "done",
    Candidate.Status.STOPPED: "later",
    Candidate.Status.EXPIRED: "now",
}
SHOWN = 50  # mails, openings and look-alikes of one person


def person_page(model_admin: "CandidateAdmin", request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """Show everything that staff may know of one person. A partner's private note is the partner's alone."""
    program = Program.objects.current()
    mails = interest.mails_about(candidate).order_by("-created_at")[:SHOWN]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": candidate.name,
        "candidate": candidate,
        "mood": MOODS[Candidate.Status(candidate.status)],
        "openings": _openings(candidate),
        "mails": [(mail, *MAIL_STATUS[mail.status]) for mail in mails],
        "alike": _alike(candidate)[:SHOWN],
        "hidden_on": candidate.heard_at + dt.timedelta(days=program.candidate_reconfirm_days),
        "erased_on": candidate.heard_at + dt.timedelta(days=program.candidate_erase_days),
        "may_delete": model_admin.has_delete_permission(request, candidate),
    }
    return TemplateResponse(request, "admin/apprentices/candidate/page.html", context)


def _openings(candidate: Candidate) -> list[tuple[Disclosure, str]]:
    """Return who opened the details, newest first, with the label of the mark that employer has set, or ""."""
    mark = Progress.objects.filter(candidate=OuterRef("candidate"), employer=OuterRef("employer"))
    rows: QuerySet[Any] = Disclosure.objects.filter(candidate=candidate)
    rows = rows.annotate(mark=Subquery(mark.values("mark")[:1])).select_related(
        "employer__onboarding", "user"
    )
    return [
        (row, str(Mark(row.mark).label) if row.mark else "") for row in rows.order_by("-at", "-pk")[:SHOWN]
    ]


def _alike(candidate: Candidate) -> "QuerySet[Candidate]":
    """Return others with the same name and ZIP code, or the same phone."""
    same = Q(name__iexact=candidate.name, zip_code=candidate.zip_code)
    if candidate.phone:
        same |= Q(phone=candidate.phone)
    return Candidate.objects.filter(same).exclude(pk=candidate.pk).order_by("created_at")
