"""Read a paper, or see that it is being prepared."""

import uuid

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apprenticeship.documents.access import chain_of, get_document_for
from apprenticeship.documents.models import Document
from apprenticeship.records import events
from apprenticeship.records.models import Status

# htmx stops asking when it gets this answer.
STOP_POLLING = 286

private = cache_control(private=True, no_store=True)


@require_safe
@private
@login_required
def document(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Send the PDF, or a page that waits for it."""
    paper = get_document_for(request.user, pk)  # type: ignore[arg-type]  # login_required
    if paper.status != Status.DONE:
        return render(request, "documents/waiting.html", {"document": paper})
    return _pdf(request, paper)


@require_safe
@private
def status(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the fragment that says where a paper stands; the last one ends the asking.

    A page that asks after its reader was signed out keeps what it shows: it may hold a form.
    """
    if not request.user.is_authenticated:
        is_live = bool(request.headers.get("HX-Request"))
        return _keep_as_it_is() if is_live else redirect_to_login(request.path)
    paper = get_document_for(request.user, pk)
    is_over = paper.status != Status.PENDING
    code = STOP_POLLING if is_over and request.headers.get("HX-Request") else 200
    return render(request, "documents/status.html", {"document": paper}, status=code)


def _keep_as_it_is() -> HttpResponse:
    """End the asking and change nothing."""
    return HttpResponse(status=STOP_POLLING, headers={"HX-Reswap": "none"})


def send_pdf(paper: Document) -> FileResponse:
    """Send the stored file, to read in the browser."""
    response = FileResponse(paper.file.open(), content_type="application/pdf", filename=paper.filename)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _pdf(request: HttpRequest, paper: Document) -> FileResponse:
    """Send the stored file and note who took it."""
    response = send_pdf(paper)
    if request.method == "GET":
        user = request.user if request.user.is_authenticated else None
        events.record(chain_of(paper), "document_downloaded", by=user, subject=paper)
    return response
