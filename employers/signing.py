"""Present, sign and void the Employer Agreement. Nothing signed is ever edited."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.program.models import AgreementTemplate
from apprenticeship.records.events import record
from employers.amended import Amended, case_of
from employers.application import Application
from employers.completeness import gaps
from employers.models import Agreement, Employer, Onboarding, Signature, SigningLink, WageSchedule
from employers.names import same_words
from employers.onboarding import Part
from employers.permissions import link_of, user_of
from employers.terms import printed_facts, still_says_the_same, terms_of

# The act in words, shown before the button and stored beside the signature.
INTENT = "I sign this Employer Agreement by typing my full name."
SPONSOR_AUTHORITY = "I have the authority to sign this agreement for AAMI and to bind AAMI to it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """How a signer is known: by session or link, and by what they showed at the moment of signing, and when."""

    method: Signature.Method = Signature.Method.ACCOUNT
    proof: str = ""
    proof_at: dt.datetime | None = None


BY_ACCOUNT = Identity()


class TextChanged(Exception):
    """The text on the page is not the text that would be signed. Nothing is signed."""


class AlreadySigned(Exception):
    """This party has signed this very text, for instance by the first of two clicks."""


class NotPresentable(Exception):
    """There is nothing to sign yet. The message says what is missing."""


def would_void(application: Application) -> bool:
    """Whether the answers, as they are now, print something else than what was signed."""
    agreement = application.signed_agreement
    return agreement is not None and not still_says_the_same(agreement, application)


@transaction.atomic
def present(onboarding: Onboarding, *, by: User | None) -> Agreement:
    """Freeze the agreement's terms and text with their SHA-256 and return it, the same again if nothing changed.

    Reads the answers anew, locked. Raises NotPresentable while an earlier step, the wages, the signatory or a
    published template is missing.
    """
    application = case_of(Onboarding.objects.locked(onboarding.pk))
    template, schedule = _presentable(application)
    before = application.agreement
    if before and before.status == Agreement.Status.PRESENTED:
        if before.template_id == template.pk and before.terms["facts"] == printed_facts(application):
            return before
        _end(before, Agreement.Status.SUPERSEDED, _("The text changed before it was signed"))
    agreement = _frozen(application, template, schedule)
    WageSchedule.objects.filter(pk=schedule.pk, locked_at=None).update(locked_at=timezone.now())
    data = {"sha256": agreement.sha256}
    record(application.employer.chain, "agreement_presented", by=by, subject=agreement, data=data)
    return agreement


def _presentable(case: Application) -> tuple[AgreementTemplate, WageSchedule]:
    """Return template and wage schedule, or raise NotPresentable with what to do first."""
    if not case.is_signing_open:
        raise NotPresentable(_("Complete the steps before this one first."))
    missing = gaps(case, *to_hold(case))
    if missing:
        raise NotPresentable(missing[0].message)
    if not (case.onboarding.signatory_name and case.onboarding.signatory_email):
        raise NotPresentable(_("Name the person who signs first, with their e-mail address."))
    template, schedule = case.template, case.wage_schedule
    if template is None or schedule is None:
        raise NotPresentable(_("AAMI has not published the agreement's text yet. Talk to us."))
    if isinstance(case, Amended) and not changes_anything(case, template):
        raise NotPresentable(_("Nothing is changed yet: the agreement in force says the same."))
    return template, schedule


def is_presentable(case: Application) -> bool:
    """Whether the text of a case can be frozen and signed now."""
    try:
        _presentable(case)
    except NotPresentable:
        return False
    return True


def to_hold(case: Application) -> tuple[Part, ...]:
    """Return the parts that must hold before signing; an application has completed the others step by step."""
    return (Part.PROFILE, Part.STANDARDS, Part.WAGES) if isinstance(case, Amended) else (Part.WAGES,)


def changes_anything(case: Amended, template: AgreementTemplate | None) -> bool:
    """Whether an amendment prints something else than the agreement in force."""
    before = case.agreement_in_force
    if before is None or template is None:
        return False
    return template.version != before.template.version or not still_says_the_same(before, case)


def _frozen(case: Application, template: AgreementTemplate, schedule: WageSchedule) -> Agreement:
    """Store a new version of the agreement: its terms, and the words with every placeholder filled in."""
    version = case.employer.agreements.count() + 1
    terms = terms_of(case, template, schedule, version)
    text = json.dumps(terms, sort_keys=True, ensure_ascii=False, indent=1)
    # The employer itself, not the copy that has an amendment's name already: mail tells the name in force.
    return Agreement.objects.create(
        employer_id=case.employer.pk,
        version=version,
        template=template,
        wage_schedule=schedule,
        amendment=case.amendment,
        terms=terms,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


@transaction.atomic
def sign(
    agreement: Agreement,
    party: Signature.Party,
    *,
    by: User | SigningLink,
    name: str,
    title: str,
    sha256: str,
    ip: str | None,
    browser: str,
    known: Identity = BY_ACCOUNT,
) -> Signature:
    """Store the act of signing exactly the text with this SHA-256; `known` says how the caller knows who signs.

    Raises AlreadySigned, or TextChanged if it is another text.
    """
    locked = _locked_to_sign(agreement, party, sha256)
    signature = Signature.objects.create(
        agreement=locked, party=party, user=user_of(by), name=name, title=title, email=by.email,
        method=known.method, proof=known.proof, proof_at=known.proof_at,
        sha256=sha256, ip=ip, user_agent=browser[:300], intent=INTENT, **_agreed_to(locked, party),
    )  # fmt: skip
    if party == Signature.Party.EMPLOYER:
        locked.status = Agreement.Status.SIGNED
        locked.save(update_fields=["status"])
    data = {"party": party, "sha256": sha256} | link_of(by)
    record(locked.employer.chain, "agreement_signed", by=user_of(by), subject=locked, data=data)
    return signature


def _locked_to_sign(agreement: Agreement, party: Signature.Party, sha256: str) -> Agreement:
    """Return the agreement, locked, if it waits for this party under this text; raises as `sign` does."""
    Onboarding.objects.locked(agreement.employer.onboarding.pk)
    locked: Agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    expected = Agreement.Status.PRESENTED if party == Signature.Party.EMPLOYER else Agreement.Status.SIGNED
    if locked.sha256 == sha256 and locked.signatures.filter(party=party).exists():
        raise AlreadySigned
    if locked.sha256 != sha256 or locked.status != expected:
        raise TextChanged
    return locked


def _agreed_to(agreement: Agreement, party: Signature.Party) -> dict[str, str]:
    """Return the words that a signer said yes to: authority, and consent with its version."""
    template = agreement.terms["template"]
    is_employer = party == Signature.Party.EMPLOYER
    return {
        "authority": template["authority_statement"] if is_employer else SPONSOR_AUTHORITY,
        "consent_version": template["consent_version"],
        "consent_text": "\n\n".join(template["consent_text"]),
    }


def check_name(by: User, typed_name: str) -> None:
    """Raise ValidationError unless the name typed is the signer's own, whatever its case and spacing."""
    if not same_words(typed_name, by.name):
        message = _("Type your name as your account has it: %(name)s.") % {"name": by.name}
        raise ValidationError({"typed_name": message})


def put_in_force(agreement: Agreement) -> None:
    """Mark an agreement that both parties have signed, and supersede the one it replaces."""
    in_force = Agreement.objects.filter(employer=agreement.employer, status=Agreement.Status.IN_FORCE)
    for older in in_force.exclude(pk=agreement.pk):
        _end(older, Agreement.Status.SUPERSEDED, _("Replaced by version %(v)s") % {"v": agreement.version})
    agreement.status = Agreement.Status.IN_FORCE
    agreement.save(update_fields=["status"])


def revoke_links(employer: Employer, *, by: User | None) -> None:
    """Stop every open signing link of an employer for good."""
    for link in SigningLink.objects.open().filter(agreement__employer=employer).select_related("agreement"):
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        data = {"link": str(link.pk)}
        record(employer.chain, "signing_link_revoked", by=by, subject=link.agreement, data=data)


def supersede_if_changed(application: Application) -> bool:
    """End an agreement that waits for its signature and no longer prints what the answers say."""
    agreement = application.agreement
    if agreement is None or agreement.status != Agreement.Status.PRESENTED:
        return False
    if still_says_the_same(agreement, application):
        return False
    _end(agreement, Agreement.Status.SUPERSEDED, _("The text changed before it was signed"))
    return True


def supersede(agreement: Agreement, reason: str) -> None:
    """End an agreement that was presented and is not signed."""
    _end(agreement, Agreement.Status.SUPERSEDED, reason)


def void(agreement: Agreement, *, by: User | None, reason: str) -> None:
    """End an agreement that no longer says what the application says. It stays readable."""
    _end(agreement, Agreement.Status.VOID, reason)
    record(agreement.employer.chain, "agreement_voided", by=by, subject=agreement)


def end_with_partnership(agreement: Agreement) -> None:
    """End the agreement in force of a partnership that ends. Its paper stays genuine, and readable."""
    _end(agreement, Agreement.Status.ENDED, _("The partnership ended"))


def _end(agreement: Agreement, status: Agreement.Status, reason: str) -> None:
    agreement.status, agreement.ended_at, agreement.ended_reason = status, timezone.now(), reason[:200]
    agreement.save(update_fields=["status", "ended_at", "ended_reason"])
    agreement.scans.waiting().update(ended_at=agreement.ended_at)
