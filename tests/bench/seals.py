"""Sealing a final agreement: beside bare WeasyPrint and pyHanko, and by a real worker on the embedded default."""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from apprenticeship.accounts.models import User
from apprenticeship.celery import app
from apprenticeship.documents import kinds, rendering, sealing
from apprenticeship.documents.models import Document
from apprenticeship.records import queues
from apprenticeship.records.models import Status
from employers.onboarding import State
from employers.samples import hospitals
from employers.samples.journey import Journey
from tests.bench import table
from tests.bench.papers import ROUNDS, medians, naive
from tests.people import person
from tests.services.processes import running, wait_until

APPROVALS = 5
COPIES = 20
WORKER = ("celery", "--app", "apprenticeship", "worker", "--loglevel", "info", "--concurrency")


def measure() -> None:
    """Print what a seal costs, how soon a paper is there after the signature, and how many a worker makes."""
    queues.work_off_everything()
    final = Document.objects.filter(kind=kinds.FINAL_AGREEMENT).order_by("created_at").last()
    assert final
    beside_bare(final)
    after_the_signature()
    rows = [a_minute(final, processes) for processes in (1, 2)]
    head = ("worker", "papers", "s", "papers a minute")
    table.show("Final agreements made and sealed by a worker, embedded default", head, rows)


def beside_bare(final: Document) -> None:
    """Print the processor time of our way beside that of the bare libraries."""
    html = rendering.render_html(final)
    ours, whole, bare = medians(
        lambda: sealing.seal(rendering.render_pdf(html)),
        lambda: queues.work("documents", copy(final).pk),
        lambda: bare_seal(naive(html)),
    )
    rows = [
        ("render and seal", f"{ours:.3f}", f"{bare:.3f}", f"{ours / bare:.2f}"),
        ("a whole row, from claim to storage", f"{whole:.3f}", f"{bare:.3f}", f"{whole / bare:.2f}"),
    ]
    pages = rendering.print_html(html).pages
    head = (f"final agreement, {pages} pages", "ours s", "bare s", "ratio")
    title = f"Sealing beside bare WeasyPrint and pyHanko on the same HTML, median of {ROUNDS}, processor time"
    table.show(title, head, rows)


def bare_seal(pdf: bytes) -> bytes:
    """Seal as pyHanko's tutorial does, with the key that the portal uses."""
    signer = signers.SimpleSigner.load_pkcs12(Path(settings.VAR_DIR) / sealing.OWN_KEY)
    metadata = signers.PdfSignatureMetadata(
        field_name="Signature",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    signed = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=signer)
    return bytes(signed.getbuffer())


def after_the_signature() -> None:
    """Print how soon the sealed PDF is there after AAMI's signature, the last one, was stored."""
    employers = [in_review(number) for number in range(APPROVALS)]
    queues.work_off_everything()
    with worker(2):
        seconds = [until_sealed(journey) for journey in employers]
    row = (
        "signed to sealed and stored",
        APPROVALS,
        f"{statistics.median(seconds):.2f}",
        f"{max(seconds):.2f}",
    )
    head = ("embedded default, worker with 2 processes", "times", "median s", "slowest s")
    table.show("From the last signature to the sealed PDF", head, [row])


def in_review(number: int) -> Journey:
    """Return one more employer that waits for AAMI."""
    reviewer, manager = (User.objects.get(email=f"{role}@example.org") for role in ("reviewer", "manager"))
    journey = Journey(hospitals.LAKESIDE, person(f"bench{number}@example.org"), reviewer, manager)
    journey.to(State.REVIEW)
    return journey


def until_sealed(journey: Journey) -> float:
    """Return the seconds from AAMI's signature until the sealed PDF can be read."""
    journey.approve()
    signed = time.monotonic()
    agreements = [str(pk) for pk in journey.onboarding.employer.agreements.values_list("pk", flat=True)]
    final = Document.objects.filter(kind=kinds.FINAL_AGREEMENT, subject_id__in=agreements)
    wait_until(lambda: final.filter(status=Status.DONE).exists())
    return time.monotonic() - signed


def a_minute(final: Document, processes: int) -> tuple[str, int, str, str]:
    """Return how long a worker takes for many copies, and how many that is a minute."""
    with worker(processes):
        started = time.monotonic()
        for row in [copy(final) for _number in range(COPIES)]:
            queues.kick("documents", row.pk)
        wait_until(lambda: not Document.objects.filter(status=Status.PENDING).exists(), patience=300)
        seconds = time.monotonic() - started
    return f"processes: {processes}", COPIES, f"{seconds:.1f}", f"{COPIES / seconds * 60:.0f}"


def copy(final: Document) -> Document:
    """Order the same paper once more."""
    number = Document.objects.count()
    facts = {name: getattr(final, name) for name in ("kind", "title", "version", "data", "subject")}
    row: Document = Document.objects.order(effect_key=f"bench:{number}", **facts)[0]
    return row


@contextmanager
def worker(processes: int) -> Iterator[None]:
    """Keep a real worker running that has loaded its engine, without the nudges for rows that are done."""
    app.control.purge()
    log = Path(settings.VAR_DIR) / "worker.log"
    with running(log, dict(os.environ), *WORKER, str(processes)) as process:
        wait_until(lambda: process.says(" ready."))
        yield
