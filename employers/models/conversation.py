"""What people write about a case: notes inside AAMI, messages with the employer, and reviews not yet decided."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apprenticeship import days
from employers.models.onboarding import Onboarding


class Written(models.Model):
    """A text that its author has sent. The page that shows the form makes the id, so that no text is stored twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    author: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.author} · {days.in_words(self.at, 'DATETIME_FORMAT')}"


class InternalNote(Written):
    """A note that only AAMI reads. Nothing leads to it from an onboarding, so that no employer's page can show it."""

    onboarding: Any = models.ForeignKey(Onboarding, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ("at",)
        indexes = [models.Index(fields=["onboarding", "at"], name="internal_note_case")]


class Message(Written):
    """One message between AAMI and the employer, read by both."""

    onboarding: Any = models.ForeignKey(Onboarding, models.CASCADE, related_name="messages")
    is_from_staff = models.BooleanField(_("from AAMI"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("at",)
        indexes = [models.Index(fields=["onboarding", "at"], name="message_case")]


class ReviewDraft(models.Model):
    """What a reviewer has marked and typed so far. Theirs alone until they decide; read by AAMI only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    onboarding: Any = models.ForeignKey(Onboarding, models.CASCADE, related_name="+")
    reviewer: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    typed = models.JSONField(_("typed"), default=dict)
    seen = models.DateTimeField(_("state it is about, since"), default=timezone.now)
    version = models.PositiveIntegerField(_("version"), default=0)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)

    class Meta:
        verbose_name = _("draft of a review")
        verbose_name_plural = _("drafts of reviews")
        constraints = [
            models.UniqueConstraint(fields=["onboarding", "reviewer"], name="review_draft_one_a_reviewer")
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} v{self.version}"
