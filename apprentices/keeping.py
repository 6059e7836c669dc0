"""What time does to candidates: ask again, hide, delete, and tell who looked. Run by beat; safe to run twice."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format

from apprentices.interest import erase
from apprentices.links import page_grant
from apprentices.models import Candidate, Disclosure, PageLink
from apprentices.models.link import LINK_LIFE
from apprentices.own import untold_openings
from apprenticeship.program.models import Program
from apprenticeship.records import events, mail

AT_ONCE = 500
DAY = dt.timedelta(days=1)
Status = Candidate.Status


def ask_again() -> int:
    """Ask those who will soon be hidden whether they are still interested. Returns how many."""
    program, now = Program.objects.current(), timezone.now()
    days = program.candidate_reconfirm_days - program.candidate_reminder_days
    due = Candidate.objects.filter(
        Q(reminded_at=None) | Q(reminded_at__lt=F("heard_at")),
        status=Status.CONFIRMED,
        heard_at__lte=now - dt.timedelta(days=days),
        heard_at__gt=now - dt.timedelta(days=program.candidate_reconfirm_days),
    )
    return sum(_ask(candidate, program) for candidate in due[:AT_ONCE])


@transaction.atomic
def _ask(candidate: Candidate, program: Program) -> bool:
    """Ask one person, unless somebody else has, or they answered meanwhile."""
    same = Candidate.objects.filter(pk=candidate.pk, heard_at=candidate.heard_at, status=Status.CONFIRMED)
    if not same.filter(reminded_at=candidate.reminded_at).update(reminded_at=timezone.now()):
        return False
    hidden_on = candidate.heard_at + dt.timedelta(days=program.candidate_reconfirm_days)
    _send("candidate_reconfirm", candidate, {"hidden_on": _day(hidden_on)})
    return True


def hide_silent() -> int:
    """Hide those who did not answer, and say so. Returns how many."""
    program, now = Program.objects.current(), timezone.now()
    silence = dt.timedelta(days=program.candidate_reconfirm_days)
    due = Candidate.objects.confirmed().filter(heard_at__lte=now - silence)
    return sum(_hide(candidate, program) for candidate in due[:AT_ONCE])


@transaction.atomic
def _hide(candidate: Candidate, program: Program) -> bool:
    same = Candidate.objects.filter(pk=candidate.pk, heard_at=candidate.heard_at, status=Status.CONFIRMED)
    if not same.update(status=Status.EXPIRED):
        return False
    events.record(events.CANDIDATES, "candidate_expired", by=None, subject=candidate)
    erased_on = candidate.heard_at + dt.timedelta(days=program.candidate_erase_days)
    _send("candidate_hidden", candidate, {"erased_on": _day(erased_on)})
    return True


def give_notice() -> int:
    """Tell those who will soon be deleted for their silence, once. Returns how many."""
    program, now = Program.objects.current(), timezone.now()
    days = program.candidate_erase_days - program.candidate_notice_days
    due = Candidate.objects.exclude(status=Status.UNCONFIRMED).filter(
        Q(warned_at=None) | Q(warned_at__lt=F("heard_at")), heard_at__lte=now - dt.timedelta(days=days)
    )
    return sum(_warn(candidate, program) for candidate in due[:AT_ONCE])


@transaction.atomic
def _warn(candidate: Candidate, program: Program) -> bool:
    """Tell one person, unless somebody else has, or they spoke up meanwhile."""
    now = timezone.now()
    same = Candidate.objects.filter(
        pk=candidate.pk, heard_at=candidate.heard_at, status=candidate.status, warned_at=candidate.warned_at
    )
    if not same.update(warned_at=now):
        return False
    erased_on = now + dt.timedelta(days=program.candidate_notice_days)
    _send("candidate_last_notice", candidate, {"erased_on": _day(erased_on)})
    return True


def erase_silent() -> int:
    """Delete those of whom nothing was heard for so long as the program says, and whose last notice is old enough.

    Returns how many.
    """
    program, now = Program.objects.current(), timezone.now()
    silent = Candidate.objects.exclude(status=Status.UNCONFIRMED).filter(
        heard_at__lte=now - dt.timedelta(days=program.candidate_erase_days),
        warned_at__gte=F("heard_at"),
        warned_at__lte=now - dt.timedelta(days=program.candidate_notice_days),
    )
    candidates = list(silent[:AT_ONCE])
    for candidate in candidates:
        erase(candidate, by=None)
    PageLink.objects.filter(created_at__lt=now - LINK_LIFE).delete()
    return len(candidates)


def tell_who_looked() -> int:
    """Write to those whose details were opened, at most once a day each. Returns how many mails.

    Also to those who stopped or were hidden since: they want to know who has their details all the more.
    """
    untold = Disclosure.objects.untold().filter(candidate=OuterRef("pk"))
    due = Candidate.objects.filter(Q(told_at=None) | Q(told_at__lte=timezone.now() - DAY), Exists(untold))
    return sum(_tell(candidate) for candidate in due[:AT_ONCE])


@transaction.atomic
def _tell(candidate: Candidate) -> bool:
    """Write one mail about every opening not told yet."""
    same = Candidate.objects.filter(pk=candidate.pk, told_at=candidate.told_at)
    if not same.update(told_at=timezone.now()):
        return False
    facts = {"openings": untold_openings(candidate), "is_sharing": candidate.is_sharing}
    candidate.disclosures.untold().update(told_at=timezone.now())
    _send("candidate_opened", candidate, facts)
    return True


def _send(name: str, candidate: Candidate, facts: dict[str, Any]) -> None:
    context = {"person": candidate.name, **facts}
    mail.send(name, candidate.email, context, about=candidate, grant=page_grant(candidate))


def _day(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), "F j, Y")
