"""Write about a case: a note inside AAMI, a question to the employer, an answer to AAMI.

Each act names the id that its form was shown with: sent again by a refresh or a second click, it changes nothing.
Each returns whether the text was stored now, and raises NotAllowed.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.records import mail
from apprenticeship.records.events import record
from employers import letters, permissions
from employers.application import Application
from employers.models import InternalNote, Message, Onboarding
from employers.onboarding import EDGE_BY_NAME, Edge
from employers.transitions import lock

# Whoever may make these moves may write, whatever the state.
REVIEWING, EDITING = EDGE_BY_NAME["request_changes"], EDGE_BY_NAME["start"]


@transaction.atomic
def note(onboarding: Onboarding, text: str, *, by: User, key: UUID) -> bool:
    """Keep a note that only AAMI reads. Nobody is told."""
    onboarding = _hold(onboarding, by, REVIEWING)
    if InternalNote.objects.filter(pk=key).exists():
        return False
    row = InternalNote.objects.create(pk=key, onboarding=onboarding, author=by, text=text)
    record(onboarding.employer.chain, "note_written", by=by, subject=row)
    return True


@transaction.atomic
def ask_employer(onboarding: Onboarding, text: str, *, by: User, key: UUID) -> bool:
    """Write to the employer's people, who read it in their mail and on their page."""
    onboarding = _hold(onboarding, by, REVIEWING)
    if not _store(onboarding, text, by=by, key=key, is_from_staff=True):
        return False
    link = settings.SITE_URL + reverse("employers:messages")
    for person in letters.employer_people(onboarding):
        _tell("message_from_aami", person, onboarding, by, text, link)
    return True


@transaction.atomic
def answer_desk(onboarding: Onboarding, text: str, *, by: User, key: UUID) -> bool:
    """Write to the case's reviewer, or to everybody who reviews while it has none."""
    onboarding = _hold(onboarding, by, EDITING)
    if not _store(onboarding, text, by=by, key=key, is_from_staff=False):
        return False
    path = reverse("admin:employers_onboarding_change", args=[onboarding.pk])
    for person in letters.reviewers(onboarding):
        _tell("message_from_employer", person, onboarding, by, text, f"{settings.SITE_URL}{path}#messages")
    return True


def question_in(application: Application) -> Message | None:
    """Return AAMI's newest message while the employer has not written since."""
    newest = application.newest_message
    return newest if newest is not None and newest.is_from_staff else None


def _hold(onboarding: Onboarding, by: User, edge: Edge) -> Onboarding:
    onboarding = lock(onboarding)
    permissions.check(edge, onboarding, by)
    return onboarding


def _store(onboarding: Onboarding, text: str, *, by: User, key: UUID, is_from_staff: bool) -> bool:
    if Message.objects.filter(pk=key).exists():
        return False
    row = Message.objects.create(
        pk=key, onboarding=onboarding, author=by, text=text, is_from_staff=is_from_staff
    )
    verb = "message_sent" if is_from_staff else "message_answered"
    record(onboarding.employer.chain, verb, by=by, subject=row)
    return True


def _tell(name: str, person: User, onboarding: Onboarding, by: User, text: str, link: str) -> None:
    facts: dict[str, Any] = {
        "person": person.get_short_name(),
        "employer": str(onboarding.employer),
        "by": str(by),
        "text": text,
        "action_url": link,
    }
    mail.send(name, person.email, facts, user=person, about=onboarding.employer)
