"""What is read before it is acknowledged or signed: program documents, and the wage schedule of an agreement."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apprenticeship.documents import kinds
from apprenticeship.documents.rendering import body_html
from apprenticeship.program.models import ProgramDocument
from employers.amended import case_of
from employers.models import Agreement, Membership
from employers.papers import schedule_data
from employers.views.seats import seated


@seated
@require_safe
def program_document(request: HttpRequest, membership: Membership, pk: int) -> HttpResponseBase:
    """Send a published document, retired versions included, or lead to where it stands."""
    document = get_object_or_404(ProgramDocument, pk=pk, published_at__lte=timezone.now())
    if document.link:
        return redirect(document.link)
    return FileResponse(document.file.open(), content_type="application/pdf", filename=document.file_name)


def wage_schedule(request: HttpRequest, agreement: Agreement, read_url: str) -> HttpResponse:
    """Show the whole wage schedule of an agreement that waits for its signature; `read_url` is where that is read."""
    data = schedule_data(case_of(agreement.employer.onboarding), agreement)
    context = {"agreement": agreement, "paper": body_html(kinds.WAGE_SCHEDULE, data), "read_url": read_url}
    return render(request, "employers/signatory/wages.html", context)
