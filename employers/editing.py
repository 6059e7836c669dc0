"""Save a part of the application: open parts only, no stale form, no broken step left unsaid."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.records.history import changed
from employers import keeping, letters, signatory, signing
from employers.application import Application
from employers.changes import facts_of
from employers.completeness import gaps_in
from employers.models import Amendment, Onboarding, PartVersion
from employers.onboarding import EDGE_BY_NAME, FROZEN, LIVING, LIVING_PARTS, PREPARING, Part, State
from employers.terms import needs_new_text
from employers.transitions import lock, move_as_system, settle


class StaleForm(Exception):
    """Somebody saved this part since the form was opened."""

    def __init__(self, newer: PartVersion | Amendment) -> None:
        super().__init__(f"{newer} is at version {newer.version}")
        self.newer = newer


class VoidsSignature(Exception):
    """The save changes what the signed agreement prints; it needs a plain yes first."""


class PartClosed(Exception):
    """This part cannot be edited now."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save brought about; `setback` says why a completed step needs another look, "" if none does."""

    onboarding: Onboarding
    setback: str
    voided: bool


def may_edit(application: Application, part: Part) -> bool:
    """Whether a part is open, whoever asks.

    While a change request is open, only what it flags and what has a gap is open. Of what a partner's agreement prints
    no field is: see forms/profile.py.
    """
    state = State(application.onboarding.state)
    if state in LIVING:
        return part in LIVING_PARTS
    if state in FROZEN or state not in (*PREPARING, State.CHANGES):
        return False
    if application.open_request is None or part in application.flagged:
        return True
    return part is Part.AGREEMENT or next(gaps_in(application, part), None) is not None


def open_parts(application: Application) -> set[Part]:
    """Return the parts that may be edited now."""
    return {part for part in Part if may_edit(application, part)}


@transaction.atomic
def save_part(
    onboarding: Onboarding,
    part: Part,
    store: Callable[[Onboarding], None],
    *,
    version: int,
    by: User,
    voids_signature: bool = False,
) -> Saved:
    """Store one part's answers and keep everything that depends on them true.

    `version` is the part's version when the form was opened. Raises PartClosed, StaleForm or VoidsSignature, and
    then nothing is stored.
    """
    onboarding = lock(onboarding)
    application = Application(onboarding)
    if not may_edit(application, part):
        raise PartClosed
    before, said = facts_of(application, part), keeping.said_in(application, part)
    _next_version(onboarding, part, version, by)
    store(onboarding)
    onboarding = lock(onboarding)
    application = Application(onboarding)
    changes = changed(said, keeping.said_in(application, part))
    keeping.record_save(onboarding, part, changes, by=by)
    voided = _void_if_printed(application, by, is_agreed=voids_signature)
    setback = settle(onboarding, by=by, part=part, before=before)
    signatory.follow_edit(onboarding, by=by)
    return Saved(onboarding, setback, voided)


@transaction.atomic
def reopen_for_new_text(onboarding: Onboarding, *, by: User) -> bool:
    """Void a signature under a text that has to be signed anew, and open signing. Returns whether it was due."""
    onboarding = lock(onboarding)
    application = Application(onboarding)
    edge = EDGE_BY_NAME["reopen_agreement"]
    agreement = application.signed_agreement
    if agreement is None or State(onboarding.state) not in edge.sources or not needs_new_text(application):
        return False
    signing.void(agreement, by=by, reason="A new version of the text has to be signed")
    move_as_system(onboarding, edge)
    letters.send_for(onboarding, [edge], by=by)
    return True


def _void_if_printed(application: Application, by: User, *, is_agreed: bool) -> bool:
    """Void a signature under other answers than these. Returns whether it did; raises if it may not."""
    onboarding = application.onboarding
    agreement = application.signed_agreement
    if agreement is None or not signing.would_void(application):
        return False
    if application.is_living:
        raise PartClosed  # what is in force changes by an amendment only
    if not is_agreed:
        raise VoidsSignature
    signing.void(agreement, by=by, reason="What it prints was changed")
    edge = EDGE_BY_NAME["reopen_agreement"]
    if State(onboarding.state) in edge.sources:
        move_as_system(onboarding, edge)
        letters.send_for(onboarding, [edge], by=by)
    return True


def _next_version(onboarding: Onboarding, part: Part, version: int, by: User) -> None:
    row, _created = PartVersion.objects.get_or_create(onboarding=onboarding, part=part)
    if row.version != version:
        raise StaleForm(row)
    PartVersion.objects.filter(pk=row.pk).update(
        version=F("version") + 1, saved_by=by, saved_at=timezone.now()
    )
