"""Check agreements, signatures and scans against their SHA-256, moves against their events, certificates against the
event log, and that every employer has its event chain.
"""

import hashlib
import json
from collections.abc import Iterator

from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from apprenticeship.documents.verification import problem_of_file
from apprenticeship.records.models import Event, EventChain
from employers.models import Agreement, Employer, Move, PaperScan

ROWS_AT_ONCE = 200


def check_agreements() -> Iterator[str]:
    """Say of every agreement what is wrong with it, or ""."""
    rows = Agreement.objects.prefetch_related("signatures").order_by("employer_id", "version")
    for agreement in rows.iterator(chunk_size=ROWS_AT_ONCE):
        problem = problem_of(agreement)
        name = f"Agreement v{agreement.version} of employer {agreement.employer_id} ({agreement.pk})"
        yield f"{name}: {problem}" if problem else ""


def problem_of(agreement: Agreement) -> str:
    """Return the first thing wrong with an agreement, or ""."""
    sha256 = hashlib.sha256(agreement.text.encode()).hexdigest()
    if agreement.sha256 != sha256:
        return "its text is not the one that was presented (SHA-256)"
    if agreement.text != json.dumps(agreement.terms, sort_keys=True, ensure_ascii=False, indent=1):
        return "its terms are not those of its text"
    for signature in agreement.signatures.all():
        if signature.sha256 != sha256:
            return f"the signature of the {signature.party} is for another text (SHA-256)"
    return ""


def check_employers() -> Iterator[str]:
    """Name every employer whose event chain is gone."""
    chains = EventChain.objects.filter(length__gt=0)
    for employer in Employer.objects.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
        is_there = chains.filter(pk=employer.chain).exists()
        yield "" if is_there else f"Employer {employer.pk}: its event chain {employer.chain} is gone"


def check_scans() -> Iterator[str]:
    """Name every scan of a signed paper whose file is not the one that was uploaded."""
    rows = PaperScan.objects.select_related("document").defer("document__data").order_by("uploaded_at", "pk")
    for scan in rows.iterator(chunk_size=ROWS_AT_ONCE):
        problem = problem_of_file(scan.file, scan.sha256)
        yield f"Scan {scan.pk} of {scan.document.code}: {problem}" if problem else ""


def check_certificates() -> Iterator[str]:
    """Name every certificate that printed another event log than the one that is there now, as far as it went then."""
    papers = Document.objects.filter(kind=kinds.FINAL_AGREEMENT, data__certificate__log__length__gt=0)
    rows = papers.values_list("code", "subject_id", "data__certificate__log")
    for code, subject, log in rows.order_by("created_at", "pk").iterator(chunk_size=ROWS_AT_ONCE):
        chain = Agreement.objects.get(pk=subject).employer.chain
        is_there = Event.objects.filter(chain=chain, number=log["length"], hash=log["head"]).exists()
        yield (
            ""
            if is_there
            else f"Certificate of {code}: event {log['length']} of {chain} is not the one it prints"
        )


def check_moves() -> Iterator[str]:
    """Name every move that tells something else than its event. Its words may be erased; they are not compared."""
    rows = Move.objects.select_related("event").defer("reason").order_by("at", "pk")
    for move in rows.iterator(chunk_size=ROWS_AT_ONCE):
        said = move.event.data
        facts = (move.edge, move.source, move.target, move.at, move.by_id)
        told = (move.event.verb, said.get("from"), said.get("to"), move.event.at, move.event.user_id)
        yield "" if facts == told else f"Move {move.pk}: it is not what event {move.event} tells"
