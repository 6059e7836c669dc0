"""Say whether a PDF is one of ours. Works on bytes alone: nothing is unpacked, so no file can make it expensive.

"Genuine" means: these exact bytes were sealed and stored here. Everything else is told apart by the seal that the
file carries, read from its byte ranges.
"""

import hashlib
import re
from dataclasses import dataclass
from itertools import islice

from asn1crypto import cms
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.utils.functional import Promise

from apprenticeship.documents import certificates
from apprenticeship.documents.models import CODE_LETTERS, CODE_PREFIX, Document, head_of
from apprenticeship.documents.verdicts import EXPLANATIONS, HEADLINES, Verdict, standing_of
from apprenticeship.records.models import Status

LARGEST = 25 * 1024 * 1024
# A seal is some 16 kB of hexadecimal; more than this is not one of ours.
LONGEST_SEAL = 200_000
HEADER_WITHIN = 1024
_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
# A PDF may write the hyphen as an octal escape.
_CODE = re.compile(
    rf"{CODE_PREFIX}(?:-|\\055)([{CODE_LETTERS}]{{4}})(?:-|\\055)([{CODE_LETTERS}]{{4}})".encode()
)
# The end of every PDF says where its table of objects begins; the trailer of an encrypted one names its key.
_END = re.compile(rb"startxref\s{1,9}(\d{1,10})\s{1,9}%%EOF")
_ENCRYPTED = re.compile(rb"/Encrypt\s{0,9}(?:\d{1,10}\s{1,9}\d{1,10}\s{1,9}R|<<)")
MOST_RANGES = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict, and the paper it is about if there is one."""

    verdict: Verdict
    document: Document | None = None
    sentence: str | Promise = ""

    @property
    def headline(self) -> str | Promise:
        """The verdict in words."""
        return HEADLINES[self.verdict]

    @property
    def explanation(self) -> str | Promise:
        """The verdict in a sentence or two: of a genuine paper, how it stands with what it says."""
        return self.sentence or EXPLANATIONS[self.verdict]

    @property
    def is_genuine(self) -> bool:
        """Whether the file is, byte by byte, one that was sealed here."""
        return bool(self.sentence)

    @property
    def tone(self) -> str:
        """How the page shows it: without reserve, with one, or as a warning."""
        if self.verdict is Verdict.GENUINE:
            return "done"
        return "now" if self.is_genuine else "error"


def by_hash(sha256: str) -> Finding:
    """Judge by a fingerprint alone, made in the reader's browser: one of the genuine verdicts, or not ours."""
    document = Document.objects.filter(
        file_sha256=sha256, sealed_at__isnull=False, status=Status.DONE
    ).first()
    return judged(document) if document else Finding(Verdict.NOT_OURS)


def by_code(code: str) -> Document | None:
    """Return the sealed paper that carries a printed code, however it was typed."""
    letters = re.sub(r"[^0-9A-Z]", "", code.upper()).removeprefix(CODE_PREFIX)
    printed = f"{CODE_PREFIX}-{letters[:4]}-{letters[4:8]}"
    return Document.objects.filter(code=printed, sealed_at__isnull=False, status=Status.DONE).first()


def by_file(file: "File[bytes]") -> Finding:
    """Judge an uploaded file of at most LARGEST bytes; one of our own is known by its hash alone, read in pieces."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    finding = by_hash(digest.hexdigest())
    if finding.verdict is not Verdict.NOT_OURS:
        return finding
    file.seek(0)
    return _by_traces(file.read())


def by_content(content: bytes) -> Finding:
    """Judge a whole file of at most LARGEST bytes."""
    finding = by_hash(hashlib.sha256(content).hexdigest())
    return finding if finding.verdict is not Verdict.NOT_OURS else _by_traces(content)


def _by_traces(content: bytes) -> Finding:
    """Judge a file that is none of ours byte by byte: by the seal it carries, and by the code in its metadata."""
    if b"%PDF-" not in content[:HEADER_WITHIN]:
        return Finding(Verdict.UNREADABLE)
    if begun := _begun_paper(content):
        return Finding(Verdict.CUT_OFF, begun)
    seals = list(_seals(content))
    named = _named_paper(content)
    if seals and certificates.known() & set(seals):
        return Finding(Verdict.ALTERED, named)
    if seals:
        return Finding(Verdict.FOREIGN_SEAL)
    if named:
        return Finding(Verdict.ALTERED, named)
    return Finding(Verdict.NOT_OURS if _is_readable(content) else Verdict.UNREADABLE)


def _is_readable(content: bytes) -> bool:
    """Whether a file that begins like a PDF also ends like one, and is not encrypted."""
    end = _END.match(content, max(content.rfind(b"startxref"), 0))
    return end is not None and int(end[1]) < end.start() and not _ENCRYPTED.search(content)


def judged(document: Document) -> Finding:
    """Say of a sealed paper how it stands with what it says."""
    standing = standing_of(document.subject)
    return Finding(standing.verdict, document, standing.sentence)


def _seals(content: bytes) -> list[str]:
    """Return the fingerprints of the certificates of every seal in the file."""
    found = []
    for match in islice(_RANGE.finditer(content), MOST_RANGES):
        _start, length, resume, _rest = (int(number) for number in match.groups())
        fingerprint = _signer_of(content[length : min(resume, length + LONGEST_SEAL)])
        if fingerprint:
            found.append(fingerprint)
    return found


def _signer_of(hexadecimal: bytes) -> str:
    """Return the fingerprint of the certificate that signed, or "" if this is not a signature."""
    digits = hexadecimal.strip(b"<> \r\n\t").rstrip(b"0")
    try:
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
        signed = cms.ContentInfo.load(raw + b"\0" * 8, strict=False)["content"]
        serial = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
        certificates = [row.chosen for row in signed["certificates"]]
        own = next(row for row in certificates if row.serial_number == serial)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, StopIteration, RecursionError):
        return ""
    return hashlib.sha256(own.dump()).hexdigest()


def _named_paper(content: bytes) -> Document | None:
    """Return the sealed paper whose code stands in the file's metadata."""
    match = _CODE.search(content)
    return by_code(b"".join(match.groups()).decode()) if match else None


def _begun_paper(content: bytes) -> Document | None:
    """Return the sealed paper of which the file is the beginning."""
    head = head_of(content)
    alike = Document.objects.filter(head_sha256=head, sealed_at__isnull=False) if head else ()
    return next((paper for paper in alike if _begins_with(paper, content)), None)


def _begins_with(paper: Document, content: bytes) -> bool:
    try:
        return paper.read().startswith(content)
    except (OSError, SuspiciousFileOperation):
        return False
