"""Present, sign and void the Employer Agreement. Nothing signed is ever edited."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.program.models import AgreementTemplate
from apprenticeship.records.events import record
from employers.application import Application
from employers.models import Agreement, Employer, Signature, SigningLink, WageSchedule
from employers.permissions import user_of
from employers.wages.schedule import percent_of_journeyworker

# A method of signing, stored in words beside the signature.
INTENT = "I sign this Employer Agreement by typing my full name."
SPONSOR_AUTHORITY = "I have the authority to sign for AAMI, and I sign electronically."


class TextChanged(Exception):
    """The text on the page is not the text that would be signed. Nothing is signed."""


class AlreadySigned(Exception):
    """This party has signed this very text, for instance by the first of two clicks."""


class NotPresentable(Exception):
    """There is nothing to sign yet. The message says what is missing."""


def printed_facts(application: Application) -> dict[str, Any]:
    """Return what the agreement prints and a later edit would change: plain values, ready to compare.

    Legal name, principal address, representative, occupation, acknowledged documents, wage schedule, sites.
    """
    onboarding, employer, program = application.onboarding, application.employer, application.program
    return {
        "employer": {
            "legal_name": employer.legal_name,
            "dba_name": employer.dba_name,
            "address": employer.address,
            "ein": employer.ein,
            "naics": employer.naics,
        },
        "representative": {"name": onboarding.signatory_name, "title": onboarding.signatory_title},
        "occupation": {
            "title": program.occupation_title,
            "rapids_code": program.rapids_code,
            "onet_code": program.onet_code,
        },
        "term": {"hours": program.term_hours, "months": program.term_months},
        "documents": [
            {"title": row.document.title, "version": row.document.version}
            for row in application.acknowledgments.values()
        ],
        "wages": wages_as_data(application),
        "sites": [{"name": str(site), "address": site.address} for site in application.sites],
    }


def wages_as_data(application: Application) -> dict[str, Any]:
    """Return the newest wage schedule as plain values: amounts as text with two decimals, hours as numbers."""
    row = application.wage_schedule
    if row is None:
        return {}
    schedule = row.as_schedule()
    return {
        "journeyworker_rate": _amount(schedule.journeyworker_rate),
        "term_hours": schedule.term_hours,
        "periods": [
            {
                "number": period.number,
                "hours_from": period.hours_from,
                "hours_to": period.hours_to,
                "rate": _amount(period.rate),
                "percent": str(percent_of_journeyworker(period, schedule) or ""),
            }
            for period in schedule.periods
        ],
    }


def would_void(application: Application) -> bool:
    """Whether the answers, as they are now, print something else than what was signed."""
    agreement = application.signed_agreement
    return agreement is not None and agreement.terms["facts"] != printed_facts(application)


@transaction.atomic
def present(application: Application, *, by: User) -> Agreement:
    """Freeze the agreement's terms and text with their SHA-256 and return it, the same again if nothing changed.

    Raises NotPresentable while there is no wage schedule, signatory or published template.
    """
    template = AgreementTemplate.objects.current()
    schedule = application.wage_schedule
    if template is None or schedule is None or not application.onboarding.signatory_name:
        raise NotPresentable(_("Build the wage schedule and name the signatory first."))
    open_one = application.agreement
    if open_one and open_one.status == Agreement.Status.PRESENTED:
        if open_one.template_id == template.pk and open_one.terms["facts"] == printed_facts(application):
            return open_one
        _end(open_one, Agreement.Status.SUPERSEDED, _("The text changed before it was signed"))
    agreement = _frozen(application, template, schedule)
    if schedule.locked_at is None:
        schedule.locked_at = timezone.now()
        schedule.save(update_fields=["locked_at"])
    record(
        application.employer.chain,
        "agreement_presented",
        by=by,
        subject=agreement,
        data={"sha256": agreement.sha256},
    )
    return agreement


def _frozen(application: Application, template: AgreementTemplate, schedule: WageSchedule) -> Agreement:
    """Store a new version of the agreement: its terms, and the words with every placeholder filled in."""
    employer, program = application.employer, application.program
    facts = printed_facts(application)
    words = template.filled(
        {
            "employer": employer.legal_name,
            "sponsor": program.sponsor_name,
            "occupation": program.occupation_title,
            "rapids_code": program.rapids_code,
            "onet_code": program.onet_code,
            "term_hours": f"{program.term_hours:,}",
            "term_months": str(program.term_months),
            "registration_agency": program.registration_agency,
        }
    )
    version = employer.agreements.count() + 1
    terms = {
        "facts": facts,
        "sponsor": {"name": program.sponsor_name},
        "template": {
            "version": template.version,
            "is_sample": template.is_sample,
            "title": words.title,
            "preamble": list(words.preamble),
            "statements": [{"heading": clause.heading, "text": clause.text} for clause in words.clauses],
            "authority_statement": words.authority_statement,
            "consent_text": list(words.consent_text),
            "consent_version": words.consent_version,
        },
        "agreement_version": version,
        "wages_version": schedule.version,
    }
    text = json.dumps(terms, sort_keys=True, ensure_ascii=False, indent=1)
    return Agreement.objects.create(
        employer=employer,
        version=version,
        template=template,
        wage_schedule=schedule,
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
) -> Signature:
    """Store the act of signing exactly the text with this SHA-256.

    Raises AlreadySigned, or TextChanged if it is another text.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    expected = Agreement.Status.PRESENTED if party == Signature.Party.EMPLOYER else Agreement.Status.SIGNED
    if locked.sha256 == sha256 and locked.signatures.filter(party=party).exists():
        raise AlreadySigned
    if locked.sha256 != sha256 or locked.status != expected:
        raise TextChanged
    template = locked.terms["template"]
    signature = Signature.objects.create(
        agreement=locked,
        party=party,
        method=Signature.Method.LINK if isinstance(by, SigningLink) else Signature.Method.ACCOUNT,
        user=user_of(by),
        name=name,
        title=title,
        email=by.email,
        authority=template["authority_statement"] if party == Signature.Party.EMPLOYER else SPONSOR_AUTHORITY,
        consent_version=template["consent_version"],
        consent_text="\n\n".join(template["consent_text"]),
        intent=INTENT,
        sha256=sha256,
        ip=ip,
        user_agent=browser[:300],
    )
    if party == Signature.Party.EMPLOYER:
        locked.status = Agreement.Status.SIGNED
        locked.save(update_fields=["status"])
    record(
        locked.employer.chain,
        "agreement_signed",
        by=user_of(by),
        subject=locked,
        data={"party": party, "sha256": sha256},
    )
    return signature


def put_in_force(agreement: Agreement) -> None:
    """Mark an agreement that both parties have signed, and supersede the one it replaces."""
    in_force = Agreement.objects.filter(employer=agreement.employer, status=Agreement.Status.IN_FORCE)
    for older in in_force.exclude(pk=agreement.pk):
        _end(older, Agreement.Status.SUPERSEDED, _("Replaced by version %(v)s") % {"v": agreement.version})
    agreement.status = Agreement.Status.IN_FORCE
    agreement.save(update_fields=["status"])


def revoke_links(employer: Employer) -> None:
    """Stop every open signing link of an employer for good."""
    links = SigningLink.objects.open().filter(agreement__employer=employer)
    links.update(revoked_at=timezone.now())


def supersede_if_changed(application: Application) -> bool:
    """End an agreement that waits for its signature and no longer prints what the answers say."""
    agreement = application.agreement
    if agreement is None or agreement.status != Agreement.Status.PRESENTED:
        return False
    if agreement.terms["facts"] == printed_facts(application):
        return False
    _end(agreement, Agreement.Status.SUPERSEDED, _("The text changed before it was signed"))
    return True


def void(agreement: Agreement, *, by: User | None, reason: str) -> None:
    """End an agreement that no longer says what the application says. It stays readable."""
    _end(agreement, Agreement.Status.VOID, reason)
    record(agreement.employer.chain, "agreement_voided", by=by, subject=agreement, data={"reason": reason})


def _end(agreement: Agreement, status: Agreement.Status, reason: str) -> None:
    agreement.status, agreement.ended_at, agreement.ended_reason = status, timezone.now(), reason[:200]
    agreement.save(update_fields=["status", "ended_at", "ended_reason"])


def _amount(value: Any) -> str:
    return "" if value is None else f"{value:.2f}"
