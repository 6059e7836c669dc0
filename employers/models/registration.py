"""The registration with the Department of Labor: one record a case, with every attempt to get it."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apprenticeship import days
from employers.models.onboarding import Onboarding


class Registration(models.Model):
    """What the registration agency has recorded, or will: empty until then."""

    onboarding: Any = models.OneToOneField(Onboarding, models.CASCADE, related_name="registration")
    program_number = models.CharField(_("program number"), max_length=20, blank=True)
    registered_on = models.DateField(_("registration date"), null=True, blank=True)
    recorded_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.CheckConstraint(
                condition=Q(program_number="", registered_on=None)
                | Q(program_number__gt="", registered_on__isnull=False),
                name="registration_number_with_its_date",
            )
        ]

    def __str__(self) -> str:
        return self.program_number or str(_("Not registered yet"))


class AttemptQuerySet(models.QuerySet["RegistrationAttempt"]):
    """Find attempts by where they stand."""

    def open(self) -> Self:
        """Return those that the agency has not answered; a case has one at most."""
        return self.filter(ended_at=None)

    def open_for(self, onboarding: Onboarding) -> "RegistrationAttempt | None":
        """Return the open attempt of a case, or None."""
        return self.open().filter(registration__onboarding=onboarding.pk).first()


class RegistrationAttempt(models.Model):
    """One attempt: begun by the approval, sent to the agency, ended by its answer. Kept for good.

    `agency` and the checklist say what was configured when it began.
    """

    class Status(models.TextChoices):
        """Where an attempt stands."""

        PREPARING = "preparing", _("Being prepared")
        SENT = "sent", _("Sent to the agency")
        RETURNED = "returned", _("Returned by the agency")
        REGISTERED = "registered", _("Registered")
        STOPPED = "stopped", _("Canceled")

    OPEN = (Status.PREPARING, Status.SENT)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration: Any = models.ForeignKey(Registration, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("number"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PREPARING)
    state = models.CharField(_("state"), max_length=2, blank=True)
    agency_kind = models.CharField(_("kind of agency"), max_length=4, blank=True)
    agency = models.CharField(_("agency"), max_length=200, blank=True)
    begun_at = models.DateTimeField(_("begun"), default=timezone.now)
    begun_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # From when the clock counts: the approval, and once it is sent the start of the day of sending, in UTC.
    since = models.DateTimeField(_("its clock counts from"), default=timezone.now)
    # The day of sending as somebody typed it, and when and by whom it was recorded.
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_how = models.CharField(_("how it was sent"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("recorded as sent"), null=True, blank=True)
    sent_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)

    objects: ClassVar[Any] = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration attempt")
        verbose_name_plural = _("registration attempts")
        ordering = ("registration", "-number")
        constraints = [
            models.UniqueConstraint(fields=["registration", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["registration"], condition=Q(ended_at=None), name="attempt_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["preparing", "sent"], ended_at=None)
                | Q(status__in=["returned", "registered", "stopped"], ended_at__isnull=False),
                name="attempt_ended_or_open",
            ),
            models.CheckConstraint(
                condition=~Q(status="preparing", sent_on__isnull=False) & ~Q(status="sent", sent_on=None),
                name="attempt_sent_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["status", "since"], name="attempt_age")]

    def __str__(self) -> str:
        return str(_("Attempt %(number)s")) % {"number": self.number}

    @property
    def is_open(self) -> bool:
        """Whether the agency has not answered yet."""
        return self.ended_at is None

    @property
    def is_sent(self) -> bool:
        """Whether it is the agency's turn."""
        return self.status == self.Status.SENT


class SendingCorrection(models.Model):
    """What an attempt's record of its sending said before somebody corrected it, and what was wrong."""

    attempt: Any = models.ForeignKey(RegistrationAttempt, models.CASCADE, related_name="corrections")
    sent_on = models.DateField(_("sent on"))
    sent_how = models.CharField(_("how it was sent"), max_length=200, blank=True)
    sent_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(_("what was wrong"))
    at = models.DateTimeField(_("corrected"), default=timezone.now)
    by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("correction of a sending")
        verbose_name_plural = _("corrections of sendings")
        ordering = ("at",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.attempt} · {days.in_words(self.at)}"


class AttemptCheck(models.Model):
    """One item of an attempt's checklist, in the words it had when the attempt began; who ticked it and when."""

    attempt: Any = models.ForeignKey(RegistrationAttempt, models.CASCADE, related_name="checks")
    position = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("what to check"), max_length=200)
    source_name = models.CharField(_("source"), max_length=200, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)
    checked_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    class Meta:
        verbose_name = _("checked item")
        verbose_name_plural = _("checked items")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="attempt_check_once_per_place")
        ]

    def __str__(self) -> str:
        return self.text
