"""Who may make which move."""

from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.accounts.models import User
from employers.models import Employer, Membership, Onboarding, PaperScan, Role, SigningLink
from employers.onboarding import Actor

EDITING = (Role.OWNER, Role.EDITOR)
NOT_YOURS = gettext_lazy("Your staff role does not include this decision.")


class NotAllowed(PermissionDenied):
    """Somebody tried what they may not do. The message says why, in words for them."""


def seat_of(user: User) -> Membership | None:
    """Return the user's active membership with employer and onboarding, or None.

    A request has read it with its user (sign_in.py); a move asks again, by role_at(), under its lock.
    """
    if hasattr(user, "seat"):
        seat: Membership | None = user.seat
        return seat
    rows = Membership.objects.filter(user=user, is_active=True)
    return rows.select_related("employer__onboarding", "user").first()


def role_at(user: User, onboarding: Onboarding) -> Role | None:
    """Return the user's role at the onboarding's employer, or None for everybody else."""
    row = Membership.objects.filter(user=user, is_active=True, employer_id=onboarding.employer_id).first()
    return Role(row.role) if row else None


def may_see_papers(user: User, employer: Employer) -> bool:
    """Whether a user is one of the employer's people or reviews applications."""
    if user.is_staff and user.has_perm("employers.review_onboarding"):
        return True
    return Membership.objects.filter(user=user, is_active=True, employer=employer).exists()


class Allowed(Protocol):
    """What is known of a move before it is made: an edge of the eight steps, or a move of an amendment."""

    @property
    def actor(self) -> Actor: ...
    @property
    def permission(self) -> str: ...


By = User | SigningLink | PaperScan | None


def link_of(by: By) -> dict[str, str]:
    """Return what an event keeps of a signing link that acted: its id. {} for everybody else."""
    return {"link": str(by.pk)} if isinstance(by, SigningLink) else {}


def user_of(by: By) -> User | None:
    """Return the account behind an act, if there is one: who uploaded a scan; a link and the system have none."""
    if isinstance(by, PaperScan):
        uploader: User | None = by.uploaded_by
        return uploader
    return by if isinstance(by, User) else None


def check(edge: Allowed, onboarding: Onboarding, by: By) -> None:
    """Raise NotAllowed unless `by` may make this move here. Nobody (None) is the system itself."""
    if edge.actor is Actor.SYSTEM:
        if by is not None:
            raise NotAllowed(_("Nobody makes this move by hand; it follows from other moves."))
        return
    if isinstance(by, SigningLink):
        if edge.actor is not Actor.SIGNATORY or by.agreement.employer_id != onboarding.employer_id:
            raise NotAllowed(_("A signing link can only sign its own agreement."))
        return
    if isinstance(by, PaperScan):
        if edge.actor is not Actor.SIGNATORY or by.agreement.employer_id != onboarding.employer_id:
            raise NotAllowed(_("A scan can only stand for the signature under its own agreement."))
        return
    if by is None or not by.is_active:
        raise NotAllowed(_("Sign in first."))
    role = role_at(by, onboarding)
    if edge.actor in (Actor.REVIEWER, Actor.MANAGER):
        check_staff(edge, by, role)
    elif edge.actor is Actor.EDITOR and role not in EDITING:
        raise NotAllowed(_("Viewers can read everything here, but only owners and editors can change it."))
    elif edge.actor is Actor.OWNER and role != Role.OWNER:
        raise NotAllowed(_("Only the owner can do this."))
    elif edge.actor is Actor.SIGNATORY and not is_signatory(by, onboarding, role):
        raise NotAllowed(_("Only the person named as signatory can sign."))


def is_signatory(user: User, onboarding: Onboarding, role: str | None) -> bool:
    """Whether a user is the owner who named themselves signatory."""
    return role == Role.OWNER and onboarding.signatory_email.lower() == user.email.lower()


def may(edge: Allowed, onboarding: Onboarding, by: By) -> bool:
    """Whether `by` may make this move here."""
    try:
        check(edge, onboarding, by)
    except NotAllowed:
        return False
    return True


def check_staff(edge: Allowed, by: User, role: str | None) -> None:
    """Raise NotAllowed unless `by`, with this role at the employer or none, may make a move of staff."""
    if not (by.is_staff and by.has_perm(edge.permission)):
        raise NotAllowed(NOT_YOURS)
    if role is not None:
        raise NotAllowed(_("You belong to this organization, so a colleague at AAMI has to decide its case."))
