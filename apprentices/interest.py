"""What can happen to somebody's interest: expressed, confirmed, erased."""

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from apprentices.fingerprints import forget
from apprentices.links import CONFIRM_WITHIN, page_grant
from apprentices.models import Candidate, ConsentText
from apprentices.places import Place
from apprenticeship.accounts.models import User
from apprenticeship.records import events, mail
from apprenticeship.records.models import Notification

# The same answers within this time are a double click and send no second mail.
DOUBLE_CLICK = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What somebody says about themselves beyond name, address and place; what they left out stays empty."""

    phone: str = ""
    available: int | None = None
    travel: int | None = None
    moving: str = ""
    education: int | None = None
    knows_electronics: bool = False
    knows_it: bool = False
    knows_clinical: bool = False
    about: str = ""
    service: str = ""
    work: str = ""
    current_employer: str = ""
    heard_from: str = ""
    wants_openings: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The interest form, filled in and checked."""

    name: str
    email: str  # in lower case
    place: Place
    asked_age: int  # years; the person says to be that old or older
    consent: ConsentText
    profile: Profile = field(default_factory=Profile)

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
            **asdict(self.profile),
        }


@transaction.atomic
def express(answers: Answers) -> None:
    """Keep the answers until they are confirmed, and queue `candidate_confirm`.

    Whoever is confirmed already keeps what they had and gets `candidate_known`: this form must neither tell
    strangers who is on the list nor let them change it.
    """
    remind_of_link(keep(answers))


def keep(answers: Answers) -> Candidate:
    """Store the answers of somebody new or unconfirmed, within a transaction, and return who it is."""
    now = timezone.now()
    candidate, is_new = Candidate.objects.select_for_update().get_or_create(
        email=answers.email, defaults=answers.fields() | {"consented_at": now}
    )
    if is_new:
        data = {"consent_version": answers.consent.version}
        events.record(events.CANDIDATES, "candidate_added", by=None, subject=candidate, data=data)
    if not candidate.is_confirmed:
        _renew(candidate, answers)
    return candidate


def remind_of_link(candidate: Candidate) -> None:
    """Queue the link that this person needs: to confirm, or to their page. A double click sends one mail."""
    if candidate.is_confirmed:
        if not _was_queued("candidate_known", candidate):
            _send("candidate_known", candidate, grant=page_grant(candidate))
    elif not _was_queued("candidate_confirm", candidate, since=candidate.consented_at):
        _send("candidate_confirm", candidate, grant=("candidate_confirm", candidate.pk))


def _renew(candidate: Candidate, answers: Answers) -> None:
    """Count the days of somebody unconfirmed anew; a link mailed before must not confirm other answers."""
    now, fields = timezone.now(), answers.fields()
    if any(getattr(candidate, name) != value for name, value in fields.items()):
        for name, value in fields.items():
            setattr(candidate, name, value)
        candidate.confirm_hash, candidate.confirm_expires_at = "", None
    elif candidate.consented_at > now - DOUBLE_CLICK:
        return
    candidate.consented_at = now
    candidate.save()


def _was_queued(name: str, candidate: Candidate, *, since: dt.datetime | None = None) -> bool:
    """Tell whether the same mail was queued a moment ago, but after `since`."""
    earliest = max(filter(None, (since, timezone.now() - DOUBLE_CLICK)))
    return bool(mails_about(candidate).filter(name=name, created_at__gte=earliest).exists())


def _send(name: str, candidate: Candidate, *, grant: tuple[str, Any]) -> None:
    """Queue a mail that holds nothing that was typed: nobody can send words of theirs to another's address."""
    mail.send(name, candidate.email, {"person": ""}, about=candidate, grant=grant)


@transaction.atomic
def confirm(candidate: Candidate) -> bool:
    """Mark the address as the person's own and queue `candidate_confirmed`.

    Returns False if it is confirmed already, or the link was revoked or the person erased meanwhile.
    """
    waiting = Candidate.objects.filter(
        pk=candidate.pk, status=Candidate.Status.UNCONFIRMED, confirm_hash=candidate.confirm_hash
    )
    now = timezone.now()
    if not waiting.update(status=Candidate.Status.CONFIRMED, confirmed_at=now, heard_at=now):
        return False
    events.record(events.CANDIDATES, "candidate_confirmed", by=None, subject=candidate)
    context = {"person": candidate.name}
    mail.send("candidate_confirmed", candidate.email, context, about=candidate, grant=page_grant(candidate))
    return True


@transaction.atomic
def erase(candidate: Candidate, *, by: User | None, reference: str = "") -> dict[str, int]:
    """Delete the person and every mail kept about them. The event keeps the id alone, and a receipt's reference.

    The address is not invited again; a fingerprint of it is all that tells.

    Returns how many rows went, by the label of their model; nothing if somebody else was faster.
    """
    living = Candidate.objects.select_for_update().filter(pk=candidate.pk).first()
    if living is None:
        return {}
    data = {"reference": reference} if reference else {}
    events.record(events.CANDIDATES, "candidate_deleted", by=by, subject=living, data=data)
    forget(living.email)
    _mails, gone = mails_about(living).delete()
    _rows, also_gone = living.delete()
    return gone | also_gone


def erase_unconfirmed() -> int:
    """Erase everybody who did not confirm in time and return how many that were."""
    stale = Candidate.objects.filter(
        status=Candidate.Status.UNCONFIRMED, consented_at__lt=timezone.now() - CONFIRM_WITHIN
    )
    candidates = list(stale)
    for candidate in candidates:
        erase(candidate, by=None)
    return len(candidates)


def mails_about(candidate: Candidate) -> "models.QuerySet[Any]":
    """Return the mails that this person was owed or sent."""
    subject_type = ContentType.objects.get_for_model(Candidate)
    return Notification.objects.filter(subject_type=subject_type, subject_id=str(candidate.pk))
