"""Reminders to an employer's people: nothing was touched, or AAMI's questions wait."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone

from apprenticeship.program.models import ReminderPlan
from apprenticeship.records import mail
from employers.application import Application, zone_of
from employers.completeness import gaps
from employers.letters import employer_people
from employers.models import ChangeRequest, Onboarding
from employers.onboarding import PREPARING, State
from employers.reminders.watch import Watch, holds_in

# How many gaps a reminder lists; the page lists them all.
GAPS_SHOWN = 5


def idle(plan: ReminderPlan) -> Iterator[Watch]:
    """Yield the applications in an employer's hands that nobody has moved or saved since some days."""
    marks = plan.after("idle_days")
    if not marks:
        return
    asked = ChangeRequest.objects.filter(onboarding=OuterRef("pk"), closed_at=None)
    rows = with_places(Onboarding.objects.filter(~Exists(asked), state__in=PREPARING)).annotate(
        saved_at=Max("part_versions__saved_at"),
        touched_at=Greatest(F("state_since"), Coalesce(F("saved_at"), F("state_since"))),
    )
    for onboarding in rows.filter(touched_at__lte=long_ago(marks)):
        zone = zone_of(onboarding.employer, onboarding.employer.sites.all())
        yield Watch(
            series=f"idle:{onboarding.pk}:{onboarding.touched_at:%Y%m%dT%H%M%S}",
            day=onboarding.touched_at.astimezone(zone).date(),
            marks=marks,
            zone=zone,
            holds=lambda row=onboarding: holds_in(row),  # type: ignore[misc]
            mail=lambda mark, row=onboarding: _mail_idle(row, mark),  # type: ignore[misc]
        )


def unanswered(plan: ReminderPlan) -> Iterator[Watch]:
    """Yield the change requests that an employer has not answered since some days."""
    marks = plan.after("changes_days")
    if not marks:
        return
    states = (State.CHANGES, State.AGREEMENT, State.SUBMISSION)
    rows = ChangeRequest.objects.filter(
        closed_at=None, onboarding__state__in=states, created_at__lte=long_ago(marks)
    )
    for request in rows.select_related("onboarding__employer").prefetch_related(
        "onboarding__employer__sites", "flagged_parts"
    ):
        zone = zone_of(request.onboarding.employer, request.onboarding.employer.sites.all())
        yield Watch(
            series=f"changes:{request.pk}",
            day=request.created_at.astimezone(zone).date(),
            marks=marks,
            zone=zone,
            holds=lambda row=request: holds_in(row.onboarding) and not _is_closed(row),  # type: ignore[misc]
            mail=lambda mark, row=request: _mail_unanswered(row, mark),  # type: ignore[misc]
        )


def with_places(rows: QuerySet[Onboarding]) -> QuerySet[Any]:
    """Read each case with its employer and sites, which say its time zone; the longest waiting first."""
    return rows.select_related("employer").prefetch_related("employer__sites").order_by("state_since", "pk")


def long_ago(marks: tuple[int, ...]) -> dt.datetime:
    """Return the moment after which nothing can be due yet, a day early for the sake of time zones."""
    return timezone.now() - dt.timedelta(days=max(min(marks) - 1, 0))


def to_people(name: str, onboarding: Onboarding, facts: dict[str, Any], path: str) -> None:
    """Queue a reminder to the owner and the editors of an employer."""
    context = {"employer": str(onboarding.employer), "action_url": settings.SITE_URL + path} | facts
    for person in employer_people(onboarding):
        mail.send(
            name,
            person.email,
            context | {"person": person.get_short_name()},
            user=person,
            about=onboarding.employer,
        )


def _mail_idle(onboarding: Onboarding, mark: int) -> None:
    step = onboarding.step
    parts = step.parts if step else ()
    missing = [gap.message for gap in gaps(Application(onboarding), *parts)] if parts else []
    facts = {
        "days": mark,
        "step_number": step.number if step else None,
        "step_title": str(step.title) if step else "",
        "is_your_turn": True,
        "open_gaps": missing[:GAPS_SHOWN],
        "more": max(len(missing) - GAPS_SHOWN, 0),
    }
    to_people("reminder_idle", onboarding, facts, reverse("employers:tasks"))


def _mail_unanswered(request: ChangeRequest, mark: int) -> None:
    open_parts = [row for row in request.flagged_parts.all() if not row.answer]
    facts = {
        "days": mark,
        "message": "",
        "flagged": [{"part": str(row.get_part_display()), "note": row.note} for row in open_parts],
    }
    to_people("reminder_changes", request.onboarding, facts, reverse("employers:tasks"))


def _is_closed(request: ChangeRequest) -> bool:
    return not ChangeRequest.objects.filter(pk=request.pk, closed_at=None).exists()
