"""What the agreement prints, as plain values: presented, compared and printed in one form."""

from typing import Any

from apprenticeship.program.models import AgreementTemplate
from employers.application import Application
from employers.models import Agreement, WageSchedule
from employers.wages.schedule import percent_of_journeyworker

# What the employer's own edits can change. Occupation and term are the program's and bind at presentation.
EMPLOYERS_OWN = ("employer", "representative", "documents", "wages", "sites")


def printed_facts(application: Application) -> dict[str, Any]:
    """Return what the agreement prints.

    Legal name, principal address, representative, occupation, acknowledged documents, wage schedule, sites.
    """
    onboarding, employer, program = application.onboarding, application.employer, application.program
    names = ("legal_name", "dba_name", "address", "ein", "naics")
    return {
        "employer": {name: getattr(employer, name) for name in names},
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


def still_says_the_same(agreement: Agreement, application: Application) -> bool:
    """Whether an agreement prints what the employer's answers say now."""
    frozen, now = agreement.terms["facts"], printed_facts(application)
    return all(frozen[name] == now[name] for name in EMPLOYERS_OWN)


def needs_new_text(application: Application) -> bool:
    """Whether the employer signed a text that AAMI has replaced by one that must be signed, and it is not in force."""
    agreement = application.signed_agreement
    return agreement is not None and not agreement.is_in_force and agreement.is_outdated


def terms_of(
    application: Application, template: AgreementTemplate, schedule: WageSchedule, version: int
) -> dict[str, Any]:
    """Return everything a version of the agreement says: facts, and words with every placeholder filled in."""
    return {
        "facts": printed_facts(application),
        "sponsor": {"name": application.program.sponsor_name},
        "template": _words_of(template, application),
        "agreement_version": version,
        "wages_version": schedule.version,
    }


def _words_of(template: AgreementTemplate, application: Application) -> dict[str, Any]:
    """Return the template's words, every placeholder filled in."""
    program = application.program
    values = {
        "employer": application.employer.legal_name,
        "sponsor": program.sponsor_name,
        "occupation": program.occupation_title,
        "rapids_code": program.rapids_code,
        "onet_code": program.onet_code,
        "term_hours": f"{program.term_hours:,}",
        "term_months": str(program.term_months),
        "registration_agency": program.registration_agency,
        "contact": program.contact,
    }
    words = template.filled(values)
    return {
        "version": template.version,
        "is_sample": template.is_sample,
        "title": words.title,
        "preamble": list(words.preamble),
        "statements": [{"heading": clause.heading, "text": clause.text} for clause in words.clauses],
        "authority_statement": words.authority_statement,
        "consent_text": list(words.consent_text),
        "consent_version": words.consent_version,
    }


def wages_as_data(application: Application) -> dict[str, Any]:
    """Return the newest wage schedule: amounts as text with two decimals, hours as numbers."""
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


def _amount(value: Any) -> str:
    return "" if value is None else f"{value:.2f}"
