"""What AAMI decides on: submissions and change requests."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apprenticeship import days
from employers.models.onboarding import Onboarding
from employers.onboarding import Part


class Submission(models.Model):
    """All answers as they were handed in, numbered."""

    onboarding: Any = models.ForeignKey(Onboarding, models.CASCADE, related_name="submissions")
    number = models.PositiveSmallIntegerField(_("number"))
    answers = models.JSONField(_("answers"))
    # What the portal judged that day, as employers.judging gives it.
    checks = models.JSONField(_("checks"), default=list, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    submitted_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted"), default=timezone.now)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["onboarding", "number"], name="submission_number_once")
        ]

    def __str__(self) -> str:
        return str(_("Submission %(number)s") % {"number": self.number})


class FinePart(models.Model):
    """A part that a reviewer found fine in one submission, kept when the submission is decided."""

    submission: Any = models.ForeignKey(Submission, models.CASCADE, related_name="fine_parts")
    part = models.CharField(_("part"), max_length=12, choices=Part.choices)
    found_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    found_at = models.DateTimeField(_("found"), default=timezone.now)

    class Meta:
        verbose_name = _("part found fine")
        verbose_name_plural = _("parts found fine")
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["submission", "part"], name="fine_part_once")]

    def __str__(self) -> str:
        return self.get_part_display()


class ChangeRequest(models.Model):
    """What AAMI, or the agency, wants changed. Open until the application comes back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    onboarding: Any = models.ForeignKey(Onboarding, models.CASCADE, related_name="change_requests")
    requested_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # Whether the registration agency returned the papers; else a reviewer asks.
    is_agencys = models.BooleanField(_("from the registration agency"), default=False)
    message = models.TextField(_("message to the employer"), blank=True)
    created_at = models.DateTimeField(_("requested"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("change request")
        verbose_name_plural = _("change requests")
        ordering = ("created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["onboarding"], condition=Q(closed_at=None), name="change_request_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.onboarding} · {days.in_words(self.created_at)}"


class FlaggedPart(models.Model):
    """One part that needs a change: what is asked, and the employer's answer."""

    request: Any = models.ForeignKey(ChangeRequest, models.CASCADE, related_name="flagged_parts")
    part = models.CharField(_("part"), max_length=12, choices=Part.choices)
    # The words of the reason chosen from the list, as they were then.
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    note = models.TextField(_("what needs a change"), blank=True)
    answer = models.TextField(_("your answer"), blank=True)
    answered_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("flagged part")
        verbose_name_plural = _("flagged parts")
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["request", "part"], name="flagged_part_once")]

    def __str__(self) -> str:
        return self.get_part_display()

    @property
    def asked(self) -> str:
        """What AAMI asks, in the words of the reason and the note."""
        return "\n".join(part for part in (self.reason, self.note) if part)
