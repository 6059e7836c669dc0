"""The papers for the registration agency in one ZIP: made when somebody asks for it, of what is stored.

Names inside are plain ASCII, whatever the employer is called. `sha256sum -c SHA256SUMS` in its folder tells whether
every file is what it was. It holds no apprentice, no colleague and no note (docs/decisions).
"""

import datetime as dt
import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship import spreadsheets
from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from apprenticeship.program.models import ProgramDocument
from apprenticeship.program.regions import state_name
from apprenticeship.records.models import Event, Status
from employers import eta_671
from employers.elsewhere import elsewhere
from employers.models import Agreement, Employer, RegistrationAttempt
from employers.onboarding import EDGE_BY_NAME, Text
from employers.wages.wording import day

LONGEST_NAME = 60
SUMS, READ_ME = "SHA256SUMS", "README.txt"
AGREEMENT, WAGES = "1-employer-agreement-sealed.pdf", "2-wage-schedule.pdf"
DATA_PDF, DATA_CSV = "3-eta-671-sponsor-data.pdf", "3-eta-671-sponsor-data.csv"
STANDARDS, STANDARDS_FOLDER = "4-acknowledged-standards.csv", "4-standards"
LOG = "5-event-log.csv"
# What else the log tells beside the moves; neither mail, notes nor people.
LOGGED: dict[str, Text] = {
    "agreement_presented": gettext_lazy("Agreement prepared for signature"),
    "paper_scan_confirmed": gettext_lazy("Scan of the signed paper confirmed by AAMI"),
    "registration_sent": gettext_lazy("Registration sent to the agency"),
    "registration_corrected": gettext_lazy("Record of the sending corrected"),
}


class NotReady(Exception):
    """A paper is not made yet, or is not what it was; the message names it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One paper that the bundle needs, and the row that makes it."""

    name: str
    label: Text
    document: Document | None

    @property
    def is_ready(self) -> bool:
        """Whether the worker has made it."""
        return self.document is not None and self.document.status == Status.DONE


def parts_of(attempt: RegistrationAttempt) -> list[Part]:
    """Return the papers that the worker makes, each with its row; one query."""
    employer = attempt.registration.onboarding.employer
    agreement = Agreement.objects.countersigned().filter(employer=employer).order_by("-version")
    keys = [str(attempt.pk), *(str(pk) for pk in agreement.values_list("pk", flat=True)[:1])]
    wanted = [kinds.FINAL_AGREEMENT, kinds.WAGE_SCHEDULE, eta_671.KIND]
    rows = Document.objects.filter(subject_id__in=keys, kind__in=wanted).order_by("created_at")
    made = {row.kind: row for row in rows}
    return [
        Part(AGREEMENT, _("Sealed Employer Agreement"), made.get(kinds.FINAL_AGREEMENT)),
        Part(WAGES, _("Wage schedule"), made.get(kinds.WAGE_SCHEDULE)),
        Part(DATA_PDF, _("ETA-671, sponsor-side data"), made.get(eta_671.KIND)),
    ]


def name_of(attempt: RegistrationAttempt) -> str:
    """Return the name of the folder, and without ".zip" of the file: state, employer and attempt in plain ASCII."""
    employer: Employer = attempt.registration.onboarding.employer
    whose = slugify(str(employer))[:LONGEST_NAME].strip("-") or f"employer-{employer.pk.hex[:8]}"
    where = [attempt.state.lower()] if attempt.state else []
    return "-".join(["bmet-registration", *where, whose, "attempt", str(attempt.number)])


def write(attempt: RegistrationAttempt, into: IO[bytes]) -> str:
    """Write the ZIP and return the SHA-256 of its list of sums. Raises NotReady; what was written is then useless."""
    folder, sums = name_of(attempt), []
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _contents(attempt):
            _add(archive, f"{folder}/{name}", content, attempt.begun_at)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        listed = "".join(sums).encode()
        _add(archive, f"{folder}/{SUMS}", listed, attempt.begun_at)
    return hashlib.sha256(listed).hexdigest()


def _add(archive: zipfile.ZipFile, name: str, content: bytes, at: dt.datetime) -> None:
    entry = zipfile.ZipInfo(name, at.astimezone(dt.UTC).timetuple()[:6])
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
    archive.writestr(entry, content)


def _contents(attempt: RegistrationAttempt) -> Iterator[tuple[str, bytes]]:
    """Yield each file with its name, one at a time."""
    yield READ_ME, _read_me(attempt).encode()
    for part in parts_of(attempt):
        yield part.name, _paper(part)
        if part.name == DATA_PDF and part.document:
            yield DATA_CSV, eta_671.as_csv(part.document.data)
    acknowledged = list(_acknowledged(attempt))
    yield STANDARDS, _csv(_standards(acknowledged))
    for _row, name, content in acknowledged:
        if content is not None:
            yield name, content
    yield LOG, _csv(_log(attempt))


def _paper(part: Part) -> bytes:
    """Return a paper as it was made. Raises NotReady."""
    if part.document is None or not part.is_ready:
        raise NotReady(_("%(paper)s is not made yet.") % {"paper": part.label})
    try:
        content = part.document.read()
    except OSError:
        raise NotReady(_("%(paper)s cannot be read from the storage.") % {"paper": part.label}) from None
    if hashlib.sha256(content).hexdigest() != part.document.file_sha256:
        raise NotReady(_("%(paper)s is not the file that was made (SHA-256).") % {"paper": part.label})
    return content


Acknowledged = tuple[Any, str, bytes | None]


def _acknowledged(attempt: RegistrationAttempt) -> Iterator[Acknowledged]:
    """Yield each acknowledgment with the name of its file, and the file; a link has none. Raises NotReady."""
    rows = attempt.registration.onboarding.acknowledgments.select_related("document")
    for row in rows.order_by("document__position", "document__title", "pk"):
        document: ProgramDocument = row.document
        if not document.file:
            yield row, document.link, None
            continue
        name = slugify(document.kind) or str(document.pk)
        try:
            with document.file.open("rb") as stored:
                content = stored.read()
        except OSError:
            raise NotReady(_("%(paper)s cannot be read from the storage.") % {"paper": document}) from None
        yield row, f"{STANDARDS_FOLDER}/{name}-v{document.version}.pdf", content


def _standards(acknowledged: Iterable[Acknowledged]) -> Iterator[list[Any]]:
    yield [
        _("Document"),
        _("Version"),
        _("Published (UTC)"),
        _("Acknowledged (UTC)"),
        _("File or link"),
        "SHA-256",
    ]
    for row, name, content in acknowledged:
        digest = hashlib.sha256(content).hexdigest() if content is not None else ""
        document = row.document
        yield [document.title, document.version, document.published_at, row.at, name, digest]


def _log(attempt: RegistrationAttempt) -> Iterator[list[Any]]:
    """Yield what happened and on whose side, without anybody's name."""
    yield [_("Number"), _("Time (UTC)"), _("What happened"), _("By"), _("SHA-256 of the event")]
    chain = attempt.registration.onboarding.employer.chain
    said = {name: edge.happened for name, edge in EDGE_BY_NAME.items()} | LOGGED
    events = Event.objects.filter(chain=chain, verb__in=said).select_related("user").order_by("number")
    for event in events:
        yield [event.number, event.at, said[event.verb], _side(event), event.hash]


def _side(event: Event) -> str:
    if event.user_id is None:
        return _("the portal, or a signatory by link")
    return _("AAMI") if event.user and event.user.is_staff else _("the employer")


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    return "".join(spreadsheets.lines(rows)).encode()


def _elsewhere(attempt: RegistrationAttempt) -> Iterator[str]:
    """Yield a line a state with sites that another agency may have to register."""
    for row in elsewhere(attempt):
        facts = {"place": row.place, "sites": ", ".join(row.sites), "agency": row.agency or "–"}
        yield _("Sites in %(place)s: %(sites)s (agency there: %(agency)s)") % facts


def _read_me(attempt: RegistrationAttempt) -> str:
    employer = attempt.registration.onboarding.employer
    lines = [
        _("Registration of an employer under the BMET Registered Apprenticeship"),
        "",
        _("Employer: %(name)s") % {"name": employer.legal_name},
        _("Agency: %(name)s")
        % {"name": ", ".join(filter(None, (attempt.agency, state_name(attempt.state)))) or "–"},
        _("Attempt: %(number)s, begun %(day)s (UTC)")
        % {"number": attempt.number, "day": day(attempt.begun_at.astimezone(dt.UTC))},
        *_elsewhere(attempt),
        "",
        _("1  Employer Agreement, signed by both parties and sealed (PAdES)"),
        _("2  Wage schedule of that agreement"),
        _("3  Data of form ETA-671, part B, to copy from: as PDF and as CSV"),
        _("4  Program documents that the employer has acknowledged, with versions and times"),
        _("5  What happened, in order; the hashes are those of AAMI's event log"),
        "",
        _("To see whether a file was changed, open a terminal in this folder and type:"),
        "    sha256sum -c SHA256SUMS",
        "",
    ]
    return "\n".join(lines)
