"""The certificate page of a final agreement: who signed what, when, how, and how to check it."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.accounts.models import User
from apprenticeship.documents import kinds, sealing
from apprenticeship.documents.models import Document
from apprenticeship.documents.templatetags.paper import iso_moment
from apprenticeship.program.models import Program
from apprenticeship.records.models import Event
from employers.models import Agreement, Signature, SigningLink
from employers.onboarding import Text

Rows = tuple[tuple[str, str], ...]

WHAT: dict[str, Text] = {
    "agreement_presented": gettext_lazy("Text frozen and presented for signature"),
    "signing_link_sent": gettext_lazy("Link to sign ordered by mail for the signatory"),
    "signing_link_follows": gettext_lazy("Text changed; the link to sign shows this one"),
    "forwarding_code_sent": gettext_lazy("Code to forward the link mailed"),
    "signing_link_forwarded": gettext_lazy("Forwarded to the person who may sign"),
    "signing_link_revoked": gettext_lazy("Link to sign revoked"),
    "signing_question_asked": gettext_lazy("Question asked by the signatory"),
    "signing_declined": gettext_lazy("Declined to sign"),
    "signing_code_sent": gettext_lazy("Code to sign mailed to the signer"),
    "wrong_code_typed": gettext_lazy("Wrong code typed"),
    "paper_scan_uploaded": gettext_lazy("Scan of the paper signed by hand uploaded"),
    "paper_scan_rejected": gettext_lazy("Scan not accepted"),
    "paper_scan_confirmed": gettext_lazy("Scan compared with the printed code and confirmed"),
    "agreement_signed": gettext_lazy("Signed"),
}

# What of an earlier version that nobody countersigned belongs to the story of this one: who was asked to sign.
BEFORE = (
    "signing_link_sent",
    "signing_link_forwarded",
    "forwarding_code_sent",
    "signing_link_revoked",
    "signing_question_asked",
    "signing_declined",
)

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
    terms = agreement.terms
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
        "signers": [_signer(row) for row in _employer_first(agreement)],
        "events": _events(agreement),
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


def _events(agreement: Agreement) -> list[dict[str, str]]:
    """Return when, what and who, from the first text that was presented for this signature on."""
    versions = _unsigned_before(agreement)
    links = {
        str(link.pk): link.name for link in SigningLink.objects.filter(agreement__employer=agreement.employer)
    }
    own = Q(subject_id=str(agreement.pk), verb__in=WHAT)
    asked_before = Q(subject_id__in=versions, verb__in=BEFORE)
    kind = ContentType.objects.get_for_model(Agreement)
    rows = Event.objects.filter(own | asked_before, subject_type=kind).select_related("user")
    return [
        _event(row, agreement, version=versions.get(row.subject_id), link=links.get(row.data.get("link"), ""))
        for row in rows.order_by("number")
    ]


def _unsigned_before(agreement: Agreement) -> dict[str, int]:
    """Return the versions, by key, that came after the last one AAMI countersigned and before this one."""
    earlier = agreement.employer.agreements.filter(version__lt=agreement.version)
    countersigned = earlier.filter(signatures__party=Signature.Party.SPONSOR)
    last = countersigned.aggregate(last=Max("version"))["last"] or 0
    return {str(pk): version for pk, version in earlier.filter(version__gt=last).values_list("pk", "version")}


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


def _employer_first(agreement: Agreement) -> list[Signature]:
    return sorted(agreement.signatures.all(), key=lambda row: row.party != Signature.Party.EMPLOYER)


def _signer(signature: Signature) -> dict[str, Any]:
    is_employer = signature.party == Signature.Party.EMPLOYER
    rows = _by_hand(signature) if signature.method == Signature.Method.PAPER else _electronic(signature)
    return {
        "heading": _("For the Employer") if is_employer else _("For the Sponsor"),
        "rows": [{"label": label, "value": value} for label, value in rows],
    }


def _electronic(signature: Signature) -> Rows:
    """Return the evidence of an electronic signature: the same rows, in the same order, for both parties."""
    return (
        (_("Name, as typed"), signature.name),
        (_("Title"), _title(signature)),
        (_("E-mail"), signature.email),
        (_("Authority"), signature.authority),
        (_("Identified by"), str(signature.get_method_display())),
        (_("Code or second factor"), _proof(signature)),
        (
            _("Consent"),
            _("Disclosure version %(version)s, agreed to before signing")
            % {"version": signature.consent_version},
        ),
        (_("Intent"), signature.intent),
        (_("Signed"), iso_moment(signature.signed_at.isoformat())),
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


def _proof(signature: Signature) -> str:
    """Return what the signer showed at the moment of signing, and when."""
    if not signature.proof or signature.proof_at is None:
        is_code = signature.method in (Signature.Method.CODE, Signature.Method.LINK)
        return (
            _("Six-digit code, mailed to the address above; its time was not kept then") if is_code else "–"
        )
    return str(PROOFS[signature.proof]) % {"moment": iso_moment(signature.proof_at.isoformat())}


def _by_hand(signature: Signature) -> Rows:
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
        (_("Uploaded"), _said(scan.uploaded_by, scan.uploaded_at)),
        (_("Confirmed"), _said(scan.confirmed_by, scan.confirmed_at)),
        (_("Scan"), kept),
        (_("SHA-256 of the scan"), scan.sha256),
        (_("SHA-256 of the text printed"), signature.sha256),
    )


def _said(who: User | None, at: dt.datetime | None) -> str:
    moment = iso_moment(at.isoformat()) if at else ""
    return _("by %(who)s, %(at)s") % {"who": who, "at": moment} if who else moment


def _event(event: Event, agreement: Agreement, *, version: int | None, link: str) -> dict[str, str]:
    """Return when, what and who. What a link did, the person it was mailed to did; `version` is an earlier one."""
    signature = next(
        (row for row in agreement.signatures.all() if row.party == event.data.get("party")), None
    )
    is_ours = signature is not None and signature.party == Signature.Party.SPONSOR
    what = _("Countersigned") if is_ours else str(WHAT[event.verb])
    if version:
        what = _("%(what)s (version %(version)s)") % {"what": what, "version": version}
    who = signature.name if signature else str(event.user or link)
    return {"at": event.at.isoformat(), "what": what, "who": who}
