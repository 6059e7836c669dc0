"""What the review page shows of one case, in few queries.

Once something was submitted, staff read the newest submission: what the employer types afterwards is a draft.
Wages are judged as signed, with the minimum wages of today.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.db.models import Case, Q, When

from apprenticeship.documents.models import Document
from apprenticeship.records.admin import MAIL_STATUS, in_words
from apprenticeship.records.models import Notification, Status
from employers.activity import Happening, desk_activity
from employers.admin.answers import PartView, Row, StepView, compared
from employers.admin.pane import read_along
from employers.admin.wages import WagesOnly, signed_schedule
from employers.application import Application
from employers.difference import Topic
from employers.final_paper import final_effect
from employers.found_fine import Found, found_fine
from employers.judging import judged
from employers.models import (
    Agreement,
    Amendment,
    FlaggedPart,
    PaperScan,
    Registration,
    Signature,
    Submission,
)
from employers.onboarding import STEPS, Part, State, Text
from employers.papers import agreement_effect, summary_effect
from employers.summary import sections
from employers.versions import changed_since
from employers.wages import Answer, Check, Schedule, floor_steps, judge, verdict, wage_chart
from employers.wages.ink import Svg

MAILS, EVENTS = 12, 12
# An amendment's version stands on the amendment's own page until it is in force.
NOT_YET = (Agreement.Status.PRESENTED, Agreement.Status.PAPER, Agreement.Status.SIGNED, Agreement.Status.VOID)


class Review:
    """One case as the desk sees it; `wanted`: the id of the paper that is to lie open, or ""."""

    def __init__(self, onboarding: Any, wanted: str = "") -> None:
        self.onboarding = onboarding
        self.employer = onboarding.employer
        self.wanted = wanted

    @cached_property
    def submissions(self) -> list[Submission]:
        """The submissions, newest first."""
        rows = self.onboarding.submissions.select_related("submitted_by")
        return list(rows.order_by("-number"))

    @property
    def has_come_back(self) -> bool:
        """Whether AAMI reviews more than a first submission."""
        return self.onboarding.state == State.REVIEW and len(self.submissions) > 1

    @cached_property
    def flags(self) -> list[FlaggedPart]:
        """Every part that was ever flagged, newest request first."""
        rows = FlaggedPart.objects.filter(request__onboarding=self.onboarding)
        return list(
            rows.select_related("request__requested_by", "answered_by").order_by("-request__created_at", "pk")
        )

    @cached_property
    def fine(self) -> dict[Part, Found]:
        """What was found fine before the case came back. Wages that fail today do not hold."""
        if not self.has_come_back:
            return {}
        return found_fine(self.submissions, self.flags, (Part.WAGES,) if self.do_wages_fail else ())

    @cached_property
    def signatures(self) -> list[Signature]:
        """The signatures under all versions of the agreement, newest version first."""
        rows = Signature.objects.filter(agreement__employer=self.employer).select_related("agreement")
        rows = rows.exclude(~Q(agreement__amendment=None), agreement__status__in=NOT_YET)
        return list(rows.order_by("-agreement__version", "signed_at"))

    @cached_property
    def scan(self) -> PaperScan | None:
        """The newest scan of an agreement signed by hand, whatever became of it."""
        if not self.onboarding.has_scan:
            return None
        rows = PaperScan.objects.filter(agreement__employer=self.employer, agreement__amendment=None)
        rows = rows.order_by("-uploaded_at")
        people = ("uploaded_by", "confirmed_by", "rejected_by")
        return rows.select_related("agreement__employer", "document", *people).first()

    @property
    def agreement(self) -> Agreement | None:
        """The newest version that anybody signed, on paper too."""
        newest = self.signatures[0].agreement if self.signatures else None
        scanned = self.scan.agreement if self.scan and self.scan.is_waiting else None
        return max((row for row in (newest, scanned) if row), key=lambda row: row.version, default=None)

    @property
    def agreement_signatures(self) -> list[Signature]:
        """The signatures under the newest version."""
        return [row for row in self.signatures if self.agreement and row.agreement_id == self.agreement.pk]

    @property
    def amendment(self) -> Amendment | None:
        """The partner's open amendment."""
        return self.draft.amendment

    @cached_property
    def changes(self) -> list[Topic]:
        """What the newest version says differently than the one signed before, for a case that is not in force yet."""
        agreement = self.agreement
        return changed_since(agreement) if agreement and agreement.version > 1 else []

    @property
    def registration(self) -> Registration | None:
        """The record of the registration, from the first approval on."""
        return getattr(self.onboarding, "registration", None)

    @property
    def is_registered(self) -> bool:
        """Whether the agency has registered the employer."""
        return self.registration is not None and bool(self.registration.program_number)

    @cached_property
    def papers(self) -> list[Document]:
        """The papers, newest first; what they print is read of those alone that may lie open."""
        subjects = {str(self.employer.pk), *(str(row.agreement_id) for row in self.signatures)}
        subjects |= {str(self.scan.agreement_id)} if self.scan else set()
        rows = Document.objects.filter(subject_id__in=subjects).order_by("-created_at")
        return read_along(rows, self.wanted, self._first_to_read)

    @property
    def _first_to_read(self) -> list[str]:
        """What the paper was made for that lies open as long as nobody wants another one."""
        if self.agreement:
            signed = agreement_effect(self.agreement, len(self.agreement_signatures))
            return [final_effect(self.agreement), signed]
        return [summary_effect(row) for row in self.submissions[:1]]

    @property
    def summary(self) -> Document | None:
        """The paper of the newest submission's answers."""
        effects = [summary_effect(row) for row in self.submissions[:1]]
        return next((paper for paper in self.papers if paper.effect_key in effects), None)

    @cached_property
    def mails(self) -> list[tuple[Notification, str, Text, str]]:
        """The mails about this case, lost ones first: each with what it is, its state in words and its tag's class."""
        rows = Notification.objects.filter(subject_id=str(self.employer.pk)).defer("body", "context")
        lost_first = Case(When(status=Status.FAILED, then=0), default=1)
        newest = rows.order_by(lost_first, "-created_at")[:MAILS]
        # A subject is written when the mail is.
        return [(row, row.subject or in_words(row.name), *MAIL_STATUS[row.status]) for row in newest]

    @cached_property
    def activity(self) -> list[Happening]:
        """What happened last, newest first."""
        return desk_activity(self.employer, EVENTS)

    # Answers and wages -----------------------------------------------------------------------------------

    @cached_property
    def draft(self) -> Application:
        """The answers as they are now, which only a case that was never submitted shows."""
        draft = Application(self.onboarding)
        return draft if self.submissions else draft.read()

    @cached_property
    def steps(self) -> list[StepView]:
        """The steps that ask something, each with its answers."""
        parts = self._submitted() if self.submissions else self._drafted()
        by_part = {view.part: view for view in parts}
        return [StepView(step, tuple(by_part[part] for part in step.parts)) for step in STEPS if step.parts]

    def _drafted(self) -> Iterator[PartView]:
        checks = judged(self.draft)
        for section in sections(self.draft):
            rows = tuple(Row(row.question, row.answer) for row in section.answers)
            yield PartView(section.part, rows, section.gaps, None, _of(section.part, checks))

    def _submitted(self) -> Iterator[PartView]:
        newest = self.submissions[0].answers
        older = self.submissions[1].answers if len(self.submissions) > 1 else None
        flags: dict[str, FlaggedPart] = {}
        for flag in self.flags:
            flags.setdefault(flag.part, flag)
        for part in Part:
            rows = compared(newest.get(part, []), None if older is None else older.get(part, []))
            checks = _of(part, self.submissions[0].checks)
            yield PartView(part, tuple(rows), (), flags.get(part), checks, self.fine.get(part))

    @cached_property
    def schedule(self) -> Schedule | None:
        """The wage schedule as signed, or as drafted while nothing was submitted."""
        if self.submissions:
            return signed_schedule(self.agreement.terms) if self.agreement else None
        return self.draft.wage_schedule.as_schedule() if self.draft.wage_schedule else None

    @cached_property
    def _workplaces(self) -> Application:
        return WagesOnly(self.onboarding) if self.submissions else self.draft

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Every wage rule, judged with today's minimum wages."""
        if self.schedule is None:
            return ()
        return judge(self.schedule, self._workplaces.workplaces, self._workplaces.floors)

    @property
    def do_wages_fail(self) -> bool:
        """Whether a wage rule fails today: then no approval is made."""
        return any(check.answer is Answer.FAILS for check in self.checks)

    @property
    def verdict(self) -> str:
        """The checks in one sentence."""
        return verdict(self.checks)

    @cached_property
    def chart(self) -> Svg:
        """The schedule as a stepped line against minimum wage and journeyworker rate."""
        assert self.schedule is not None
        floors = floor_steps(self._workplaces.floors, self._workplaces.workplaces, self.schedule)
        return wage_chart(self.schedule, floors)


def _of(part: Part, checks: list[dict[str, str]]) -> tuple[dict[str, str], ...]:
    return tuple(row for row in checks if row["part"] == part)
