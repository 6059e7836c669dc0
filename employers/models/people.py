"""Who works on an employer's application."""

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from employers.models.employer import Employer

INVITATION_LIFE = dt.timedelta(days=14)


class Role(models.TextChoices):
    """What a colleague may do."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")


class Membership(models.Model):
    """A user's place at an employer; kept when they leave."""

    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="memberships")
    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(is_active=True),
                name="membership_one_active_per_user",
                violation_error_message=_("This person already works on another organization's application."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    @property
    def is_owner(self) -> bool:
        """Whether this person submits, withdraws and manages people."""
        return self.role == Role.OWNER

    @property
    def may_write(self) -> bool:
        """Whether this person fills in the steps."""
        return self.role in (Role.OWNER, Role.EDITOR)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Find invitations by where they stand."""

    def open(self) -> Self:
        """Return those neither accepted nor revoked, expired ones included: they can be renewed."""
        return self.filter(accepted_at=None, revoked_at=None)

    def valid(self) -> Self:
        """Return those whose link works now."""
        return self.open().filter(expires_at__gt=timezone.now())


def _expiry() -> dt.datetime:
    return timezone.now() + INVITATION_LIFE


class Invitation(models.Model):
    """An invitation by mail, to one address, with one role. Its link is stored hashed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    invited_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    token_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), default=_expiry)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open_per_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.get_role_display()}"

    @property
    def is_expired(self) -> bool:
        """Whether its fourteen days are over."""
        return self.expires_at <= timezone.now()
