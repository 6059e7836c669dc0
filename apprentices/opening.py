"""Opening somebody's details: with a purpose, logged, told to them, and limited by the day."""

import datetime as dt
import uuid

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apprentices.choices import Mark
from apprentices.models import Candidate, Disclosure, Progress
from apprenticeship.accounts.models import User
from apprenticeship.program.models import Program
from apprenticeship.records import events
from employers.models import Employer
from employers.onboarding import State

DAY = dt.timedelta(days=1)


class Refused(Exception):
    """The details stay closed. The message says why and what to do."""


def is_open_to(employer: Employer) -> bool:
    """Tell whether this employer may search and read: active partners alone."""
    return bool(employer.onboarding.state == State.ACTIVE)


@transaction.atomic
def open_details(candidate_id: uuid.UUID, employer: Employer, purpose: str, *, by: User) -> Disclosure:
    """Let an employer read somebody's details, and log it. Opening twice is one opening.

    Raises Refused over the day's limit, Candidate.DoesNotExist for whoever shares nothing (any more).
    """
    Employer.objects.select_for_update().get(pk=employer.pk)
    candidate = Candidate.objects.shown().select_for_update().get(pk=candidate_id)
    opened = Disclosure.objects.open().filter(employer=employer, candidate=candidate).first()
    if opened:
        return opened
    limit = Program.objects.current().candidate_openings_per_day
    if openings_today(employer) >= limit:
        raise Refused(_("Your organization has opened %(limit)d people within 24 hours.") % {"limit": limit})
    opened = Disclosure.objects.create(employer=employer, candidate=candidate, user=by, purpose=purpose)
    Progress.objects.get_or_create(employer=employer, candidate=candidate, defaults={"updated_by": by})
    data = {"employer": str(employer.pk), "purpose": purpose}
    events.record(events.CANDIDATES, "candidate_opened", by=by, subject=candidate, data=data)
    return opened


def openings_today(employer: Employer) -> int:
    """Return how many people an employer opened within 24 hours, those who stopped since included."""
    return _latest(employer).count()


def opens_again(employer: Employer, limit: int) -> dt.datetime | None:
    """Return when an employer that has reached the day's limit can open the next, or None if it can at once."""
    last = next(iter(_latest(employer).order_by("-at").values_list("at", flat=True)[limit - 1 : limit]), None)
    return last + DAY if last else None


def _latest(employer: Employer) -> "models.QuerySet[Disclosure]":
    return Disclosure.objects.filter(employer=employer, at__gt=timezone.now() - DAY)


@transaction.atomic
def note_progress(employer: Employer, candidate: Candidate, *, mark: str, note: str, by: User) -> None:
    """Store how far an employer has come with somebody it has opened. The log tells a hire by a verb of its own."""
    now = timezone.now()
    Progress.objects.update_or_create(
        employer=employer,
        candidate=candidate,
        defaults={"mark": Mark(mark), "note": note, "updated_by": by, "updated_at": now},
    )
    data = {"employer": str(employer.pk), "mark": mark}
    verb = "candidate_hired" if mark == Mark.HIRED else "candidate_marked"
    events.record(events.CANDIDATES, verb, by=by, subject=candidate, data=data)


def opened_by(employer: Employer) -> "models.QuerySet[Disclosure]":
    """Return an employer's openings of those who still share, newest first, with person and progress."""
    shown = Candidate.objects.shown()
    own = models.Prefetch("candidate__progress", Progress.objects.filter(employer=employer), to_attr="own")
    opened = Disclosure.objects.open().filter(employer=employer, candidate__in=shown)
    return opened.select_related("candidate").prefetch_related(own).order_by("-at", "-pk")


def opened_id(employer: Employer, candidate_id: uuid.UUID) -> Disclosure | None:
    """Return an employer's opening of one person who still shares, or None."""
    return opened_by(employer).filter(candidate_id=candidate_id).first()
