"""A link by which legal and HR read an agreement before anybody signs it."""

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from employers.models.employer import Employer

PREVIEW_LIFE = dt.timedelta(days=14)


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    """Find links by where they stand."""

    def open(self) -> Self:
        """Return those that were not revoked; expired ones included, so that a list can tell."""
        return self.filter(revoked_at=None)

    def valid(self) -> Self:
        """Return those that work now."""
        return self.open().filter(expires_at__gt=timezone.now())


def _expiry() -> dt.datetime:
    return timezone.now() + PREVIEW_LIFE


class PreviewLink(models.Model):
    """Reading only, fourteen days, stored hashed. How often it was opened is counted, by whom is not known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="preview_links")
    label = models.CharField(_("for whom"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # The form that asked for it: the same form sent twice makes one link.
    form_key = models.UUIDField(editable=False)
    created_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), default=_expiry)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    opened = models.PositiveIntegerField(_("times opened"), default=0)
    last_opened_at = models.DateTimeField(_("last opened"), null=True, blank=True)

    objects: ClassVar[Any] = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ("created_at",)
        constraints = [
            models.UniqueConstraint(fields=["employer", "form_key"], name="preview_link_once_per_form")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_expired(self) -> bool:
        """Whether its fourteen days are over."""
        return self.expires_at <= timezone.now()
