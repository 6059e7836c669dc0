"""The paper that a reviewer reads beside the answers: which papers there are, and which of them lies open."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, Q, QuerySet, When
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.accounts.models import User
from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from apprenticeship.documents.rendering import body_html
from employers.models import Agreement, PaperScan
from employers.onboarding import Text
from employers.paper_list import what_of

if TYPE_CHECKING:
    from employers.admin.registration import Panel
    from employers.admin.review import Review

REVIEW = "employers.review_onboarding"
# Above a paper stand the page's own heading and the pane's; its title is the third, its first headings the fourth.
LOWERED = 2

NOTHING = gettext_lazy(
    "Nothing to read yet. The agreement and its wage schedule become papers when the employer signs, the application "
    "summary when the employer submits."
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper: a document, or the scan of one that was signed by hand; neither while it is not made."""

    label: Text
    document: Document | None = None
    scan: PaperScan | None = None

    @property
    def key(self) -> str:
        """Its id, by which addresses name it; "" while it is not made."""
        row = self.document or self.scan
        return str(row.pk) if row else ""

    @property
    def called(self) -> str:
        """What a screen reader says of it: title, version and code."""
        if self.scan:
            return str(_("Scan of the paper %(code)s")) % {"code": self.scan.document.code}
        assert self.document is not None
        facts = {name: getattr(self.document, name) for name in ("title", "version", "code")}
        return str(_("%(title)s, version %(version)s, %(code)s")) % facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """The papers of one page in the order of the switcher.

    `about` is the agreement of the one that lies open, `nothing` what is said as long as there is none.
    """

    sheets: Sequence[Sheet]
    opened: Sheet | None
    about: Agreement | None
    nothing: Text
    pk: Any
    page_url: str
    paper_url: str

    @property
    def document(self) -> Document | None:
        """The document that lies open."""
        return self.opened.document if self.opened else None

    @property
    def scan(self) -> PaperScan | None:
        """The scan that lies open."""
        return self.opened.scan if self.opened else None

    @property
    def scan_pages(self) -> range:
        """The numbers of the pages of the scan."""
        return range(1, self.scan.pages + 1 if self.scan else 1)

    @property
    def is_final(self) -> bool:
        """Whether the PDF has more than the pane: what the worker adds as it seals it."""
        return self.document is not None and self.document.kind == kinds.FINAL_AGREEMENT

    @property
    def body(self) -> SafeString:
        """What the document prints, of a final paper the agreement in it."""
        assert self.document is not None
        kind = kinds.AGREEMENT if self.is_final else self.document.kind
        return body_html(kind, self.document.data, lowered=LOWERED)

    @property
    def what(self) -> Text:
        """Which of several papers of one version it is."""
        return what_of(self.document, self.about) if self.document else ""


def read_along(rows: "QuerySet[Document]", wanted: str, effects: Sequence[str]) -> list[Document]:
    """Return documents, all in one query; what they print is read of those alone that may be going to lie open.

    Those are the one whose id is `wanted`, if any, and those that were made for one of `effects`.
    """
    opens = Q(effect_key__in=effects) | (Q(pk=wanted) if wanted else Q())
    found: list[Any] = list(rows.defer("data").annotate(facts=Case(When(opens, then=F("data")))))
    for row in found:
        if row.facts is not None:
            row.data = row.facts
    return found


def key_in(text: str) -> str:
    """Return the id that an address names, or "" if it is none."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


def agreement_sheets(
    agreement: Agreement | None, papers: Sequence[Document], scan: PaperScan | None
) -> list[Sheet]:
    """Return the papers of one version of the agreement; `papers`: the newest first."""
    of_version = [row for row in reversed(papers) if agreement and row.subject_id == str(agreement.pk)]
    newest = {row.kind: row for row in of_version}
    main = newest.get(kinds.FINAL_AGREEMENT) or newest.get(kinds.AGREEMENT)
    is_own = scan is not None and agreement is not None and scan.agreement_id == agreement.pk
    return [
        Sheet(kinds.LABELS[kinds.AGREEMENT], main),
        *([Sheet(gettext_lazy("Signed scan"), scan=scan)] if is_own else []),
        Sheet(kinds.LABELS[kinds.WAGE_SCHEDULE], newest.get(kinds.WAGE_SCHEDULE)),
    ]


def opened_of(
    sheets: list[Sheet], papers: Sequence[Document], wanted: str
) -> tuple[list[Sheet], Sheet | None]:
    """Return the sheets and which lies open: the wanted one, a scan that waits for a word on it, or the first.

    A paper that is not among the newest is added to them while it lies open.
    """
    earlier = [row for row in papers if str(row.pk) == wanted and wanted not in {one.key for one in sheets}]
    for row in earlier:
        label = _("%(title)s, version %(version)s") % {"title": row.title, "version": row.version}
        sheets = [*sheets, Sheet(label, row)]
    made = [sheet for sheet in sheets if sheet.key]
    wished = [sheet for sheet in made if sheet.key == wanted]
    waiting = [sheet for sheet in made if sheet.scan and sheet.scan.is_waiting]
    return sheets, next(iter([*wished, *waiting, *made]), None)


def case_pane(review: "Review", panel: "Panel | None", by: User) -> Pane | None:
    """Return the papers of a case for who may read them."""
    if not by.has_perm(REVIEW):
        return None
    sheets = agreement_sheets(review.agreement, review.papers, review.scan)
    sheets.append(Sheet(kinds.LABELS[kinds.SUMMARY], review.summary))
    sheets += [Sheet(gettext_lazy("ETA-671 data"), row) for row in (panel.data_papers if panel else [])]
    sheets, opened = opened_of(sheets, review.papers, review.wanted)
    agreements = {str(row.agreement_id): row.agreement for row in review.signatures}
    return Pane(
        sheets=sheets,
        opened=opened,
        about=agreements.get(opened.document.subject_id) if opened and opened.document else None,
        nothing=NOTHING,
        pk=review.onboarding.pk,
        page_url="admin:employers_onboarding_change",
        paper_url="admin:employers_onboarding_paper",
    )
