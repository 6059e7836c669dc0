"""The certificate page of a final agreement: who signed what, when, how, and how to check it."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.accounts.models import User
from apprenticeship.documents import kinds, sealing, time_stamping
from apprenticeship.documents.models import Document
from apprenticeship.documents.templatetags.paper import utc_moment
from apprenticeship.program.models import Program
from apprenticeship.records.models import EventChain
from employers.application import zone_of
from employers.certified_events import certified_events
from employers.models import Agreement, Signature
from employers.onboarding import Text

Rows = tuple[tuple[str, str], ...]

PROOFS: dict[str, Text] = {
    Signature.Proof.MAILED_CODE: gettext_lazy(
        "Six-digit code, mailed to the address above on %(moment)s and typed in to sign"
    ),
    Signature.Proof.APP: gettext_lazy("Code of an authenticator app, typed in on %(moment)s"),
    Signature.Proof.PASSKEY: gettext_lazy("Passkey, used on %(moment)s"),
    Signature.Proof.RECOVERY_CODE: gettext_lazy("Recovery code of the second factor, typed in on %(moment)s"),
    Signature.Proof.PASSWORD: gettext_lazy("Password, typed once more on %(moment)s"),
}


def certificate_of(agreement: Agreement, *, since: str) -> dict[str, Any]:
    """Return what the certificate page prints, frozen as plain values; `since`: its Effective Date in words."""
    terms, zone = agreement.terms, zone_of(agreement.employer)
    facts = {"version": agreement.version, "employer": terms["facts"]["employer"]["legal_name"]}
    return {
        "agreement": _("Employer Agreement, version %(version)s, with %(employer)s") % facts,
        "replaces": _replaced(agreement, since),
        "sha256": agreement.sha256,
        "versions": _("Agreement text %(text)s · consent %(consent)s · wage schedule %(wages)s")
        % {
            "text": terms["template"]["version"],
            "consent": terms["template"]["consent_version"],
            "wages": terms["wages_version"],
        },
        "signers": [_signer(row, zone) for row in _employer_first(agreement)],
        "events": certified_events(agreement, zone),
        "log": _log_of(agreement),
        "disclosure": terms["template"]["consent_text"],
        "disclosure_version": terms["template"]["consent_version"],
        "contact": Program.objects.current().contact,
        "verify_base": settings.SITE_URL + reverse("verify"),
    }


def _replaced(agreement: Agreement, since: str) -> dict[str, Any]:
    """Return which version this one takes the place of, by which amendment and from when on; {} for the first."""
    superseded = agreement.employer.agreements.filter(
        status=Agreement.Status.SUPERSEDED, signatures__party=Signature.Party.SPONSOR
    )
    before = superseded.order_by("-version").first()
    if before is None:
        return {}
    paper = Document.objects.about(before).filter(kind=kinds.FINAL_AGREEMENT).first()
    return {
        "amendment": str(agreement.amendment or ""),
        "version": before.version,
        "code": paper.code if paper else "",
        "at": since,
    }


def _log_of(agreement: Agreement) -> dict[str, Any]:
    """Return how long the event log is now and the hash of its last event: nothing before can change unseen."""
    head = EventChain.objects.get(pk=agreement.employer.chain)
    return {"length": head.length, "head": head.head}


def seal_in_words() -> str:
    """Return whose key seals, with its fingerprint, and that the paper outlives the key."""
    certificate = sealing.certificate()
    whose = (
        _(
            "Sealed with a key that this installation of the portal made itself: PDF readers show that "
            "nothing was changed, but do not know the issuer."
        )
        if sealing.is_own_key()
        else _("Sealed with the key of the portal's operator, certificate of %(name)s.")
        % {"name": sealing.issued_to(certificate)}
    )
    kept = _(
        "Certificate SHA-256 %(fingerprint)s, valid until %(day)s; the portal keeps it and knows this paper "
        "also after the key has been replaced."
    ) % {
        "fingerprint": sealing.certificate_fingerprint(),
        "day": f"{certificate.not_valid_after_utc:%B %-d, %Y}",
    }
    return f"{whose} {kept}"


def time_in_words() -> str:
    """Return whose clock the times on the certificate and of the seal are."""
    if not time_stamping.is_asked_for():
        return _(
            "The times on this certificate and of the seal are those of the portal's own clock. No independent "
            "authority confirms them."
        )
    return _(
        "The time of the seal is confirmed by the time-stamping authority %(name)s: its token (RFC 3161) is part of "
        "the seal, and everything in this file existed then. The times on this certificate before it are those of "
        "the portal's own clock."
    ) % {"name": time_stamping.authority_name()}


def _employer_first(agreement: Agreement) -> list[Signature]:
    return sorted(agreement.signatures.all(), key=lambda row: row.party != Signature.Party.EMPLOYER)


def _signer(signature: Signature, zone: dt.tzinfo) -> dict[str, Any]:
    is_employer, is_by_hand = (
        signature.party == Signature.Party.EMPLOYER,
        signature.method == Signature.Method.PAPER,
    )
    rows = _by_hand(signature, zone) if is_by_hand else _electronic(signature, zone)
    return {
        "heading": _("For the Employer") if is_employer else _("For the Sponsor"),
        "rows": [{"label": label, "value": value} for label, value in rows],
    }


def _electronic(signature: Signature, zone: dt.tzinfo) -> Rows:
    """Return the evidence of an electronic signature: the same rows, in the same order, for both parties."""
    return (
        (_("Name, as typed"), signature.name),
        (_("Title"), _title(signature)),
        (_("E-mail"), signature.email),
        (_("Authority"), signature.authority),
        (_("Identified by"), str(signature.get_method_display())),
        (_("Code or second factor"), _proof(signature, zone)),
        (
            _("Consent"),
            _("Disclosure version %(version)s, agreed to before signing")
            % {"version": signature.consent_version},
        ),
        (_("Intent"), signature.intent),
        (_("Signed"), _moment(signature.signed_at, zone)),
        (_("IP address"), signature.ip or "–"),
        (_("Browser (user agent)"), signature.user_agent or "–"),
        (_("SHA-256 shown"), signature.sha256),
    )


def _title(signature: Signature) -> str:
    """Return the title as stated, and the one that the agreement prints if that is another."""
    if not signature.printed_title:
        return str(signature.title)
    by_hand = signature.method == Signature.Method.PAPER
    both = (
        _("%(stated)s, as read on the paper; the agreement prints “%(printed)s”")
        if by_hand
        else _("%(stated)s, as stated when signing; the agreement prints “%(printed)s”")
    )
    return both % {"stated": signature.title, "printed": signature.printed_title}


def _proof(signature: Signature, zone: dt.tzinfo) -> str:
    """Return what the signer showed at the moment of signing, and when."""
    if not signature.proof or signature.proof_at is None:
        is_code = signature.method in (Signature.Method.CODE, Signature.Method.LINK)
        return (
            _("Six-digit code, mailed to the address above; its time was not kept then") if is_code else "–"
        )
    return str(PROOFS[signature.proof]) % {"moment": _moment(signature.proof_at, zone)}


def _by_hand(signature: Signature, zone: dt.tzinfo) -> Rows:
    """Return what a reviewer read on the paper, and who vouches for it; the scan itself is attached."""
    scan = signature.scan
    kept = _("%(kind)s, attached to this file as %(name)s") % {
        "kind": _("Picture (JPEG)") if scan.is_picture else _("PDF"),
        "name": scan.filename,
    }
    return (
        (_("Name, as read on the paper"), signature.name),
        (_("Title"), _title(signature)),
        (_("Signed"), _("%(day)s, the date on the paper") % {"day": f"{scan.signed_on:%B %-d, %Y}"}),
        (_("How"), str(signature.get_method_display())),
        (_("Printed code"), scan.document.code),
        (_("Uploaded"), _said(scan.uploaded_by, scan.uploaded_at, zone)),
        (_("Confirmed"), _said(scan.confirmed_by, scan.confirmed_at, zone)),
        (_("Scan"), kept),
        (_("SHA-256 of the scan"), scan.sha256),
        (_("SHA-256 of the text printed"), signature.sha256),
    )


def _said(who: User | None, at: dt.datetime | None, zone: dt.tzinfo) -> str:
    moment = _moment(at, zone) if at else ""
    return _("by %(who)s, %(at)s") % {"who": who, "at": moment} if who else moment


def _moment(at: dt.datetime, zone: dt.tzinfo) -> str:
    """Return a moment in UTC and as it read at the employer."""
    return utc_moment(at.astimezone(zone).isoformat())
