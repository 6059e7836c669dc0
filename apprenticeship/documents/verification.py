"""Check every finished paper: its file against its SHA-256, and its seal as any PDF reader would."""

import hashlib
from collections.abc import Iterator
from typing import Any

from asn1crypto.x509 import Certificate
from django.core.exceptions import SuspiciousFileOperation
from django.db.models.fields.files import FieldFile

from apprenticeship.documents import certificates, kinds, time_stamping
from apprenticeship.documents.models import Document
from apprenticeship.records.models import Status

ROWS_AT_ONCE = 200
BYTES_AT_ONCE = 1024 * 1024


def check_documents() -> Iterator[str]:
    """Say of every finished paper what is wrong with it, or ""."""
    done = (
        Document.objects.filter(status=Status.DONE)
        .select_related("sealed_with")
        .defer("data")
        .order_by("created_at", "pk")
    )
    for document in done.iterator(chunk_size=ROWS_AT_ONCE):
        problem = problem_of(document)
        yield f"Document {document.code}: {problem}" if problem else ""


def problem_of(document: Document) -> str:
    """Return the first thing wrong with a stored paper, or ""."""
    problem = problem_of_file(document.file, document.file_sha256)
    if problem or not (document.kind in kinds.SEALED or document.sealed_at):
        return problem
    sealed_with = document.sealed_with
    ours = {sealed_with.fingerprint} if sealed_with else certificates.known()
    with document.file.storage.open(str(document.file.name)) as stored:
        return problem_of_seal(stored, ours)


def problem_of_file(file: FieldFile, sha256: str) -> str:
    """Return what is wrong with a stored file that should have this SHA-256, or ""."""
    digest = hashlib.sha256()
    try:
        with file.storage.open(str(file.name)) as stored:
            for chunk in stored.chunks(BYTES_AT_ONCE):
                digest.update(chunk)
    except (OSError, SuspiciousFileOperation) as error:
        return f"the stored file cannot be read ({type(error).__name__})"
    return "" if digest.hexdigest() == sha256 else "the stored file is not the one that was kept (SHA-256)"


def problem_of_seal(pdf: Any, ours: set[str]) -> str:
    """Return what is wrong with the seal of an opened PDF, or "".

    Whole means: one seal, intact, valid, over every byte of the file, made with a certificate whose fingerprint is
    one of `ours`, and with a time-stamp of this very seal if it carries one. A
    certificate that has ended since is no fault.
    """
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 - slow to import, and needed here alone
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.general import SigningError  # noqa: PLC0415
    from pyhanko.sign.validation.errors import SignatureValidationError  # noqa: PLC0415

    try:
        seals = PdfFileReader(pdf).embedded_signatures
        if len(seals) != 1:
            return f"it carries {len(seals)} seals instead of one"
        return _problem_of_signature(seals[0], ours)
    except (PdfError, SigningError, SignatureValidationError, ValueError, LookupError, TypeError) as error:
        return f"its seal cannot be read ({type(error).__name__})"


def _problem_of_signature(seal: Any, ours: set[str]) -> str:
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415

    signer: Certificate = seal.signer_cert
    if hashlib.sha256(signer.dump()).hexdigest() not in ours:
        return "it is sealed with another certificate than ours"
    status = time_stamping.judged(seal)
    if not (status.intact and status.valid):
        return "it was altered after it was sealed"
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return "its seal does not cover the whole file"
    return time_stamping.problem_of(status)
