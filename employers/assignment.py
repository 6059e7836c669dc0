"""Whose case it is: claim, release, hand over, and back to the pool when a reviewer is gone.

A reviewer who was deactivated or lost the role counts as nobody at once; the sweep then writes it down.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import models, transaction
from django.db.models import Case, Q, Value, When
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.program.models import Program
from apprenticeship.records import mail
from apprenticeship.records.events import record
from employers import permissions
from employers.aging import age_of, clock, target_days
from employers.models import Onboarding
from employers.onboarding import EDGE_BY_NAME, UNDER_REVIEW, State
from employers.permissions import NotAllowed

MANAGE = "employers.manage_onboarding"


def reviewers_by_role() -> "models.QuerySet[User]":
    """Return everybody at AAMI whose role it is to review."""
    permission = Permission.objects.filter(codename="review_onboarding", content_type__app_label="employers")
    in_groups = User.objects.filter(groups__permissions__in=permission).order_by().values("pk")
    in_person = User.objects.filter(user_permissions__in=permission).order_by().values("pk")
    rows = User.objects.filter(Q(pk__in=in_groups) | Q(pk__in=in_person), is_staff=True, is_active=True)
    return rows.order_by("name", "pk")


def able_reviewers() -> "models.QuerySet[User]":
    """Return everybody who may review: by role, or as a superuser."""
    able = Q(pk__in=reviewers_by_role().order_by().values("pk")) | Q(is_superuser=True)
    return User.objects.filter(able, is_staff=True, is_active=True).order_by("name", "pk")


def held(cases: "models.QuerySet[Onboarding]") -> "models.QuerySet[Any]":
    """Annotate cases with `is_held`: whether their reviewer may review them."""
    able = able_reviewers().order_by().values("pk")
    return cases.annotate(is_held=Case(When(reviewer__in=able, then=True), default=False))


def reviewer_of(onboarding: Onboarding) -> User | None:
    """Return the case's reviewer while they may review it."""
    mine: User | None = onboarding.reviewer
    is_able = (
        mine is not None and mine.is_staff and mine.is_active and mine.has_perm("employers.review_onboarding")
    )
    return mine if is_able else None


@transaction.atomic
def claim(onboarding: Onboarding, *, by: User) -> bool:
    """Make `by` the reviewer unless somebody is. Returns whether they are it now. Raises NotAllowed."""
    onboarding = _hold(onboarding, by)
    take_if_free(onboarding, by=by)
    return bool(onboarding.reviewer_id == by.pk)


def take_if_free(onboarding: Onboarding, *, by: User) -> None:
    """Make `by` the reviewer of a locked case that has none, or whose reviewer is gone."""
    if reviewer_of(onboarding) is None:
        _give(onboarding, by, "case_claimed", by=by)


@transaction.atomic
def release(onboarding: Onboarding, *, by: User) -> bool:
    """Put a case back into the pool. Returns False if it is not theirs any more. Raises NotAllowed.

    A reviewer releases their own cases, a manager everybody's.
    """
    onboarding = _hold(onboarding, by)
    if onboarding.reviewer_id is None or (onboarding.reviewer_id != by.pk and not by.has_perm(MANAGE)):
        return False
    _give(onboarding, None, "case_released", by=by)
    return True


@transaction.atomic
def reassign(onboarding: Onboarding, to: User, *, by: User, seen: int | None) -> bool:
    """Hand a case to another reviewer and tell them by mail. Returns False if its reviewer is not `seen` any more.

    Raises NotAllowed if `by` manages no cases, or `to` may not decide this one.
    """
    if not by.has_perm(MANAGE):
        raise NotAllowed(permissions.NOT_YOURS)
    onboarding = _hold(onboarding, by)
    permissions.check(EDGE_BY_NAME["request_changes"], onboarding, to)
    if onboarding.reviewer_id != seen:
        return False
    if onboarding.reviewer_id != to.pk:
        _give(onboarding, to, "case_reassigned", by=by)
        _tell(onboarding, to, by=by)
    return True


def return_to_pool() -> int:
    """Free the cases under review whose reviewer may not review any more. Returns how many. For beat."""
    rows = Onboarding.objects.filter(state__in=UNDER_REVIEW).exclude(reviewer=None)
    gone = rows.exclude(reviewer__in=able_reviewers().values("pk")).values_list("pk", flat=True)
    return sum(_return(pk) for pk in gone)


@transaction.atomic
def _return(pk: Any) -> bool:
    onboarding = Onboarding.objects.locked(pk)
    if onboarding.reviewer_id is None or reviewer_of(onboarding) is not None:
        return False
    _give(onboarding, None, "case_pooled", by=None)
    return True


def _hold(onboarding: Onboarding, by: User) -> Onboarding:
    """Return the case, locked, if `by` may decide it."""
    onboarding = Onboarding.objects.locked(onboarding.pk)
    permissions.check(EDGE_BY_NAME["request_changes"], onboarding, by)
    return onboarding


def _give(onboarding: Onboarding, to: User | None, verb: str, *, by: User | None) -> None:
    before = onboarding.reviewer_id
    onboarding.reviewer = to
    onboarding.save(update_fields=["reviewer"])
    data = {"from": before, "to": to.pk if to else None}
    record(onboarding.employer.chain, verb, by=by, subject=onboarding, data=data)


def _tell(onboarding: Onboarding, to: User, *, by: User) -> None:
    """Tell a reviewer of a case that somebody else gave them. Nobody is told of what they did themselves."""
    if to.pk == by.pk:
        return
    targets = {key: Value(days) for key, days in target_days(Program.objects.current()).items()}
    age = age_of(Onboarding.objects.annotate(**clock(targets)).get(pk=onboarding.pk))
    path = reverse("admin:employers_onboarding_change", args=[onboarding.pk])
    facts = {
        "person": to.get_short_name(),
        "employer": str(onboarding.employer),
        "by": str(by),
        "state": str(onboarding.get_state_display()),
        "age": age.sentence,
        "is_decided_here": onboarding.state == State.REVIEW,
        "action_url": settings.SITE_URL + path,
    }
    mail.send("case_assigned", to.email, facts, user=to, about=onboarding.employer)
