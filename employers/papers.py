"""The papers of an application: what each prints, frozen when it is ordered."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.documents.orders import order
from employers.application import Application, zone_of
from employers.certificate import seal_in_words, time_in_words
from employers.models import Agreement, Employer, Signature, Submission
from employers.onboarding import STEPS, Step
from employers.summary import Section, answers_as_data, sections, sha256_of
from employers.terms import printed_facts
from employers.wages.chart import wage_chart
from employers.wages.floors import Floor, FloorStep, floor_for, start_at
from employers.wages.schedule import Period, Schedule
from employers.wages.wording import day


def order_agreement(agreement: Agreement, *, by: User | None) -> Document:
    """Order the Employer Agreement as it is signed so far; each signature makes a paper of its own."""
    return order(
        "employer_agreement",
        subject=agreement,
        data=agreement_data(agreement),
        title=_("Employer Agreement"),
        version=agreement.version,
        effect_key=agreement_effect(agreement, agreement.signatures.count()),
        by=by,
    )


def agreement_effect(agreement: Agreement, signatures: int) -> str:
    """Return what the paper with that many signatures was made for."""
    return f"agreement:{agreement.pk}:{signatures}"


def agreement_data(agreement: Agreement, zone: dt.tzinfo | None = None) -> dict[str, Any]:
    """Return what the agreement prints: its frozen terms and the signatures so far.

    Moments are kept as they read at the employer, offset included; the paper tells them in UTC too. `zone` is the
    employer's, for who has read it already.
    """
    signatures, zone = list(agreement.signatures.all()), zone or zone_of(agreement.employer)
    return terms_data(agreement.terms) | {
        "presented_at": agreement.presented_at.astimezone(zone).isoformat(),
        "sha256": agreement.sha256,
        "signatures": [_signature_data(row, zone) for row in signatures],
    }


def terms_data(terms: dict[str, Any]) -> dict[str, Any]:
    """Return what an agreement with these terms prints before it is presented."""
    return {
        **terms["facts"],
        "wages": terms["facts"]["wages"] | {"version": terms["wages_version"]},
        "template": terms["template"],
        "sponsor": terms["sponsor"],
        "agreement_version": terms["agreement_version"],
        "presented_at": "",
        "sha256": "",
        "signatures": [],
    }


def _signature_data(signature: Signature, zone: dt.tzinfo) -> dict[str, str]:
    return {
        "party": signature.party,
        "name": signature.name,
        "title": signature.title,
        "printed_title": signature.printed_title,
        "authority": signature.authority,
        "signed_at": signature.signed_at.astimezone(zone).isoformat(),
        "how": str(signature.get_method_display()),
    } | ({"signed_on": signature.signed_on.isoformat()} if signature.signed_on else {})


def order_wage_schedule(application: Application, agreement: Agreement, *, by: User | None) -> Document:
    """Order the wage schedule that an agreement prints, with the checks of today."""
    return order(
        "wage_schedule",
        subject=agreement,
        data=wage_schedule_data(application),
        title=_("Wage schedule"),
        version=agreement.wage_schedule.version,
        effect_key=f"wages:{agreement.pk}",
        by=by,
    )


def schedule_data(application: Application, agreement: Agreement) -> dict[str, Any]:
    """Return the wage schedule of an agreement: its own rates, with minimum wages and checks of today."""
    rates = agreement.terms["facts"]["wages"] | {"version": agreement.terms["wages_version"]}
    return wage_schedule_data(application) | {"wages": rates}


def wage_schedule_data(application: Application) -> dict[str, Any]:
    """Return what the wage schedule prints: rates, the minimum wage at every site, and the checks."""
    facts = printed_facts(application)
    return {
        "employer": facts["employer"],
        "sites": facts["sites"],
        "wages": facts["wages"]
        | {"version": application.wage_schedule.version if application.wage_schedule else 1},
        "checked_at": timezone.now().astimezone(application.zone).isoformat(),
        "floors": list(_floors(application)),
        "checks": [
            {
                "label": str(check.label),
                "answer": check.answer.value,
                "detail": str(check.detail),
                "citation": str(check.citation.text),
                "url": check.citation.url,
            }
            for check in application.wage_checks
        ],
    }


def draw_wages(data: dict[str, Any]) -> dict[str, Any]:
    """Return the chart that a wage schedule prints, drawn from its frozen facts."""
    data = data.get("schedule", data)
    wages = data["wages"]
    periods = tuple(
        Period(row["number"], row["hours_from"], row["hours_to"], _decimal(row["rate"]))
        for row in wages["periods"]
    )
    schedule = Schedule(wages["term_hours"], _decimal(wages["journeyworker_rate"]), periods)
    return {"wage_chart": wage_chart(schedule, _floor_line(schedule, data["floors"]), standalone=True)}


def draw_final(data: dict[str, Any]) -> dict[str, Any]:
    """Return the chart, whose key seals and whose clock it goes by: only the worker has to be able to read the key."""
    return draw_wages(data) | {"seal": seal_in_words(), "time": time_in_words()}


def _floor_line(schedule: Schedule, rows: list[dict[str, Any]]) -> list[FloorStep]:
    """Return the highest minimum wage of each period, as the chart draws it."""
    line: list[FloorStep] = []
    for period in schedule.periods:
        known = [row for row in rows if row["period"] == period.number and row["floor"]]
        if known:
            top = max(known, key=lambda row: Decimal(row["floor"]))
            floor = _floor_of(top)
            if not line or (line[-1].floor.rate, line[-1].floor.is_known) != (floor.rate, floor.is_known):
                line.append(FloorStep(period.hours_from, floor))
    return line


def _floor_of(row: dict[str, Any]) -> Floor:
    since = dt.date.fromisoformat(row["effective_from"]) if row["effective_from"] else None
    return Floor(Decimal(row["floor"]), row["name"], since, row["is_known"], row["why"])


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _floors(application: Application) -> Any:
    if application.wage_schedule is None:
        return
    for place in application.workplaces:
        for period in application.wage_schedule.periods.all():
            starts_on = start_at(place, period.hours_from)
            if starts_on is None:
                continue
            floor = floor_for(application.floors, place, starts_on)
            yield {
                "site": place.name,
                "period": period.number,
                "starts_on": starts_on.isoformat(),
                "floor": "" if floor.rate is None else f"{floor.rate:.2f}",
                "name": str(floor.name),
                "effective_from": floor.effective_from.isoformat() if floor.effective_from else "",
                "is_known": floor.is_known,
                "why": str(floor.why),
            }


def order_summary(application: Application, submission: Submission, *, by: User | None) -> Document:
    """Order the application summary of one submission."""
    return order(
        "application_summary",
        subject=application.employer,
        data=summary_data(application),
        title=_("Application summary"),
        version=submission.number,
        effect_key=summary_effect(submission),
        by=by,
    )


def summary_effect(submission: Submission) -> str:
    """Return what the summary of a submission was made for."""
    return f"summary:{submission.pk}"


def order_print(application: Application, *, by: User | None) -> Document:
    """Order the application as it stands; the same answers give the same paper."""
    digest = sha256_of(answers_as_data(application))
    return order(
        "application_summary",
        subject=application.employer,
        data=summary_data(application),
        title=_("Application, as of %(day)s") % {"day": day(timezone.localdate(timezone=application.zone))},
        version=1,
        effect_key=f"print:{application.employer.pk}:{digest[:40]}",
        by=by,
    )


def summary_data(application: Application) -> dict[str, Any]:
    """Return all answers, step by step, as the application summary prints them."""
    by_step: dict[int, list[Section]] = {}
    for section in sections(application):
        by_step.setdefault(section.step.number, []).append(section)
    return {
        "employer_name": str(application.employer),
        "state_label": str(application.onboarding.get_state_display()),
        "generated_at": timezone.now().astimezone(application.zone).isoformat(),
        "steps": [_step_data(step, by_step[step.number]) for step in STEPS if step.number in by_step],
    }


def _step_data(step: Step, parts: list[Section]) -> dict[str, Any]:
    """Return one step's answers, and after them what is still missing."""
    answers = [(row.question, row.answer or "–", False) for part in parts for row in part.answers]
    missing = [(_("Still missing"), gap, True) for part in parts for gap in part.gaps]
    return {
        "number": step.number,
        "title": str(step.title),
        "status": _("Has gaps") if missing else _("Nothing missing"),
        "answers": [
            {"question": question, "answer": answer, "is_gap": is_gap}
            for question, answer, is_gap in [*answers, *missing]
        ],
    }


def papers_of(employer: Employer) -> "models.QuerySet[Document]":
    """Return the employer's papers, newest first."""
    return papers_about(employer, employer.agreements.only("pk"))


def papers_about(employer: Employer, agreements: Iterable[Agreement]) -> "models.QuerySet[Document]":
    """Return the papers of an employer and of these agreements, newest first."""
    subjects = [str(employer.pk), *(str(agreement.pk) for agreement in agreements)]
    return Document.objects.filter(subject_id__in=subjects).order_by("-created_at", "-version")
