"""`verify_records`: silent about what holds; names the event, paper, seal or signature that was tampered with."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.employers.conftest import (  # noqa: F401  # fixtures
    journey,
    manager,
    owner,
    program_documents,
    reviewer,
)
from tests.records.database import tamper

if TYPE_CHECKING:  # this file is read before Django is set up
    from apprenticeship.documents.models import Document
    from employers.models import Agreement, Employer
    from tests.employers.stored import StoredJourney

pytestmark = pytest.mark.once


@pytest.fixture
def partner(journey: StoredJourney) -> Employer:
    """An active partner: two signatures, events, and papers of which one is sealed."""
    from employers.onboarding import State

    journey.to(State.ACTIVE)
    journey.work_off()
    return journey.onboarding.employer


@pytest.fixture
def sealed(partner: Employer) -> Document:
    from apprenticeship.documents.models import Document

    document: Document = Document.objects.get(kind="final_agreement")
    return document


@pytest.fixture
def agreement(partner: Employer) -> Agreement:
    from employers.models import Agreement

    agreement: Agreement = Agreement.objects.get(status="in_force")
    return agreement


def verify() -> tuple[list[str], str]:
    """Return the problems and the last line that the command prints; with problems it ends with exit code 1."""
    out = Written()
    try:
        call_command("verify_records", stdout=out)
    except CommandError as failure:
        code, last = failure.returncode, str(failure)
    else:
        code, last = 0, out.lines()[-1]
    problems = [line for line in out.lines() if line != last]
    assert code == (1 if problems else 0)
    return problems, last


class Written:
    """What a command writes, line by line."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, text: str) -> None:
        """Keep a text."""
        self.written.append(text)

    def lines(self) -> list[str]:
        """Return everything that was written."""
        return "".join(self.written).splitlines()


def after(act: Callable[[], Any]) -> list[str]:
    """Return the problems found after an act on the database, which is undone."""
    with transaction.atomic():
        act()
        problems, summary = verify()
        assert summary.endswith(f"Problems: {len(problems)}.")
        transaction.set_rollback(True)
    return problems


def run_sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_nothing_recorded_is_no_problem(db: None) -> None:
    problems, summary = verify()
    assert problems == []
    assert summary.endswith(
        "0 employers, 0 agreements, 0 scans, 0 moves, 0 certificates of signature. No problem found."
    )


def test_whole_records_are_counted_and_hold(partner: Employer) -> None:
    problems, summary = verify()
    assert problems == []
    counted = re.fullmatch(
        r"Looked at (\d+) event chains, (\d+) documents, 1 sealing certificates, "
        "1 employers, 1 agreements, 0 scans, 9 moves, 1 certificates of signature. No problem found.",
        summary,
    )
    assert counted
    assert all(int(number) > 0 for number in counted.groups())


def test_tampered_event_is_named_by_chain_and_number(partner: Employer) -> None:
    from apprenticeship.records.events import record
    from apprenticeship.records.models import EventChain

    chain = partner.chain
    length = EventChain.objects.get(pk=chain).length
    change = "UPDATE records_event SET verb = 'x' WHERE chain_id = %s AND number IN (2, 4)"
    assert after(lambda: tamper(change, chain)) == [f"Chain {chain}: broken at event 2"]
    cut = "DELETE FROM records_event WHERE chain_id = %s AND number = %s"
    assert after(lambda: tamper(cut, chain, length)) == [f"Chain {chain}: broken at event {length}"]
    move = "UPDATE records_eventchain SET length = length - 1, head = %s WHERE name = %s"
    before_last = partner_hash(chain, length - 1)
    assert after(lambda: run_sql(move, before_last, chain)) == [f"Chain {chain}: broken at event {length}"]

    def remove_all() -> None:
        tamper("DELETE FROM records_event WHERE chain_id = %s", chain)
        run_sql("DELETE FROM records_eventchain WHERE name = %s", chain)

    gone, *others = after(remove_all)
    assert gone == f"Employer {partner.pk}: its event chain {chain} is gone"
    assert [problem.partition(" of ")[0] for problem in others] == ["Certificate"]
    record(chain, "note_added", by=None)
    assert verify()[0] == []


def test_move_that_tells_something_else_than_its_event_is_named(partner: Employer) -> None:
    from employers.models import Move

    move = Move.objects.get(edge="approve")
    told = f"Move {move.pk}: it is not what event {move.event} tells"
    for change in ("target = 'declined'", "at = since", "by_id = NULL", "edge = 'decline'"):
        statement = f"UPDATE employers_move SET {change} WHERE edge = 'approve'"
        assert after(lambda statement=statement: run_sql(statement)) == [told]
    run_sql("UPDATE employers_move SET reason = ''")
    assert verify()[0] == []


def partner_hash(chain: str, number: int) -> str:
    from apprenticeship.records.models import Event

    return str(Event.objects.get(chain=chain, number=number).hash)


def test_tampered_agreement_or_signature_is_named(agreement: Agreement) -> None:
    name = f"Agreement v1 of employer {agreement.employer_id} ({agreement.pk})"
    rows = type(agreement).objects.filter(pk=agreement.pk)
    other = agreement.text.replace("12", "13")
    rehashed = hashlib.sha256(other.encode()).hexdigest()
    assert after(lambda: rows.update(text=other)) == [
        f"{name}: its text is not the one that was presented (SHA-256)"
    ]
    assert after(lambda: rows.update(text=other, sha256=rehashed)) == [
        f"{name}: its terms are not those of its text"
    ]
    assert after(lambda: rows.update(terms={})) == [f"{name}: its terms are not those of its text"]
    sponsor = agreement.signatures.filter(party="sponsor")
    assert after(lambda: sponsor.update(sha256="0" * 64)) == [
        f"{name}: the signature of the sponsor is for another text (SHA-256)"
    ]
    assert verify()[0] == []


def test_tampered_file_is_named_by_its_code(sealed: Document) -> None:
    path = Path(default_storage.path(str(sealed.file.name)))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    told = f"Document {sealed.code}: the stored file is not the one that was kept (SHA-256)"
    assert verify()[0] == [told]
    path.unlink()
    assert verify()[0] == [f"Document {sealed.code}: the stored file cannot be read (FileNotFoundError)"]
    path.write_bytes(whole)
    assert verify()[0] == []
    outside = lambda: type(sealed).objects.filter(pk=sealed.pk).update(file="../../secret")  # noqa: E731
    assert after(outside) == [
        f"Document {sealed.code}: the stored file cannot be read (SuspiciousFileOperation)"
    ]


def test_tampered_scan_is_named(agreement: Agreement, sealed: Document) -> None:
    from django.core.files.base import ContentFile

    from employers.models import PaperScan

    kept = {
        "content_type": "application/pdf",
        "sha256": hashlib.sha256(b"scan").hexdigest(),
        "pages": 1,
        "size": 4,
    }
    scan = PaperScan(agreement=agreement, document=sealed, **kept)
    scan.file.save("scan", ContentFile(b"scan"))
    assert verify()[0] == []
    Path(default_storage.path(str(scan.file.name))).write_bytes(b"scam")
    told = "the stored file is not the one that was kept (SHA-256)"
    assert verify()[0] == [f"Scan {scan.pk} of {sealed.code}: {told}"]


def test_log_rewritten_from_its_start_is_caught_by_the_printed_certificate(
    partner: Employer, sealed: Document
) -> None:
    from apprenticeship.records import events
    from apprenticeship.records.models import Event, EventChain

    length, previous = sealed.data["certificate"]["log"]["length"], ""
    change = "UPDATE records_event SET verb = %s, previous = %s, hash = %s WHERE id = %s"
    for event in Event.objects.filter(chain=partner.chain).order_by("number"):
        event.verb, event.previous = "forged" if event.number == 1 else event.verb, previous
        previous = events.digest(event)
        tamper(change, event.verb, event.previous, previous, event.pk)
    EventChain.objects.filter(pk=partner.chain).update(head=previous)
    problem = f"Certificate of {sealed.code}: event {length} of {partner.chain} is not the one it prints"
    assert verify()[0] == [problem]


def test_seal_is_judged_although_hash_was_rewritten_too(
    sealed: Document, tmp_path: Path, settings: Any
) -> None:
    path = Path(default_storage.path(str(sealed.file.name)))
    whole = path.read_bytes()

    def told_of(content: bytes) -> list[str]:
        path.write_bytes(content)
        row = type(sealed).objects.filter(pk=sealed.pk)
        fitting = hashlib.sha256(content).hexdigest()
        lines = after(lambda: row.update(file_sha256=fitting))
        return [line.removeprefix(f"Document {sealed.code}: ") for line in lines]

    place = whole.index(b"/Producer") + 12
    flipped = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
    assert told_of(flipped) == ["it was altered after it was sealed"]
    assert told_of(appended_to(whole)) == ["its seal does not cover the whole file"]
    assert told_of(stripped(whole)) == ["it carries 0 seals instead of one"]
    assert told_of(b"%PDF-1.7 nothing") == ["its seal cannot be read (PdfReadError)"]
    assert told_of(sealed_by_another(tmp_path, settings)) == [
        "it is sealed with another certificate than ours"
    ]


def appended_to(whole: bytes) -> bytes:
    """Return the PDF with an incremental update."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.writer import BasePdfFileWriter

    writer: BasePdfFileWriter = IncrementalPdfFileWriter(BytesIO(whole))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def stripped(whole: bytes) -> bytes:
    """Return the PDF without its seal."""
    out = BytesIO()
    with pikepdf.open(BytesIO(whole)) as pdf:
        del pdf.Root.AcroForm
        del pdf.Root.Perms
        for page in pdf.pages:
            if "/Annots" in page:
                del page.Annots
        pdf.save(out)
    return out.getvalue()


def sealed_by_another(folder: Path, settings: Any) -> bytes:
    """Return a PDF that another installation sealed, whose certificate bears the same name."""
    from apprenticeship.documents import rendering, sealing

    own_folder, settings.VAR_DIR = settings.VAR_DIR, folder
    sealing._loaded.cache_clear()
    content = sealing.seal(rendering.render_pdf("<html lang=en><title>x</title><p>Hello</p></html>"))
    settings.VAR_DIR = own_folder
    sealing._loaded.cache_clear()
    return content


def test_records_hold_while_no_key_can_be_read(sealed: Document, tmp_path: Path, settings: Any) -> None:
    from apprenticeship.documents import sealing

    settings.SEALING_KEY_FILE = str(tmp_path / "no-such-key.p12")
    sealing._loaded.cache_clear()
    assert verify()[0] == []
    sealing._loaded.cache_clear()
