"""Colleagues: invite, renew, revoke, join, change roles, leave. The last owner cannot leave."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.records import mail
from apprenticeship.records.events import record
from apprenticeship.records.grants import digest, new_token
from employers.application import zone_of
from employers.models import Employer, Invitation, Membership, Onboarding, Role
from employers.models.people import INVITATION_LIFE
from employers.onboarding import PREPARING
from employers.permissions import seat_of
from employers.transitions import advance, lock


class Refused(Exception):
    """What was asked cannot be done. The message says why and what to do."""


@transaction.atomic
def found_employer(user: User, legal_name: str) -> Onboarding:
    """Create an employer with its onboarding and make the user its owner. Raises Refused if they have one."""
    employer = Employer.objects.create(
        legal_name=legal_name, contact_name=user.name, contact_email=user.email
    )
    onboarding = Onboarding.objects.create(employer=employer)
    _seat(employer, user, Role.OWNER)
    record(employer.chain, "employer_founded", by=user, subject=employer)
    mail.send("welcome", user.email, _welcome(user, employer), user=user, about=employer)
    return onboarding


def _welcome(user: User, employer: Employer) -> dict[str, str]:
    link = settings.SITE_URL + reverse("employers:tasks")
    return {"person": user.get_short_name(), "employer": str(employer), "action_url": link}


@transaction.atomic
def invite(employer: Employer, email: str, role: Role, *, by: User) -> Invitation:
    """Invite an address, or renew its open invitation. Raises Refused if they already belong here."""
    email = email.strip().lower()
    if employer.memberships.filter(user__email__iexact=email, is_active=True).exists():
        raise Refused(_("%(email)s already works on this application.") % {"email": email})
    # Two clicks at once find the same open invitation.
    invitation, is_new = Invitation.objects.get_or_create(
        employer=employer,
        email=email,
        accepted_at=None,
        revoked_at=None,
        defaults={"role": role, "invited_by": by},
    )
    if is_new:
        record(employer.chain, "colleague_invited", by=by, subject=invitation, data={"role": role})
    else:
        invitation.role = role
        invitation.save(update_fields=["role"])
    return renew(invitation, by=by)


@transaction.atomic
def renew(invitation: Invitation, *, by: User) -> Invitation:
    """Send a fresh link that lives for another fourteen days; the last one stops working when it leaves."""
    invitation.expires_at = timezone.now() + INVITATION_LIFE
    invitation.save(update_fields=["expires_at"])
    context = {
        "employer": str(invitation.employer),
        "by": str(by),
        "role": str(Role(invitation.role).label),
        "expires_at": f"{invitation.expires_at.astimezone(zone_of(invitation.employer)):%B %-d, %Y}",
    }
    grant = ("invitation", invitation.pk)
    if not mail.replace_waiting("invitation", context, grant=grant):
        mail.send("invitation", invitation.email, context, about=invitation.employer, grant=grant)
    return invitation


def mint_invitation_link(invitation_id: str) -> str:
    """Return the path of a fresh link and keep only its hash. Raises Invitation.DoesNotExist if none is open."""
    invitation = Invitation.objects.valid().get(pk=invitation_id)
    token = new_token()
    Invitation.objects.filter(pk=invitation.pk).update(token_hash=digest(token))
    return reverse("employers:join", args=[token])


def invitation_by(token: str) -> Invitation | None:
    """Return the invitation a link belongs to, whatever became of it."""
    return (
        Invitation.objects.select_related("employer__onboarding", "invited_by")
        .filter(token_hash=digest(token))
        .first()
    )


@transaction.atomic
def accept(invitation: Invitation, user: User, *, leaves: bool = False) -> Membership:
    """Seat the invited person. Raises Refused for another address, a used, revoked or expired link, a second seat.

    `leaves` gives up an application of their own that nobody else works on.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",)).select_related("employer").get(pk=invitation.pk)
    )
    if user.email.lower() != invitation.email.lower():
        message = _("This invitation is for %(email)s. Sign in with that address to accept it.")
        raise Refused(message % {"email": invitation.email})
    if invitation.accepted_at or invitation.revoked_at or invitation.is_expired:
        raise Refused(_("This invitation no longer works. Ask the colleague who sent it for a new one."))
    if leaves:
        _leave_own(user)
    membership = _seat(invitation.employer, user, Role(invitation.role))
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    record(invitation.employer.chain, "colleague_joined", by=user, subject=membership)
    return membership


def application_to_leave(user: User) -> Membership | None:
    """Return the user's place at an application that they own alone and never submitted, or None."""
    own = seat_of(user)
    if own is None or not own.is_owner or own.employer.onboarding.submissions.exists():
        return None
    others = own.employer.memberships.filter(is_active=True).exclude(pk=own.pk)
    return None if others.exists() else own


def _leave_own(user: User) -> None:
    """Withdraw the application that the user owns alone, and end their place there."""
    own = application_to_leave(user)
    if own is None:
        return
    onboarding = lock(own.employer.onboarding)
    if onboarding.state in PREPARING:
        advance(onboarding, "withdraw", by=user, reason=_("Joined the application of a colleague"))
    own.is_active = False
    own.save(update_fields=["is_active"])
    record(own.employer.chain, "colleague_removed", by=user, subject=own)


@transaction.atomic
def revoke(invitation: Invitation, *, by: User) -> None:
    """Stop an invitation's link for good."""
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record(invitation.employer.chain, "invitation_revoked", by=by, subject=invitation)


@transaction.atomic
def change_role(membership: Membership, role: Role, *, by: User) -> None:
    """Give a colleague another role. Raises Refused if nobody would own the application."""
    membership = _locked(membership)
    if membership.role == Role.OWNER and role != Role.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    record(membership.employer.chain, "role_changed", by=by, subject=membership, data={"role": role})


@transaction.atomic
def remove(membership: Membership, *, by: User) -> None:
    """End a membership; the person can be invited again. Raises Refused for the last owner."""
    membership = _locked(membership)
    if membership.role == Role.OWNER:
        _keep_an_owner(membership)
    membership.is_active = False
    membership.save(update_fields=["is_active"])
    record(membership.employer.chain, "colleague_removed", by=by, subject=membership)


@transaction.atomic
def hand_over(employer: Employer, to: Membership, *, by: User) -> None:
    """Make a colleague the owner; the one who hands over stays as an editor."""
    change_role(to, Role.OWNER, by=by)
    own = employer.memberships.get(user=by, is_active=True)
    change_role(own, Role.EDITOR, by=by)


def _seat(employer: Employer, user: User, role: Role) -> Membership:
    try:
        with transaction.atomic():
            return Membership.objects.create(employer=employer, user=user, role=role)
    except IntegrityError as error:
        message = _(
            "You already work on another organization's application. Leave it first, or use another address."
        )
        raise Refused(message) from error


def _locked(membership: Membership) -> Membership:
    """Return the membership with its employer's owners locked, so that two removals cannot leave none."""
    list(Membership.objects.select_for_update().filter(employer_id=membership.employer_id, role=Role.OWNER))
    return Membership.objects.select_related("employer", "user").get(pk=membership.pk)


def _keep_an_owner(membership: Membership) -> None:
    owners = membership.employer.memberships.filter(role=Role.OWNER, is_active=True).exclude(pk=membership.pk)
    if not owners.exists():
        raise Refused(_("An application needs an owner. Make a colleague the owner first."))
