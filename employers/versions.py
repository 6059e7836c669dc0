"""The versions of an employer's agreement, and what each says differently than the one before it."""

from dataclasses import dataclass

from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from employers.amended import Amended
from employers.difference import Topic, differences
from employers.models import Agreement, Employer, Signature
from employers.names import same_words
from employers.papers import papers_about
from employers.terms import terms_of


@dataclass(frozen=True, slots=True)
class Version:
    """One version with what it changed; `base` is the version it is compared with, or None for the first.

    `paper` is what to read: the sealed one, else the newest, or None while nobody has asked for one.
    """

    agreement: Agreement
    base: Agreement | None
    topics: list[Topic]
    paper: Document | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an agreement says differently than `base`, the version signed before; None and nothing for the first.

    `signer` signed that one for the employer; "" if it was the reader.
    """

    base: Agreement | None
    topics: list[Topic]
    signer: str


def versions_of(employer: Employer) -> list[Version]:
    """Return every version, the newest first, compared as `base_of` says. Four queries, however many there are."""
    rows = list(employer.agreements.prefetch_related("signatures__scan").order_by("version"))
    papers, found = _papers(employer, rows), []
    for number, agreement in enumerate(rows):
        base = _base(agreement, rows[:number])
        topics = differences(base.terms, agreement.terms) if base else []
        found.append(Version(agreement, base, topics, papers.get(str(agreement.pk))))
    return found[::-1]


def _papers(employer: Employer, agreements: list[Agreement]) -> dict[str, Document]:
    """Return the paper to read of each agreement, by its key."""
    papers = papers_about(employer, agreements).filter(kind__in=(kinds.AGREEMENT, kinds.FINAL_AGREEMENT))
    oldest_first = sorted(
        papers.defer("data"), key=lambda row: (row.kind == kinds.FINAL_AGREEMENT, row.created_at)
    )
    return {row.subject_id: row for row in oldest_first}


def base_of(agreement: Agreement) -> Agreement | None:
    """Return what an agreement is compared with: the version it replaces or would replace, else the last one signed."""
    older = Agreement.objects.filter(employer=agreement.employer_id, version__lt=agreement.version)
    return _base(agreement, list(older.prefetch_related("signatures").order_by("version")))


def compared(agreement: Agreement, *, reader: str) -> Comparison:
    """Return how an agreement differs from the version signed before, as told to the person of that name."""
    base = base_of(agreement)
    if base is None:
        return Comparison(None, [], "")
    signer = next(row.name for row in base.signatures.all() if row.party == Signature.Party.EMPLOYER)
    is_reader = same_words(signer, reader)
    return Comparison(base, differences(base.terms, agreement.terms), "" if is_reader else signer)


def changed_since(agreement: Agreement) -> list[Topic]:
    """Return what an agreement says differently than the version signed before; nothing if it is the first."""
    base = base_of(agreement)
    return differences(base.terms, agreement.terms) if base else []


def proposed_changes(case: Amended) -> list[Topic]:
    """Return what an amendment changes of the agreement in force, as it is drafted now."""
    before, schedule, template = case.agreement_in_force, case.wage_schedule, case.template
    if before is None or schedule is None or template is None:
        return []
    return differences(before.terms, terms_of(case, template, schedule, before.version + 1))


def _base(agreement: Agreement, older: list[Agreement]) -> Agreement | None:
    """Return the newest older version that the employer signed; for an amendment's, the newest that both signed."""
    parties = {Signature.Party.EMPLOYER}
    if agreement.amendment_id:
        parties |= {Signature.Party.SPONSOR}
    return next((row for row in reversed(older) if parties <= {s.party for s in row.signatures.all()}), None)
