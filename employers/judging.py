"""What the portal can judge of an application by itself, apart from wages: the rule, what was found, what it needs.

Judged once, when the application is submitted, and kept with the submission: the reviewer sees what held that day.
Wages are judged anew every day (employers.wages), because minimum wages change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from employers.application import Application
from employers.completeness import COMPLAINT_FIELDS
from employers.models import Agreement, Site
from employers.onboarding import Part
from employers.terms import still_says_the_same
from employers.wages.check import CFR_29_5, Answer
from employers.wages.wording import day, dollars

CFR_30_10 = "https://www.ecfr.gov/current/title-29/section-30.10"
PAGE = "https://www.aami.org/HTM/bmet-apprenticeship-employers"


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule with its answer: `found` in the application, judged against what it `needs`."""

    part: Part
    rule: str
    answer: Answer
    found: str
    needs: str
    source: str
    url: str

    def as_data(self) -> dict[str, str]:
        """Return plain values, to be kept with a submission."""
        return {
            "part": str(self.part),
            "rule": self.rule,
            "answer": self.answer.value,
            "found": self.found,
            "needs": self.needs,
            "source": self.source,
            "url": self.url,
        }


def judged(application: Application) -> list[dict[str, str]]:
    """Return every rule with its answer, in the order of the steps, as plain values."""
    judges = (_profile, _standards, _positions, _funding, _mentors, _agreement)
    return [row.as_data() for judge in judges for row in judge(application)]


def _answer(holds: bool) -> Answer:
    return Answer.PASSES if holds else Answer.FAILS


def _profile(application: Application) -> Iterator[Judged]:
    employer = application.employer
    known = [name for name in COMPLAINT_FIELDS if getattr(employer, name)]
    counts: dict[str, Any] = {"found": len(known), "all": len(COMPLAINT_FIELDS)}
    yield Judged(
        Part.PROFILE,
        _("Complaint contact is complete"),
        _answer(len(known) == len(COMPLAINT_FIELDS)),
        _("%(found)s of %(all)s") % counts,
        _("name, address, phone, e-mail"),
        "29 CFR 29.5(b)(22)",
        CFR_29_5,
    )
    follows = employer.follows_selection_procedure
    yield Judged(
        Part.PROFILE,
        _("Follows the program's selection procedure"),
        _answer(follows),
        _("confirmed") if follows else _("not confirmed"),
        _("confirmed"),
        "29 CFR 30.10",
        CFR_30_10,
    )


def _standards(application: Application) -> Iterator[Judged]:
    needed = application.required_documents
    read = [row for row in needed if row.pk in application.acknowledgments]
    newest = ", ".join(f"{row.title} v{row.version}" for row in needed)
    yield Judged(
        Part.STANDARDS,
        _("Documents acknowledged in their current version"),
        _answer(len(read) == len(needed)),
        _("%(found)s of %(all)s") % {"found": len(read), "all": len(needed)},
        newest,
        _("AAMI program page, step 2"),
        PAGE,
    )


def _positions(application: Application) -> Iterator[Judged]:
    starts = [row.planned_start for row in application.positions if row.planned_start]
    if not starts:
        return
    today = timezone.now().astimezone(application.zone).date()
    is_ahead = min(starts) >= today
    yield Judged(
        Part.POSITION,
        _("Planned start lies ahead"),
        Answer.PASSES if is_ahead else Answer.CANNOT_TELL,
        day(min(starts)),
        _("%(day)s or later") % {"day": day(today)},
        _("AAMI program page, step 3"),
        PAGE,
    )


def _funding(application: Application) -> Iterator[Judged]:
    cost, covered = application.instruction_cost, application.funding_covered
    needs = _("%(cost)s for %(apprentices)s") % {
        "cost": dollars(cost),
        "apprentices": _apprentices(application.planned_apprentices),
    }
    yield Judged(
        Part.FUNDING,
        _("Related instruction is covered"),
        _answer(covered >= cost),
        dollars(covered),
        needs,
        _("AAMI program page, step 4"),
        PAGE,
    )


def _mentors(application: Application) -> Iterator[Judged]:
    planned: dict[Site, int] = {}
    for row in application.positions:
        if row.site:
            planned[row.site] = planned.get(row.site, 0) + (row.openings or 0)
    for site, count in planned.items():
        yield from _ratios(application, site, count)


def _ratios(application: Application, site: Site, planned: int) -> Iterator[Judged]:
    program = application.program
    mentors = [row for row in application.mentors if row.site_id == site.pk]
    carried = sum(row.apprentices_carried or 0 for row in mentors)
    staff = site.journeyworkers or 0
    allowed = int(program.apprentices_per_journeyworker * staff)
    found = _apprentices(planned + carried)
    yield Judged(
        Part.MENTOR,
        _("Apprentices to journeyworkers, %(site)s") % {"site": site},
        _answer(planned + carried <= allowed),
        found,
        _at_most(allowed, ngettext("%(n)s journeyworker", "%(n)s journeyworkers", staff) % {"n": staff}),
        "29 CFR 29.5(b)(7)",
        CFR_29_5,
    )
    count = len(mentors)
    yield Judged(
        Part.MENTOR,
        _("Apprentices to mentors, %(site)s") % {"site": site},
        _answer(planned + carried <= count * program.apprentices_per_mentor),
        found,
        _at_most(
            count * program.apprentices_per_mentor,
            ngettext("%(n)s mentor", "%(n)s mentors", count) % {"n": count},
        ),
        _("the program's own ratio"),
        PAGE,
    )


def _apprentices(count: int) -> str:
    return ngettext("%(n)s apprentice", "%(n)s apprentices", count) % {"n": count}


def _at_most(room: int, staff: str) -> str:
    return _("at most %(room)s for %(staff)s") % {"room": room, "staff": staff}


def _agreement(application: Application) -> Iterator[Judged]:
    agreement = application.signed_agreement
    if agreement is None:
        return
    yield Judged(
        Part.AGREEMENT,
        _("The signed text says what the answers say"),
        _answer(still_says_the_same(agreement, application)),
        f"v{agreement.version}",
        _("the same facts"),
        _("AAMI program page, step 6"),
        PAGE,
    )
    is_paper = agreement.status == Agreement.Status.PAPER
    yield Judged(
        Part.AGREEMENT,
        _("The employer has signed"),
        Answer.CANNOT_TELL if is_paper else Answer.PASSES,
        str(agreement.get_status_display()),
        _("a signature, confirmed if on paper"),
        _("AAMI program page, step 6"),
        PAGE,
    )
