"""A change of what the agreement in force prints: drafted beside the live data, which it replaces once both signed."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from employers.models.employer import Employer
from employers.models.wages import WageSchedule


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    """Find amendments by where they stand."""

    def open(self) -> Self:
        """Return those that may still come into force."""
        return self.filter(status__in=Amendment.OPEN)

    def with_aami(self) -> Self:
        """Return those that wait for AAMI, the oldest first."""
        return self.filter(status=Amendment.Status.SIGNED).order_by("state_since")

    def open_for(self, employer: Employer) -> "Amendment | None":
        """Return the employer's open amendment, of which there is one at most."""
        return self.open().filter(employer=employer).select_related("wage_schedule", "saved_by").first()


class Amendment(models.Model):
    """One change of the agreement. `proposal` holds what it will print, as `employers.amended` reads it."""

    class Status(models.TextChoices):
        """Whether it waits for the employer or for AAMI, and how it ended."""

        DRAFT = "draft", _("being prepared")
        SIGNED = "signed", _("signed by the employer, with AAMI")
        IN_FORCE = "in_force", _("came into force")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DECLINED = "declined", _("declined by AAMI")

    OPEN = (Status.DRAFT, Status.SIGNED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="amendments")
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    state_since = models.DateTimeField(_("since"), default=timezone.now)
    proposal = models.JSONField(_("what it will print"), default=dict)
    wage_schedule: Any = models.OneToOneField(
        WageSchedule, models.PROTECT, null=True, blank=True, related_name="amends"
    )
    version = models.PositiveIntegerField(_("saves"), default=0)
    saved_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    reason = models.TextField(_("why it came back or ended"), blank=True)

    objects: ClassVar[Any] = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ("employer", "-number")
        constraints = [
            models.UniqueConstraint(fields=["employer", "number"], name="amendment_number_once"),
            models.UniqueConstraint(
                fields=["employer"], condition=Q(status__in=["draft", "signed"]), name="amendment_one_open"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Amendment %(number)s")) % {"number": self.number}

    @property
    def is_draft(self) -> bool:
        """Whether the employer may still change it."""
        return self.status == self.Status.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether it may still come into force."""
        return self.status in self.OPEN
