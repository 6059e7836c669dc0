"""Sign on paper instead (15 USC 7001(b)(2): nobody has to sign electronically): print, sign by hand, upload, confirm.

An upload counts as signed on paper, not yet confirmed; the employer's signature comes into being when a reviewer has
compared the scan with the printed document code and recorded who signed and when.
"""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import CODE_PREFIX, Document
from apprenticeship.records.events import record
from employers import amending, assignment, desk, papers, permissions, signing
from employers.after_signing import go_on
from employers.amended import Amended, case_of
from employers.application import Application, zone_of
from employers.models import Agreement, Onboarding, PaperScan, Role, Signature
from employers.onboarding import EDGE_BY_NAME, FROZEN, Part
from employers.permissions import NotAllowed
from employers.scans import Scan
from employers.transitions import TransitionNotAllowed, lock, move_as_system
from employers.wages.wording import day

INTENT = "Signed by hand on the printed Employer Agreement."


def present(onboarding: Onboarding, *, by: User) -> Document:
    """Freeze the agreement and return the paper to print and sign, ordered. Raises NotPresentable."""
    return papers.order_agreement(signing.present(onboarding, by=by), by=by)


def printed_paper(agreement: Agreement) -> Document | None:
    """Return the unsigned paper of an agreement, whose code is printed on every page."""
    found: Document | None = Document.objects.filter(effect_key=papers.agreement_effect(agreement, 0)).first()
    return found


def newest_scan(application: Application) -> PaperScan | None:
    """Return the last scan that was uploaded for this employer, whatever became of it."""
    rows = PaperScan.objects.filter(agreement__employer=application.employer)
    return rows.select_related("agreement", "document", "uploaded_by").order_by("-uploaded_at").first()


@transaction.atomic
def upload(onboarding: Onboarding, scan: Scan, *, sha256: str, note: str, by: User) -> PaperScan:
    """Keep the scan of the agreement whose text has this SHA-256; it counts as signed, not yet confirmed.

    A scan that waits is replaced by a newer one until AAMI has the application. Raises NotAllowed, TextChanged,
    AlreadySigned, NotReady or TransitionNotAllowed, and then nothing is kept.
    """
    onboarding = lock(onboarding)
    if permissions.role_at(by, onboarding) != Role.OWNER:
        raise NotAllowed(_("Only the owner can do this."))
    case = case_of(onboarding)
    agreement = case.agreement
    document = printed_paper(agreement) if agreement else None
    if agreement is None or document is None or agreement.sha256 != sha256:
        raise signing.TextChanged
    is_first = agreement.status == Agreement.Status.PRESENTED
    if not is_first and (agreement.status != Agreement.Status.PAPER or not is_replaceable(case)):
        raise signing.AlreadySigned
    if agreement.scans.open().filter(sha256=scan.sha256).exists():
        raise signing.AlreadySigned
    agreement.scans.open().update(ended_at=timezone.now())
    row = _keep(agreement, document, scan, note=note, by=by)
    if is_first:
        signing.revoke_links(onboarding.employer, by=by)
        agreement.status = Agreement.Status.PAPER
        agreement.save(update_fields=["status"])
        go_on(case, by=row, letter="paper_uploaded")
    return row


def is_replaceable(case: Application) -> bool:
    """Whether a scan that waits may be replaced by a better one: until AAMI has the application in hand."""
    return case.onboarding.state not in FROZEN


def _keep(agreement: Agreement, document: Document, scan: Scan, *, note: str, by: User) -> PaperScan:
    row = PaperScan(
        agreement=agreement, document=document, content_type=scan.content_type, sha256=scan.sha256,
        pages=scan.pages, size=len(scan.content), note=note, uploaded_by=by,
    )  # fmt: skip
    row.file.save("scan", ContentFile(scan.content), save=False)
    row.save()
    data = {"scan": str(row.pk), "sha256": row.sha256, "code": document.code}
    record(agreement.employer.chain, "paper_scan_uploaded", by=by, subject=agreement, data=data)
    return row


@transaction.atomic
def confirm(
    scan: PaperScan, *, by: User, signer_name: str, signer_title: str, signed_on: dt.date, code: str
) -> PaperScan:
    """Record who signed the scanned paper and when: only now the employer's signature exists.

    Raises NotAllowed, TransitionNotAllowed (somebody was quicker) or ValidationError (code or date).
    """
    _onboarding, scan, application = _hold(scan, by)
    check_code(scan, code)
    check_date(scan, signed_on)
    scan.signer_name, scan.signer_title, scan.signed_on = signer_name, signer_title, signed_on
    scan.confirmed_by, scan.confirmed_at = by, timezone.now()
    scan.signature = _signature(scan, application)
    scan.save()
    agreement = scan.agreement
    agreement.status = Agreement.Status.SIGNED
    agreement.save(update_fields=["status"])
    data = {
        "scan": str(scan.pk),
        "sha256": scan.sha256,
        "signature": scan.signature.pk,
        "signed_on": str(signed_on),
    }
    record(agreement.employer.chain, "paper_scan_confirmed", by=by, subject=agreement, data=data)
    papers.order_agreement(agreement, by=by)
    return scan


@transaction.atomic
def reject(scan: PaperScan, *, by: User, reason: str) -> None:
    """Void an agreement whose scan does not hold, tell the employer why, and open it for a new signature."""
    onboarding, scan, case = _hold(scan, by)
    scan.rejected_by, scan.rejected_at, scan.rejected_reason = by, timezone.now(), reason
    scan.save()
    data = {"scan": str(scan.pk)}
    record(onboarding.employer.chain, "paper_scan_rejected", by=by, subject=scan.agreement, data=data)
    if isinstance(case, Amended):
        amending.send_back(case.amendment, by=by, reason=reason)
        return
    signing.void(scan.agreement, by=by, reason=_("The scan of the signed paper was not accepted"))
    notes = {Part.AGREEMENT: reason}
    onboarding = desk.request_changes(onboarding, by=by, notes=notes, message="", letter="paper_rejected")
    move_as_system(onboarding, EDGE_BY_NAME["reopen_agreement"])


def check_code(scan: PaperScan, typed: str) -> None:
    """Raise ValidationError unless this is the code of the paper that was printed, however it is typed."""
    if _letters(typed) != _letters(scan.document.code):
        message = _(
            "This is not the code of the paper that was printed for this agreement. Read it on the scan again."
        )
        raise ValidationError({"code": message})


def check_date(scan: PaperScan, signed_on: dt.date) -> None:
    """Raise ValidationError for a day after today or before the agreement was presented, both at the employer."""
    zone = zone_of(scan.agreement.employer)
    today, presented = (at.astimezone(zone).date() for at in (timezone.now(), scan.agreement.presented_at))
    if signed_on > today:
        message = _("This date is in the future: at the employer it is %(day)s.")
        raise ValidationError({"signed_on": message % {"day": day(today)}})
    if signed_on < presented:
        message = _("The agreement was presented on %(day)s; it cannot have been signed before.")
        raise ValidationError({"signed_on": message % {"day": day(presented)}})


def _letters(code: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", code.upper()).removeprefix(CODE_PREFIX)


def _hold(scan: PaperScan, by: User) -> tuple[Onboarding, PaperScan, Application]:
    """Return case and scan, locked, if `by` reviews this case and the scan still waits."""
    edge = EDGE_BY_NAME["request_changes"]
    onboarding = lock(scan.agreement.employer.onboarding)
    permissions.check(edge, onboarding, by)
    rows = PaperScan.objects.waiting().select_related("agreement__employer", "document", "uploaded_by")
    fresh = rows.filter(pk=scan.pk).first()
    case = case_of(onboarding)
    if fresh is None or not case.is_judged:
        raise TransitionNotAllowed(
            "The scan was judged already.", object=onboarding, method=onboarding.request_changes
        )
    assignment.claim(onboarding, by=by)
    return onboarding, fresh, case


def _signature(scan: PaperScan, application: Application) -> Signature:
    """Store the signature by hand: no consent, address or browser, because nothing electronic was signed."""
    assert scan.signed_on is not None
    agreement = scan.agreement
    signature: Signature = Signature.objects.create(
        agreement=agreement, party=Signature.Party.EMPLOYER, method=Signature.Method.PAPER, user=None,
        name=scan.signer_name, title=scan.signer_title, email=application.onboarding.signatory_email,
        intent=INTENT, sha256=agreement.sha256,
        signed_at=dt.datetime.combine(scan.signed_on, dt.time(), zone_of(agreement.employer)),
    )  # fmt: skip
    return signature
