"""AAMI's decisions. Each is one transaction: lock, who may, the rows that belong to it, then `advance()`.

Every decision raises NotAllowed, TransitionNotAllowed (somebody was quicker) or ValidationError, and then nothing
is stored. Each returns the onboarding as it is afterwards.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from localflavor.us.us_states import USPS_CHOICES

from apprenticeship.accounts.models import User
from apprenticeship.records import mail
from apprenticeship.records.models import Notification
from employers import permissions, signing
from employers.application import Application
from employers.assignment import take_if_free
from employers.models import (
    Agreement,
    ChangeRequest,
    Employer,
    FlaggedPart,
    Onboarding,
    Registration,
    Signature,
)
from employers.onboarding import EDGE_BY_NAME, Part
from employers.transitions import TransitionNotAllowed, advance, lock
from employers.wages.wording import day

# YYYY-ST-NNNNNN, as RAPIDS prints it.
PROGRAM_NUMBER = re.compile(r"(\d{4})-([A-Z]{2})-\d{6}")
STATES = {code for code, _name in USPS_CHOICES}


@transaction.atomic
def approve(
    onboarding: Onboarding,
    *,
    by: User,
    title: str,
    typed_name: str,
    sha256: str,
    ip: str | None,
    browser: str,
    known: signing.Identity = signing.BY_ACCOUNT,
) -> Onboarding:
    """Countersign the agreement whose text has this SHA-256, and approve; `known` says how the officer is known.

    Also raises signing.TextChanged, and NotReady if the answers do not hold by today's rows.
    """
    onboarding = _hold(onboarding, "approve", by)
    signing.check_name(by, typed_name)
    take_if_free(onboarding, by=by)
    agreement = Application(onboarding).signed_agreement
    if agreement is not None and agreement.status == Agreement.Status.SIGNED:
        signing.sign(
            agreement, Signature.Party.SPONSOR, by=by, name=" ".join(typed_name.split()), title=title,
            sha256=sha256, ip=ip, browser=browser, known=known,
        )  # fmt: skip
    return advance(onboarding, "approve", by=by)


@transaction.atomic
def approve_again(onboarding: Onboarding, *, by: User) -> Onboarding:
    """Approve a case that came back while its agreement stayed in force: nothing is signed.

    Also raises signing.TextChanged if an agreement waits for AAMI, and NotReady.
    """
    onboarding = _hold(onboarding, "approve", by)
    take_if_free(onboarding, by=by)
    if Application(onboarding).agreement_in_force is None:
        raise signing.TextChanged
    return advance(onboarding, "approve", by=by)


@transaction.atomic
def request_changes(
    onboarding: Onboarding,
    *,
    by: User,
    notes: Mapping[Part, str],
    message: str,
    reasons: Mapping[Part, str] = MappingProxyType({}),
    letter: str = "",
) -> Onboarding:
    """Flag the parts of `notes`, each with a note or a reason, and hand the case back.

    `letter` replaces the usual mail.
    """
    onboarding = _hold(onboarding, "request_changes", by)
    take_if_free(onboarding, by=by)
    _open_request(onboarding, by, notes, message, reasons)
    return advance(onboarding, "request_changes", by=by, letter=letter)


@transaction.atomic
def decline(onboarding: Onboarding, *, by: User, reason: str) -> Onboarding:
    """Decline the application."""
    onboarding = _hold(onboarding, "decline", by)
    take_if_free(onboarding, by=by)
    return advance(onboarding, "decline", by=by, reason=reason)


@transaction.atomic
def register(onboarding: Onboarding, *, by: User, program_number: str, registered_on: dt.date) -> Onboarding:
    """Record the registration with the Department of Labor: number YYYY-ST-NNNNNN, date of the agency's record."""
    onboarding = _hold(onboarding, "register", by)
    check_registration(onboarding, program_number, registered_on)
    recorded = {"registered_on": registered_on, "recorded_by": by, "recorded_at": timezone.now()}
    Registration.objects.update_or_create(
        onboarding=onboarding, defaults={"program_number": program_number, **recorded}
    )
    return advance(onboarding, "register", by=by)


@transaction.atomic
def return_by_agency(
    onboarding: Onboarding,
    *,
    by: User,
    reason: str,
    notes: Mapping[Part, str],
    reasons: Mapping[Part, str] = MappingProxyType({}),
) -> Onboarding:
    """Hand the case back to the employer because the registration agency wants parts changed."""
    onboarding = _hold(onboarding, "return_by_agency", by)
    _open_request(onboarding, by, notes, reason, reasons, is_agencys=True)
    return advance(onboarding, "return_by_agency", by=by, reason=reason)


def cancel_registration(onboarding: Onboarding, *, by: User, reason: str) -> Onboarding:
    """Stop while the Department of Labor has the case."""
    return advance(onboarding, "cancel_registration", by=by, reason=reason)


def suspend(onboarding: Onboarding, *, by: User, reason: str) -> Onboarding:
    """Let the partnership rest."""
    return advance(onboarding, "suspend", by=by, reason=reason)


def reinstate(onboarding: Onboarding, *, by: User, reason: str) -> Onboarding:
    """Let a suspended partnership go on."""
    return advance(onboarding, "reinstate", by=by, reason=reason)


def end(onboarding: Onboarding, *, by: User, reason: str) -> Onboarding:
    """End the partnership."""
    return advance(onboarding, "end", by=by, reason=reason)


def reopen_declined(onboarding: Onboarding, *, by: User, reason: str) -> Onboarding:
    """Take a declined application up again."""
    return advance(onboarding, "reopen_declined", by=by, reason=reason)


def preview(onboarding: Onboarding, act: Callable[[], object]) -> list[EmailMultiAlternatives]:
    """Return the mail that a decision or message would send; it is made, read and taken back."""
    with transaction.atomic():
        lock(onboarding)
        before = set(_mail_about(onboarding).values_list("pk", flat=True))
        act()
        rows = [row for row in _mail_about(onboarding).order_by("created_at") if row.pk not in before]
        transaction.set_rollback(True)
    return [mail.message(row.name, row.recipient, row.context, row.message_id) for row in rows]


def check_registration(onboarding: Onboarding, program_number: str, registered_on: dt.date) -> None:
    """Raise ValidationError unless number and date can be those of a case that AAMI has approved."""
    faults = {}
    if not state_in(program_number):
        faults["program_number"] = _("A program number looks like 2026-MN-123456: year, state, six digits.")
    if wrong := _day_fault(onboarding, registered_on):
        faults["registered_on"] = wrong
    if faults:
        raise ValidationError(faults)


def state_in(program_number: str) -> str:
    """Return the state that a program number names, or "" if it is none."""
    shape = PROGRAM_NUMBER.fullmatch(program_number)
    return shape[2] if shape and shape[2] in STATES else ""


def states_of(employer: Employer) -> set[str]:
    """Return the states an employer is in: that of its address and those of its sites."""
    return {employer.state, *employer.sites.values_list("state", flat=True)}


def _day_fault(onboarding: Onboarding, registered_on: dt.date) -> str:
    """Return why a case cannot have been registered on that day, or ""."""
    zone, now, approved = Application(onboarding).zone, timezone.now(), onboarding.state_since
    # The agency's day may be the site's day or the day in UTC.
    if registered_on > max(now.date(), now.astimezone(zone).date()):
        return _("This date is in the future.")
    earliest = min(approved.date(), approved.astimezone(zone).date())
    if registered_on < earliest:
        return _("AAMI approved on %(day)s; the registration cannot be older.") % {
            "day": day(approved.date())
        }
    return ""


def _hold(onboarding: Onboarding, name: str, by: User) -> Onboarding:
    """Return the onboarding, locked, if `by` may make the move `name` from where it is."""
    onboarding, edge = lock(onboarding), EDGE_BY_NAME[name]
    permissions.check(edge, onboarding, by)
    if onboarding.state not in edge.sources:
        transition = getattr(onboarding, name)
        raise TransitionNotAllowed(f"{name} from {onboarding.state}", object=onboarding, method=transition)
    return onboarding


def _open_request(
    onboarding: Onboarding,
    by: User,
    notes: Mapping[Part, str],
    message: str,
    reasons: Mapping[Part, str],
    *,
    is_agencys: bool = False,
) -> None:
    if not notes or not all(note.strip() or reasons.get(part) for part, note in notes.items()):
        raise ValidationError(_("Mark at least one part, and say what needs a change in each."))
    request = ChangeRequest.objects.create(
        onboarding=onboarding, requested_by=by, message=message, is_agencys=is_agencys
    )
    for part, note in notes.items():
        FlaggedPart.objects.create(request=request, part=part, note=note, reason=reasons.get(part, ""))


def _mail_about(onboarding: Onboarding) -> "models.QuerySet[Notification]":
    return Notification.objects.filter(subject_id=str(onboarding.employer_id))
