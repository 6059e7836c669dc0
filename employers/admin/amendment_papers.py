"""The papers of the version that an amendment makes, beside what it changes."""

import uuid
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from employers.admin.pane import REVIEW, Pane, agreement_sheets, opened_of, read_along
from employers.admin.reading import answer
from employers.amended import Amended
from employers.final_paper import final_effect
from employers.models import Agreement, Amendment, PaperScan
from employers.papers import agreement_effect

NOTHING = gettext_lazy(
    "Nothing to read yet. The new version of the agreement becomes a paper when the employer signs it."
)


def agreement_of(case: Amended) -> Agreement | None:
    """Return the version that an amendment makes, also one that no longer counts."""
    return case.agreement or case.amendment.agreements.order_by("-version").first()


def scan_of(agreement: Agreement | None) -> PaperScan | None:
    """Return the newest scan of a version."""
    if agreement is None:
        return None
    people = ("uploaded_by", "confirmed_by", "rejected_by")
    rows = PaperScan.objects.filter(agreement=agreement).select_related(
        "agreement__employer", "document", *people
    )
    newest: PaperScan | None = rows.order_by("-uploaded_at").first()
    return newest


def papers_of(agreement: Agreement | None, wanted: str) -> list[Document]:
    """Return the papers of a version, newest first, the one that lies open with what it prints."""
    if agreement is None:
        return []
    prefetch_related_objects([agreement], "signatures")  # the page lists them too
    effects = [final_effect(agreement), agreement_effect(agreement, len(agreement.signatures.all()))]
    return read_along(Document.objects.about(agreement), wanted, effects)


def amendment_pane(
    amendment: Amendment,
    agreement: Agreement | None,
    papers: list[Document],
    scan: PaperScan | None,
    wanted: str,
    by: User,
) -> Pane | None:
    """Return the papers of an amendment's version for who may read them."""
    if not by.has_perm(REVIEW):
        return None
    sheets, opened = opened_of(agreement_sheets(agreement, papers, scan), papers, wanted)
    return Pane(
        sheets=sheets,
        opened=opened,
        about=agreement,
        nothing=NOTHING,
        pk=amendment.pk,
        page_url="admin:employers_amendment_change",
        paper_url="admin:employers_amendment_paper",
    )


def read_paper(model_admin: Any, request: HttpRequest, object_id: str, pk: uuid.UUID) -> HttpResponse:
    """Show one paper of an amendment beside what it changes."""
    amendment, wanted = model_admin.row(request, object_id), str(pk)
    agreement = agreement_of(Amended(amendment.employer.onboarding, amendment))
    papers, scan = papers_of(agreement, wanted), scan_of(agreement)
    assert isinstance(request.user, User)
    return answer(request, amendment_pane(amendment, agreement, papers, scan, wanted, request.user), pk)
