"""The program's documents, to read before they are acknowledged."""

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from apprenticeship.program.models import ProgramDocument
from employers.models import Membership
from employers.views.seats import seated


@seated
@require_safe
def program_document(request: HttpRequest, membership: Membership, pk: int) -> HttpResponseBase:
    """Send a published document, retired versions included, or lead to where it stands."""
    document = get_object_or_404(ProgramDocument, pk=pk, published_at__lte=timezone.now())
    if document.link:
        return redirect(document.link)
    filename = f"{slugify(document.title)}-v{document.version}.pdf"
    return FileResponse(document.file.open(), content_type="application/pdf", filename=filename)
