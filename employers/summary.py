"""All answers as questions and answers, step by step: for checking, printing, submitting and reviewing."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from employers.application import Application
from employers.completeness import gaps_in, page_of
from employers.models import Employer, Mentor, Onboarding, Position, Site
from employers.onboarding import STEP_BY_PART, Part, Step
from employers.wages.wording import dollars, plain_number


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and its answer; `key` is stable from submission to submission."""

    key: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Section:
    """The answers of one part, with what is still missing in it."""

    part: Part
    answers: tuple[Answer, ...]
    gaps: tuple[str, ...]

    @property
    def step(self) -> Step:
        """The step that asks for the part."""
        return STEP_BY_PART[self.part]

    @property
    def url(self) -> str:
        """The address of the page where the part is edited."""
        return page_of(self.part)


def sections(application: Application) -> list[Section]:
    """Return every part with its answers, in the order of the steps."""
    application.read()
    return [
        Section(
            part, tuple(_READERS[part](application)), tuple(gap.message for gap in gaps_in(application, part))
        )
        for part in Part
    ]


def answers_in(application: Application, part: Part) -> tuple[Answer, ...]:
    """Return the answers of one part."""
    return tuple(_READERS[part](application))


def answers_as_data(application: Application) -> dict[str, Any]:
    """Return all answers as plain values: {part: [{key, question, answer}, …]}."""
    return {
        str(section.part): [
            {"key": row.key, "question": row.question, "answer": row.answer} for row in section.answers
        ]
        for section in sections(application)
    }


def as_said_today(row: dict[str, Any]) -> str:
    """Return an answer of a submission as it would be said now: what says "40.0 hours" there is 40 today."""
    answer: str = row["answer"]
    if row["key"].endswith(".hours_per_week") and "." in answer:
        return answer.rstrip("0").rstrip(".")
    return answer


def as_compared(row: dict[str, Any]) -> str:
    """Return what tells an answer from an earlier one: days of acknowledgment were in UTC once, and are no answer."""
    answer = as_said_today(row)
    return DAY_AT_END.sub("", answer) if row["key"].startswith("document-") else answer


def sha256_of(data: dict[str, Any]) -> str:
    """Return the SHA-256, in hexadecimal, of plain values."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


DAY_AT_END = re.compile(r"\S+ \d{1,2}, \d{4}$")
ORGANIZATION_FIELDS = (
    "legal_name", "dba_name", "kind", "ein", "naics", "street", "city", "state", "zip_code", "county",
)  # fmt: skip
CONTACT_FIELDS = ("contact_name", "contact_title", "contact_email", "contact_phone")
COMPLAINT_FIELDS = ("complaint_name", "complaint_address", "complaint_email", "complaint_phone")
SITE_FIELDS = ("name", "street", "city", "state", "zip_code", "journeyworkers", "gi_bill", "gi_bill_facility_code",
               "health_care_group", "local_minimum_wage")  # fmt: skip
POSITION_FIELDS = ("branch", "site", "openings", "planned_start", "hours_per_week", "incumbent_initials")
FUNDING_FIELDS = ("instruction_provider", "is_instruction_paid", "instruction_time", "confirms_payment")
MENTOR_FIELDS = ("name", "title", "site", "email", "credentials", "years", "apprentices_carried")


def _profile(application: Application) -> Iterator[Answer]:
    for names, where in (
        (ORGANIZATION_FIELDS, ""),
        (CONTACT_FIELDS, _("Contact")),
        (COMPLAINT_FIELDS, _("For complaints")),
        (("follows_selection_procedure",), ""),
    ):
        yield from _fields(application.employer, Employer, names, prefix=where)
    for number, site in enumerate(application.sites, 1):
        where = _("Site %(number)s") % {"number": number}
        asked = [name for name in SITE_FIELDS if name != "health_care_group" or site.state == "CA"]
        yield from _fields(site, Site, asked, key=f"site-{site.pk}", prefix=where)


def _standards(application: Application) -> Iterator[Answer]:
    for document in application.required_documents:
        row = application.acknowledgments.get(document.pk)
        said = (
            _("Acknowledged by %(who)s on %(day)s") % {"who": row.user, "day": _day(row.at, application)}
            if row
            else ""
        )
        title = _("%(title)s, version %(version)s") % {"title": document.title, "version": document.version}
        yield Answer(f"document-{document.pk}", title, said)


def _positions(application: Application) -> Iterator[Answer]:
    for number, row in enumerate(application.positions, 1):
        where = _("Position %(number)s") % {"number": number}
        is_incumbent = row.branch == Position.Branch.INCUMBENT
        asked = [name for name in POSITION_FIELDS if name != "incumbent_initials" or is_incumbent]
        yield from _fields(row, Position, asked, key=f"position-{row.pk}", prefix=where)
    yield from _fields(application.onboarding, Onboarding, ("confirms_hiring",))


def _funding(application: Application) -> Iterator[Answer]:
    yield Answer("cost", _("Cost of related instruction"), dollars(application.instruction_cost))
    yield Answer("covered", _("Covered by the sources below"), dollars(application.funding_covered))
    for number, row in enumerate(application.funding_sources, 1):
        amount = dollars(row.amount) if row.amount is not None else ""
        said = " · ".join(
            part for part in (row.get_kind_display() if row.kind else "", row.name, amount) if part
        )
        yield Answer(f"source-{row.pk}", _("Source %(number)s") % {"number": number}, said)
    yield from _fields(application.onboarding, Onboarding, FUNDING_FIELDS)


def _mentors(application: Application) -> Iterator[Answer]:
    for number, row in enumerate(application.mentors, 1):
        where = _("Mentor %(number)s") % {"number": number}
        yield from _fields(row, Mentor, MENTOR_FIELDS, key=f"mentor-{row.pk}", prefix=where)


def _wages(application: Application) -> Iterator[Answer]:
    schedule = application.wage_schedule
    if schedule is None:
        return
    rate = schedule.journeyworker_rate
    yield Answer("journeyworker_rate", _("Fully proficient rate"), _hourly(rate))
    for period in schedule.periods.all():
        question = _("Period %(number)s, hours %(start)s to %(end)s") % {
            "number": period.number,
            "start": f"{period.hours_from:,}",
            "end": f"{period.hours_to:,}",
        }
        yield Answer(f"period-{period.number}", question, _hourly(period.rate))


def _agreement(application: Application) -> Iterator[Answer]:
    onboarding = application.onboarding
    named = ", ".join(part for part in (onboarding.signatory_name, onboarding.signatory_title) if part)
    yield Answer("signatory", _("Signatory"), named)
    agreement = application.agreement
    said = (
        _("Version %(version)s, %(status)s")
        % {
            "version": agreement.version,
            "status": agreement.standing,
        }
        if agreement
        else ""
    )
    yield Answer("agreement", _("Employer Agreement"), said)


_READERS = {
    Part.PROFILE: _profile,
    Part.STANDARDS: _standards,
    Part.POSITION: _positions,
    Part.FUNDING: _funding,
    Part.MENTOR: _mentors,
    Part.WAGES: _wages,
    Part.AGREEMENT: _agreement,
}


def _fields(
    row: models.Model, model: type[models.Model], names: Sequence[str], *, key: str = "", prefix: str = ""
) -> Iterator[Answer]:
    for name in names:
        label = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        question = f"{prefix}: {label}" if prefix else label[:1].upper() + label[1:]
        yield Answer(f"{key}.{name}" if key else name, question, _said(row, name))


def _said(row: models.Model, name: str) -> str:
    value = getattr(row, name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(row, f"get_{name}_display"):
        return str(getattr(row, f"get_{name}_display")())
    if name == "local_minimum_wage":
        return _hourly(value)
    if isinstance(value, Decimal):
        return plain_number(value)
    if hasattr(value, "isoformat"):
        return date_format(value, "M j, Y")
    return str(value)


def _hourly(rate: Any) -> str:
    return "" if rate is None else _("%(amount)s an hour") % {"amount": dollars(rate)}


def _day(moment: Any, application: Application) -> str:
    """Return the day on which a moment was at the employer."""
    return date_format(timezone.localtime(moment, application.zone), "M j, Y")
