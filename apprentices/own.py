"""What a candidate does by the link to their own page: stay, stop, start again, change, ask for a link."""

from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format

from apprentices.interest import Answers, remind_of_link
from apprentices.links import page_grant
from apprentices.models import Candidate, Disclosure, PageLink
from apprenticeship.records import events, mail

Status = Candidate.Status


@transaction.atomic
def stay(candidate: Candidate) -> bool:
    """Share from now on for another stretch of days: reconfirm, or start again. Returns False if they are gone."""
    known = Candidate.objects.select_for_update().filter(pk=candidate.pk)
    was = known.exclude(status=Status.UNCONFIRMED).values_list("status", flat=True).first()
    if was is None:
        return False
    known.update(status=Status.CONFIRMED, heard_at=timezone.now(), reminded_at=None)
    verb = "candidate_reconfirmed" if was == Status.CONFIRMED else "candidate_restarted"
    events.record(events.CANDIDATES, verb, by=None, subject=candidate)
    return True


@transaction.atomic
def stop(candidate: Candidate) -> bool:
    """Hide the person from every partner at once, also from those who had opened their details.

    Returns False if they shared nothing.
    """
    sharing = Candidate.objects.filter(pk=candidate.pk, status__in=(Status.CONFIRMED, Status.EXPIRED))
    now = timezone.now()
    if not sharing.update(status=Status.STOPPED, heard_at=now):
        return False
    Disclosure.objects.open().filter(candidate=candidate).update(ended_at=now)
    events.record(events.CANDIDATES, "candidate_stopped", by=None, subject=candidate)
    return True


@transaction.atomic
def keep(candidate: Candidate) -> bool:
    """Keep what somebody left, still hidden, for another stretch of days. Returns False if they share or are gone."""
    stopped = Candidate.objects.filter(pk=candidate.pk, status=Status.STOPPED)
    if not stopped.update(heard_at=timezone.now()):
        return False
    events.record(events.CANDIDATES, "candidate_kept", by=None, subject=candidate)
    return True


@transaction.atomic
def change(candidate: Candidate, answers: Answers) -> bool:
    """Store other answers. Another address waits until its own link was followed: queues `candidate_email`.

    Returns True if a new address waits.
    """
    now = timezone.now()
    fields = answers.fields()
    if answers.consent != candidate.consent:
        fields["consented_at"] = now
    moves = answers.email != candidate.email
    fields |= {"new_email": answers.email if moves else "", "new_email_hash": "", "heard_at": now}
    Candidate.objects.filter(pk=candidate.pk).update(**fields)
    events.record(events.CANDIDATES, "candidate_changed", by=None, subject=candidate)
    if moves:
        # Nothing that was typed: the address may be somebody else's.
        context = {"person": ""}
        mail.send(
            "candidate_email",
            answers.email,
            context,
            about=candidate,
            grant=("candidate_email", candidate.pk),
        )
    return moves


@transaction.atomic
def take_new_email(candidate: Candidate) -> bool:
    """Make the confirmed new address theirs; tell the old one, and let every older link die.

    Returns False if the link was used meanwhile, or somebody else on the list has this address.
    """
    living = Candidate.objects.select_for_update().filter(pk=candidate.pk).first()
    if living is None or not living.new_email or living.new_email_hash != candidate.new_email_hash:
        return False
    if is_taken(living):
        return False
    old, living.email = living.email, living.new_email
    living.new_email, living.new_email_hash, living.new_email_expires_at = "", "", None
    living.heard_at = timezone.now()
    living.save()
    PageLink.objects.filter(candidate=living).delete()
    events.record(events.CANDIDATES, "candidate_email_changed", by=None, subject=living)
    person: dict[str, Any] = {"person": living.name}
    mail.send("candidate_email_left", old, person, about=living)
    mail.send("candidate_known", living.email, person, about=living, grant=page_grant(living))
    return True


def is_taken(candidate: Candidate) -> bool:
    """Tell whether somebody else on the list has the address that this person wants."""
    others = Candidate.objects.exclude(pk=candidate.pk)
    return bool(candidate.new_email) and others.filter(email__iexact=candidate.new_email).exists()


def request_link(email: str) -> None:
    """Mail whoever has this address their link. Nobody who asks learns whether anybody has."""
    with transaction.atomic():
        candidate = Candidate.objects.select_for_update().filter(email__iexact=email).first()
        if candidate:
            remind_of_link(candidate)


def who_looked(candidate: Candidate) -> "models.QuerySet[Disclosure]":
    """Return every opening of this person's details, newest first, with the employer."""
    return candidate.disclosures.select_related("employer").order_by("-at")


def untold_openings(candidate: Candidate) -> list[dict[str, str]]:
    """Return who opened this person's details since the last mail about it, oldest first, in the words of a mail."""
    return [
        {
            "employer": str(row.employer),
            "place": ", ".join(filter(None, (row.employer.city, row.employer.state))),
            "purpose": str(row.get_purpose_display()),
            "on": date_format(timezone.localtime(row.at), "F j, Y"),
        }
        for row in candidate.disclosures.untold().select_related("employer").order_by("at")
    ]
