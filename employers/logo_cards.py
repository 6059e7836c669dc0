"""How a partner comes to appear in public: prepare a card, send it, AAMI approves or refuses, take it down.

An approved card stays shown while a newer one is prepared and judged; who may see it is LogoCard.objects.shown().
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.records import mail
from apprenticeship.records.events import record
from employers import letters, logos, permissions, replaced_logos
from employers.models import LogoCard, Onboarding
from employers.onboarding import Actor, State
from employers.transitions import lock


@dataclass(frozen=True, slots=True)
class Act:
    """Who may do something with a card."""

    actor: Actor
    permission: str = ""


WRITING = Act(Actor.EDITOR)
DECIDING = Act(Actor.REVIEWER, "employers.approve_logocard")


class TooLate(Exception):
    """The card is no longer where it was: somebody was quicker, or the partner is not active."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a card shall say. `logo` is a new picture; without one the former stays if `keeps_logo`."""

    display_name: str
    website: str = ""
    alt_text: str = ""
    logo: logos.Logo | None = None
    keeps_logo: bool = True


def newest(onboarding: Onboarding) -> LogoCard | None:
    """Return the version that was saved last, whatever became of it."""
    card: LogoCard | None = LogoCard.objects.filter(employer=onboarding.employer_id).first()
    return card


def has_words_of_another_logo(card: LogoCard) -> bool:
    """Tell whether a card says its logo in words that were written for another one, since the last that was sent."""
    if not card.logo:
        return False
    earlier = LogoCard.objects.filter(employer=card.employer_id, saved_at__lt=card.saved_at).order_by(
        "-saved_at"
    )
    for before in earlier:
        # Words without a logo are those of a picture that was replaced and has been deleted.
        if before.logo != card.logo and before.alt_text == card.alt_text:
            return True
        if before.sent_at:
            break
    return False


@transaction.atomic
def save(onboarding: Onboarding, answers: Answers, *, opened: str, by: User) -> LogoCard:
    """Keep a new version, not sent yet. `opened` is the id of the newest one that its author had seen, or "".

    Raises NotAllowed or TooLate, and then nothing is kept.
    """
    onboarding = _hold(onboarding, by)
    before = newest(onboarding)
    if opened != (str(before.pk) if before else ""):
        raise TooLate
    logo = before.logo if before and answers.keeps_logo else ""
    if answers.logo:
        replaced_logos.hold()
        logo = logos.keep(answers.logo)
    LogoCard.objects.open().filter(employer=onboarding.employer).update(status=LogoCard.Status.ENDED)
    card = LogoCard.objects.create(
        employer=onboarding.employer, display_name=answers.display_name, website=answers.website, logo=logo,
        alt_text=answers.alt_text if logo else "", saved_by=by,
    )  # fmt: skip
    _record("logo_card_saved", card, by)
    replaced_logos.remove_after_commit(onboarding.employer)
    return card


@transaction.atomic
def send(onboarding: Onboarding, card: LogoCard, *, by: User) -> None:
    """Ask AAMI to show a prepared card, and tell its reviewers. Raises NotAllowed or TooLate."""
    onboarding = _hold(onboarding, by)
    card = _again(card, LogoCard.Status.DRAFT)
    card.status, card.sent_at = LogoCard.Status.WAITING, timezone.now()
    card.save(update_fields=["status", "sent_at"])
    _record("logo_card_sent", card, by)
    link = settings.SITE_URL + reverse("admin:employers_logocard_change", args=[card.pk])
    for person in letters.reviewers(onboarding):
        _tell("logo_card_to_approve", person, card, action_url=link)


@transaction.atomic
def take_down(onboarding: Onboarding, *, by: User) -> None:
    """Let the partner appear no longer: every card ends. Raises NotAllowed."""
    onboarding = lock(onboarding)
    permissions.check(WRITING, onboarding, by)
    rows = LogoCard.objects.filter(employer=onboarding.employer)
    for card in rows.open() | rows.approved():
        card.status = LogoCard.Status.ENDED
        card.save(update_fields=["status"])
        _record("logo_card_taken_down", card, by)


@transaction.atomic
def approve(card: LogoCard, *, by: User) -> None:
    """Show a card in place of the one before, and tell the partner. Raises NotAllowed or TooLate."""
    card = _judged(card, by, LogoCard.Status.WAITING)
    LogoCard.objects.approved().filter(employer=card.employer).update(status=LogoCard.Status.ENDED)
    _decide(card, LogoCard.Status.APPROVED, by=by)
    _record("logo_card_approved", card, by)
    replaced_logos.remove_after_commit(card.employer)
    for person in letters.employer_people(card.employer.onboarding):
        _tell(
            "logo_card_approved", person, card, action_url=settings.SITE_URL + reverse("employers:partners")
        )


@transaction.atomic
def refuse(card: LogoCard, *, by: User, reason: str) -> None:
    """Do not show a card, or no longer, and tell the partner why. Raises NotAllowed or TooLate."""
    card = _judged(card, by, LogoCard.Status.WAITING, LogoCard.Status.APPROVED)
    was_shown = card.is_approved
    _decide(card, LogoCard.Status.REFUSED, by=by, reason=reason)
    _record("logo_card_refused", card, by)
    link = settings.SITE_URL + reverse("employers:card")
    for person in letters.employer_people(card.employer.onboarding):
        _tell(
            "logo_card_refused", person, card, reason=reason, by=str(by), was_shown=was_shown, action_url=link
        )


def _hold(onboarding: Onboarding, by: User) -> Onboarding:
    """Return the onboarding, locked, if `by` may prepare a card of this active partner."""
    onboarding = lock(onboarding)
    permissions.check(WRITING, onboarding, by)
    if onboarding.state != State.ACTIVE:
        raise TooLate
    return onboarding


def _judged(card: LogoCard, by: User, *statuses: str) -> LogoCard:
    """Return the card, locked with its case, if `by` may decide about it and it still stands there."""
    permissions.check(DECIDING, lock(card.employer.onboarding), by)
    return _again(card, *statuses)


def _again(card: LogoCard, *statuses: str) -> LogoCard:
    rows = LogoCard.objects.select_related("employer__onboarding").filter(pk=card.pk, status__in=statuses)
    fresh: LogoCard | None = rows.first()
    if fresh is None:
        raise TooLate
    return fresh


def _decide(card: LogoCard, status: str, *, by: User, reason: str = "") -> None:
    card.status, card.decided_by, card.decided_at, card.reason = status, by, timezone.now(), reason
    card.save(update_fields=["status", "decided_by", "decided_at", "reason"])


def _record(verb: str, card: LogoCard, by: User) -> None:
    record(card.employer.chain, verb, by=by, subject=card, data={"card": str(card.pk)})


def _tell(name: str, person: User, card: LogoCard, **facts: Any) -> None:
    context = {"person": person.get_short_name(), "employer": str(card.employer), **facts}
    mail.send(name, person.email, context, user=person, about=card.employer)
