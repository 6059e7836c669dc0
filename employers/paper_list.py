"""The papers that an employer keeps: what each is, beside others of the same version, and what replaced it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from employers.models import Agreement, Employer
from employers.onboarding import Text
from employers.papers import papers_about

# What an agreement's paper shows, by how many have signed it.
SIGNED_BY: tuple[Text, ...] = (
    gettext_lazy("as presented, signed by nobody"),
    gettext_lazy("signed by the employer alone, not sealed"),
    gettext_lazy("signed by both, not sealed"),
)
SEALED = gettext_lazy("signed by both, with its certificate, sealed")
TO_KEEP = gettext_lazy("signed by both, with its certificate, sealed: the one to keep")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper: `ended` is its agreement once that no longer counts, `newer` the sealed paper that replaced it."""

    document: Document
    what: Text
    ended: Agreement | None
    newer: Document | None


def paper_list(employer: Employer) -> list[PaperLine]:
    """Return the employer's papers, the newest first, in two queries."""
    agreements = list(employer.agreements.defer("terms", "text").order_by("version"))
    documents = list(papers_about(employer, agreements))
    by_key = {str(row.pk): row for row in agreements}
    sealed = {by_key[row.subject_id].version: row for row in documents if row.kind == kinds.FINAL_AGREEMENT}
    return [_line(row, by_key.get(row.subject_id), sealed) for row in documents]


def _line(document: Document, agreement: Agreement | None, sealed: dict[int, Document]) -> PaperLine:
    ended = agreement if agreement and agreement.ended_at else None
    newer = None
    if ended and ended.status == Agreement.Status.SUPERSEDED and ended.version in sealed:
        newer = next((sealed[version] for version in sorted(sealed) if version > ended.version), None)
    return PaperLine(document, what_of(document, agreement), ended, newer)


def what_of(document: Document, agreement: Agreement | None) -> Text:
    """Return which of several papers of one version this is."""
    if document.kind == kinds.FINAL_AGREEMENT:
        return SEALED if agreement and agreement.ended_at else TO_KEEP
    if document.kind == kinds.AGREEMENT:
        return SIGNED_BY[len(document.data.get("signatures", ()))]
    if document.kind == kinds.WAGE_SCHEDULE and agreement:
        return _("belongs to version %(version)s of the agreement") % {"version": agreement.version}
    return ""
