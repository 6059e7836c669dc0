"""How a partner appears in public: name, website and logo, shown once AAMI has approved them."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from employers.models.employer import Employer
from employers.onboarding import LIVING, State

WEB = URLValidator(schemes=["http", "https"])


class LogoCardQuerySet(models.QuerySet["LogoCard"]):
    """Find cards by where they stand."""

    def open(self) -> Self:
        """Return those that the employer prepares or AAMI has to judge."""
        return self.filter(status__in=LogoCard.OPEN)

    def waiting(self) -> Self:
        """Return those that AAMI has to judge, the oldest first."""
        rows = self.filter(status=LogoCard.Status.WAITING, employer__onboarding__state__in=LIVING)
        return rows.order_by("sent_at")

    def approved(self) -> Self:
        """Return those that AAMI has approved and nothing has replaced, shown now or not."""
        return self.filter(status=LogoCard.Status.APPROVED)

    def shown(self) -> Self:
        """Return what anybody may see: approved, of partners that are active now."""
        return self.approved().filter(employer__onboarding__state=State.ACTIVE)

    def kept(self) -> Self:
        """Return those whose picture is needed: shown, prepared or judged, and each employer's newest to start from."""
        same = LogoCard.objects.filter(employer=models.OuterRef("employer")).order_by("-saved_at")
        statuses = (*LogoCard.OPEN, LogoCard.Status.APPROVED)
        return self.filter(Q(status__in=statuses) | Q(pk=models.Subquery(same.values("pk")[:1])))


class LogoCard(models.Model):
    """One saved version. What it says never changes: a change is a new row, so what AAMI approves is what it read.

    Its picture alone goes once the version was replaced.
    """

    class Status(models.TextChoices):
        """Where a version stands."""

        DRAFT = "draft", _("Being prepared")
        WAITING = "waiting", _("Waiting for AAMI")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Not approved")
        ENDED = "ended", _("Replaced or taken down")

    OPEN = (Status.DRAFT, Status.WAITING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="logo_cards")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    display_name = models.CharField(_("name to show"), max_length=80)
    website = models.CharField(_("website"), max_length=200, blank=True, validators=[WEB])
    # The SHA-256 of the picture that is kept: its files are named by it and never change.
    logo = models.CharField(_("logo"), max_length=64, blank=True, editable=False, db_index=True)
    alt_text = models.CharField(_("logo in words"), max_length=150, blank=True)
    saved_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent to AAMI"), null=True, blank=True)
    decided_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("why not approved"), blank=True)

    objects: ClassVar[Any] = LogoCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("logo card")
        verbose_name_plural = _("logo cards")
        ordering = ("-saved_at",)
        permissions = [("approve_logocard", "Can approve how partners appear in public")]
        constraints = [
            models.UniqueConstraint(
                fields=["employer"], condition=Q(status__in=["draft", "waiting"]), name="logo_card_one_open"
            ),
            models.UniqueConstraint(
                fields=["employer"], condition=Q(status="approved"), name="logo_card_one_approved"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_draft(self) -> bool:
        """Whether the employer has not sent it yet."""
        return self.status == self.Status.DRAFT

    @property
    def is_waiting(self) -> bool:
        """Whether AAMI has to judge it."""
        return self.status == self.Status.WAITING

    @property
    def is_approved(self) -> bool:
        """Whether it is shown while the partner is active."""
        return self.status == self.Status.APPROVED

    @property
    def heard_text(self) -> str:
        """The logo in words, or "" where they only repeat the name that stands beside it."""
        is_same = self.alt_text.strip().casefold() == self.display_name.strip().casefold()
        return "" if is_same else self.alt_text

    @property
    def logo_url(self) -> str:
        """Where its picture is, or "" without one."""
        return reverse("employers:logo", args=[f"{self.logo}-1x"]) if self.logo else ""

    @property
    def logo_url_2x(self) -> str:
        """Where the picture for dense screens is, or "" without one."""
        return reverse("employers:logo", args=[f"{self.logo}-2x"]) if self.logo else ""
