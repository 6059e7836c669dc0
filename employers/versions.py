"""The versions of an employer's agreement, and what each says differently than the one before it."""

from dataclasses import dataclass

from employers.amended import Amended
from employers.difference import Topic, differences
from employers.models import Agreement, Employer, Signature
from employers.terms import terms_of


@dataclass(frozen=True, slots=True)
class Version:
    """One version with what it changed; `base` is the version it is compared with, or None for the first."""

    agreement: Agreement
    base: Agreement | None
    topics: list[Topic]


def versions_of(employer: Employer) -> list[Version]:
    """Return every version, the newest first, compared as `base_of` says. Three queries, however many there are."""
    rows = list(employer.agreements.prefetch_related("signatures__scan").order_by("version"))
    found = []
    for number, agreement in enumerate(rows):
        base = _base(agreement, rows[:number])
        found.append(Version(agreement, base, differences(base.terms, agreement.terms) if base else []))
    return found[::-1]


def base_of(agreement: Agreement) -> Agreement | None:
    """Return what an agreement is compared with: the version it replaces or would replace, else the last one signed."""
    older = Agreement.objects.filter(employer=agreement.employer_id, version__lt=agreement.version)
    return _base(agreement, list(older.prefetch_related("signatures").order_by("version")))


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
