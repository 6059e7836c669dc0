"""The sponsor-side data of form ETA-671 (Apprentice Agreement and Registration, part B), as a paper and as CSV.

Source: ETA-671 section II, OMB 1205-0223, edition that expired 06/30/2024. Nothing here is about an apprentice; what
differs by apprentice is said to, and what the portal does not know is left for the sponsor to write.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from apprenticeship import spreadsheets
from apprenticeship.accounts.models import User
from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from apprenticeship.documents.orders import order
from apprenticeship.program.models import Program
from employers.application import Application
from employers.models import Onboarding, RegistrationAttempt
from employers.wages.wording import day

KIND = kinds.ETA_671
EDITION = "ETA-671, OMB 1205-0223, 06/30/2024"
PERIODS_MAX = 10


def order_data(onboarding: Onboarding, attempt: RegistrationAttempt, *, by: User | None) -> Document:
    """Order the paper of an attempt; the same attempt has one."""
    return order(
        KIND,
        subject=attempt,
        data=data_of(Application(onboarding), attempt),
        title=_("ETA-671, sponsor-side data"),
        version=attempt.number,
        effect_key=f"eta671:{attempt.pk}",
        by=by,
    )


def data_of(application: Application, attempt: RegistrationAttempt) -> dict[str, Any]:
    """Return what the paper prints, item by item, from the agreement in force and the program's figures."""
    agreement = application.agreement_in_force
    facts = agreement.terms["facts"] if agreement else {"employer": {"legal_name": ""}, "wages": {}}
    groups = (
        (_("Sponsor"), _sponsor(application.program)),
        (_("Employer"), _employer(application, facts["employer"])),
        (_("Occupation and training"), _training(application)),
        (_("Progressive wage schedule"), _wages(facts["wages"])),
        (_("Complaint contact"), _complaints(application)),
    )
    return {
        "edition": EDITION,
        "employer": {"legal_name": facts["employer"]["legal_name"]},
        "agency": attempt.agency or application.program.registration_agency,
        "groups": [{"title": title, "rows": [_row(*row) for row in rows]} for title, rows in groups],
    }


def rows_of(data: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the same as rows of a spreadsheet, headings first."""
    yield [_("Item"), _("What the form asks"), _("Answer"), _("Remark")]
    for group in data["groups"]:
        for row in group["rows"]:
            yield [row["item"], row["asks"], row["answer"], row["remark"]]


def as_csv(data: dict[str, Any]) -> bytes:
    """Return the rows as a CSV file."""
    return "".join(spreadsheets.lines(rows_of(data))).encode()


Answers = Iterable[tuple[str, str, str]]


def _row(item: str, asks: str, answer: str) -> dict[str, str]:
    """Return one item; what the portal does not know says so."""
    if answer == EACH:
        return {"item": item, "asks": asks, "answer": "", "remark": _("differs by apprentice, at enrollment")}
    remark = "" if answer else _("not known to the portal; to be filled in")
    return {"item": item, "asks": asks, "answer": answer, "remark": remark}


EACH = "each apprentice"


def _sponsor(program: Program) -> Answers:
    return [
        ("1", _("Program number"), program.sponsor_program_number),
        ("1", _("Sponsor"), program.sponsor_name),
        ("1", _("Address"), program.sponsor_address),
        ("1", _("Telephone"), program.contact_phone),
        ("1", _("E-mail"), program.contact_email),
    ]


def _employer(application: Application, printed: dict[str, str]) -> Answers:
    return [
        ("1b", _("Employer"), printed["legal_name"]),
        ("1b", _("Doing business as"), printed.get("dba_name") or _("no other name")),
        ("1b", _("Address"), printed.get("address", "")),
        ("1b", _("County"), application.employer.county),
    ]


def _training(application: Application) -> Answers:
    program, onboarding = application.program, application.onboarding
    starts = [row.planned_start for row in application.positions if row.planned_start]
    months = {"months": program.term_months, "hours": f"{program.term_hours:,}"}
    paid = {None: "", True: _("yes"), False: _("no")}[onboarding.is_instruction_paid]
    return [
        ("2", _("Occupation"), program.occupation_title),
        ("2a", _("RAPIDS code"), program.rapids_code),
        ("2b", _("O*NET-SOC code"), program.onet_code),
        ("2c", _("Interim credentials offered"), ""),
        ("3", _("Type of training"), str(program.get_approach_display())),
        ("4", _("Term"), _("%(months)s months, %(hours)s hours on the job") % months),
        ("5", _("Probation"), _("%(hours)s hours") % {"hours": f"{program.probation_hours:,}"}),
        ("6", _("Credit for previous on-the-job learning"), EACH),
        ("7", _("Credit for previous related instruction"), EACH),
        ("8", _("Date apprenticeship begins"), _planned(min(starts)) if starts else ""),
        (
            "8a",
            _("Expected completion"),
            _planned(_after(min(starts), program.term_months)) if starts else "",
        ),
        ("9", _("Related-instruction provider"), onboarding.instruction_provider),
        ("9a", _("Related instruction, hours"), f"{program.related_instruction_hours:,}"),
        ("9b", _("Wages paid during related instruction"), paid),
        ("9c", _("Related instruction takes place"), str(onboarding.get_instruction_time_display())),
    ]


def _wages(printed: dict[str, Any]) -> Answers:
    periods = printed.get("periods", [])[:PERIODS_MAX]
    rate = printed.get("journeyworker_rate", "")
    yield "10a", _("Entry wage"), _hourly(periods[0]["rate"]) if periods else ""
    yield "10b", _("Journeyworker wage"), _hourly(rate)
    yield "10c", _("Unit"), _("hourly")
    yield "10d", _("Rate type"), _("dollar amount")
    for period in periods:
        asks = _("Period %(number)s, hours %(first)s to %(last)s") % {
            "number": period["number"],
            "first": f"{period['hours_from']:,}",
            "last": f"{period['hours_to']:,}",
        }
        yield "10", asks, _hourly(period["rate"])


def _complaints(application: Application) -> Answers:
    employer = application.employer
    return [
        ("11", _("Name"), employer.complaint_name),
        ("11", _("Title"), ""),
        ("11", _("Address"), employer.complaint_address),
        ("11", _("Telephone"), employer.complaint_phone),
        ("11", _("E-mail"), employer.complaint_email),
    ]


def _hourly(rate: str) -> str:
    return _("$%(rate)s an hour") % {"rate": rate} if rate else ""


def _planned(on: dt.date) -> str:
    return _("planned: %(day)s") % {"day": day(on)}


def _after(start: dt.date, months: int) -> dt.date:
    """Return the same day some months later, or the last one of that month."""
    count = start.year * 12 + start.month - 1 + months
    first = dt.date(count // 12, count % 12 + 1, 1)
    last = dt.date((count + 1) // 12, (count + 1) % 12 + 1, 1) - dt.timedelta(days=1)
    return first.replace(day=min(start.day, last.day))
