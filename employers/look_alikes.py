"""Employers that look like another one: same legal name, EIN or address. And the way to ask the other's owner in."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apprenticeship.accounts.models import User
from apprenticeship.records import mail
from apprenticeship.records.events import record
from apprenticeship.records.models import Event
from employers import permissions
from employers.models import Employer, Membership, Onboarding, Role
from employers.onboarding import EDGE_BY_NAME, PREPARING, Text
from employers.transitions import lock

# What two employers can share, and what that is called.
KEYS: dict[str, Text] = {"name_key": _("legal name"), "ein_key": _("EIN"), "address_key": _("address")}
ASKED = "invitation_asked"


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Another employer, and what it shares with this one."""

    employer: Employer
    shared: tuple[Text, ...]


def like(**keys: Any) -> Q:
    """Return the condition of the employers that share a key, given by name as a value or an expression."""
    found = Q()
    for name, value in keys.items():
        found |= Q(**{name: value}) & ~Q(**{name: ""})
    return found


def marked() -> Case:
    """Return, for a queryset of cases, whether another employer looks like the case's own.

    A question of its own for each key, so that the key's index answers it; none for a key that is empty.
    """
    others = Employer.objects.exclude(pk=OuterRef("employer"))
    shared = [
        When(
            ~Q(**{f"employer__{name}": ""}) & Exists(others.filter(**{name: OuterRef(f"employer__{name}")})),
            then=True,
        )
        for name in KEYS
    ]
    return Case(*shared, default=False)


def look_alikes_of(employer: Employer) -> list[LookAlike]:
    """Return the employers that look like this one with their onboardings: who shares most first, then the oldest."""
    keys = {name: getattr(employer, name) for name in KEYS if getattr(employer, name)}
    if not keys:
        return []
    rows = _others(employer, keys).select_related("onboarding")
    found = [
        LookAlike(row, tuple(KEYS[name] for name in keys if getattr(row, name) == keys[name])) for row in rows
    ]
    return sorted(found, key=lambda row: -len(row.shared))


def _others(employer: Employer, keys: dict[str, str]) -> "QuerySet[Employer]":
    return Employer.objects.filter(like(**keys)).exclude(pk=employer.pk).order_by("created_at")


def owners_to_ask(onboarding: Onboarding) -> "QuerySet[Membership]":
    """Return the owners of older look-alikes of an application that its people have not submitted yet."""
    employer = onboarding.employer
    keys = {name: getattr(employer, name) for name in KEYS if getattr(employer, name)}
    if not keys or onboarding.state not in PREPARING:
        return Membership.objects.none()
    older = _others(employer, keys).filter(created_at__lt=employer.created_at)
    rows = Membership.objects.filter(employer__in=older.values("pk"), role=Role.OWNER, is_active=True)
    return rows.filter(user__is_active=True).select_related("user", "employer")


@transaction.atomic
def ask_for_invitation(onboarding: Onboarding, *, by: User) -> bool:
    """Ask the owners of older look-alikes to invite `by`, once. Returns False if nobody can be asked.

    Nobody learns who they are; they learn the name and address of who asks. Raises NotAllowed.
    """
    onboarding = lock(onboarding)
    permissions.check(EDGE_BY_NAME["withdraw"], onboarding, by)
    asked = Event.objects.filter(chain=onboarding.employer.chain, verb=ASKED).exists()
    seats = [] if asked else list(owners_to_ask(onboarding))
    for seat in seats:
        facts = {
            "person": seat.user.get_short_name(),
            "employer": str(seat.employer),
            "who": by.name or by.email,
            "email": by.email,
            "action_url": settings.SITE_URL + reverse("employers:team"),
        }
        mail.send(ASKED, seat.user.email, facts, user=seat.user, about=seat.employer)
    if seats:
        record(onboarding.employer.chain, ASKED, by=by, subject=onboarding)
    return bool(seats)
