"""What can happen to somebody's interest: expressed, confirmed, erased."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from apprentices.links import CONFIRM_WITHIN
from apprentices.models import Candidate, ConsentText
from apprentices.places import Place
from apprenticeship.accounts.models import User
from apprenticeship.records import events, mail
from apprenticeship.records.models import Notification

# The same answers within this time are a double click and send no second mail.
DOUBLE_CLICK = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The interest form, filled in and checked."""

    name: str
    email: str  # in lower case
    place: Place
    asked_age: int  # years; the person says to be that old or older
    consent: ConsentText

    def fields(self) -> dict[str, Any]:
        """Return them as fields of a Candidate, all but the address."""
        return {
            "name": self.name,
            "zip_code": self.place.zip_code,
            "city": self.place.city,
            "state": self.place.state,
            "region": self.place.region.number if self.place.region else None,
            "latitude": self.place.latitude,
            "longitude": self.place.longitude,
            "is_of_age": True,
            "asked_age": self.asked_age,
            "consent": self.consent,
        }


@transaction.atomic
def express(answers: Answers) -> None:
    """Keep the answers until they are confirmed, and queue `candidate_confirm`.

    Whoever is confirmed already keeps what they had and gets `candidate_known`: this form must neither tell
    strangers who is on the list nor let them change it.
    """
    now = timezone.now()
    candidate, is_new = Candidate.objects.select_for_update().get_or_create(
        email=answers.email, defaults=answers.fields() | {"consented_at": now}
    )
    if is_new:
        data = {"consent_version": answers.consent.version}
        events.record(events.CANDIDATES, "candidate_added", by=None, subject=candidate, data=data)
    if candidate.is_confirmed:
        _mail_once("candidate_known", candidate, grant="candidate_delete")
        return
    if any(getattr(candidate, name) != value for name, value in answers.fields().items()):
        _replace(candidate, answers)
    _mail_once("candidate_confirm", candidate, grant="candidate_confirm", since=candidate.consented_at)


def _replace(candidate: Candidate, answers: Answers) -> None:
    """Store other answers of somebody unconfirmed; a link mailed before must not confirm them."""
    for name, value in answers.fields().items():
        setattr(candidate, name, value)
    candidate.consented_at = timezone.now()
    candidate.confirm_hash, candidate.confirm_expires_at = "", None
    candidate.save()


def _mail_once(name: str, candidate: Candidate, *, grant: str, since: dt.datetime | None = None) -> None:
    """Queue a mail, unless the same one was queued a moment ago, but after `since`.

    It holds nothing that was typed, so that nobody can send words of theirs to an address that is not theirs.
    """
    earliest = max(filter(None, (since, timezone.now() - DOUBLE_CLICK)))
    if not mails_about(candidate).filter(name=name, created_at__gte=earliest).exists():
        mail.send(name, candidate.email, {"person": ""}, about=candidate, grant=(grant, candidate.pk))


@transaction.atomic
def confirm(candidate: Candidate) -> bool:
    """Mark the address as the person's own and queue `candidate_confirmed`.

    Returns False if it is confirmed already, or the link was revoked or the person erased meanwhile.
    """
    waiting = Candidate.objects.filter(
        pk=candidate.pk, status=Candidate.Status.UNCONFIRMED, confirm_hash=candidate.confirm_hash
    )
    if not waiting.update(status=Candidate.Status.CONFIRMED, confirmed_at=timezone.now()):
        return False
    events.record(events.CANDIDATES, "candidate_confirmed", by=None, subject=candidate)
    context, grant = {"person": candidate.name}, ("candidate_delete", candidate.pk)
    mail.send("candidate_confirmed", candidate.email, context, about=candidate, grant=grant)
    return True


@transaction.atomic
def erase(candidate: Candidate, *, by: User | None) -> None:
    """Delete the person and every mail kept about them. The event keeps the id alone."""
    living = Candidate.objects.select_for_update().filter(pk=candidate.pk).first()
    if living is None:
        return
    events.record(events.CANDIDATES, "candidate_deleted", by=by, subject=living)
    mails_about(living).delete()
    living.delete()


def erase_unconfirmed() -> int:
    """Erase everybody who did not confirm in time and return how many that were."""
    stale = Candidate.objects.filter(
        models.Q(confirm_expires_at=None) | models.Q(confirm_expires_at__lt=timezone.now()),
        status=Candidate.Status.UNCONFIRMED,
        consented_at__lt=timezone.now() - CONFIRM_WITHIN,
    )
    candidates = list(stale)
    for candidate in candidates:
        erase(candidate, by=None)
    return len(candidates)


def mails_about(candidate: Candidate) -> "models.QuerySet[Any]":
    """Return the mails that this person was owed or sent."""
    subject_type = ContentType.objects.get_for_model(Candidate)
    return Notification.objects.filter(subject_type=subject_type, subject_id=str(candidate.pk))
