"""A personal link to read and sign one agreement, for somebody without an account."""

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from employers.models.agreement import Agreement

LINK_LIFE = dt.timedelta(days=14)


class SigningLinkQuerySet(models.QuerySet["SigningLink"]):
    """Find links by where they stand."""

    def open(self) -> Self:
        """Return those that were neither used, declined nor revoked; expired ones included: they can be renewed."""
        return self.filter(used_at=None, declined_at=None, revoked_at=None)

    def valid(self) -> Self:
        """Return those that work now."""
        return self.open().filter(expires_at__gt=timezone.now(), agreement__status=Agreement.Status.PRESENTED)


def _expiry() -> dt.datetime:
    return timezone.now() + LINK_LIFE


class SigningLink(models.Model):
    """Single use, fourteen days, stored hashed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement: Any = models.ForeignKey(Agreement, models.CASCADE, related_name="signing_links")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"))
    sent_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), default=_expiry)
    used_at = models.DateTimeField(_("signed"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    declined_reason = models.CharField(_("why declined"), max_length=500, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    forwarded_to: Any = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="forwarded_from",
        verbose_name=_("forwarded to"),
    )
    reminded = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    questions = models.PositiveSmallIntegerField(default=0, editable=False)

    objects: ClassVar[Any] = SigningLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing link")
        verbose_name_plural = _("signing links")
        ordering = ("created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(used_at=None, declined_at=None, revoked_at=None),
                name="signing_link_one_open",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def asked_by(self) -> str:
        """Who asks this person to sign: whoever forwarded their own link, otherwise who sent it."""
        before = self.forwarded_from.first()
        return before.name if before else str(self.sent_by or "")

    @property
    def is_expired(self) -> bool:
        """Whether its fourteen days are over."""
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether it was neither used, declined nor revoked."""
        return not (self.used_at or self.declined_at or self.revoked_at)
