"""A mail that somebody is owed."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apprenticeship.records.models.queue import QueuedRow, Status


class Notification(QueuedRow):
    """One mail to one address: its words' names and facts, never a link that grants something."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("mail"), max_length=60)
    recipient = models.EmailField(_("to"), max_length=254, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    context = models.JSONField(_("facts"), default=dict)
    grant = models.CharField(_("grants"), max_length=40, blank=True)
    grant_id = models.CharField(max_length=60, blank=True)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    subject_id = models.CharField(max_length=40, blank=True)
    about = GenericForeignKey("subject_type", "subject_id")
    attachments: Any = models.ManyToManyField("documents.Document", blank=True, related_name="notifications")
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text as sent"), blank=True)
    is_kept = models.BooleanField(
        _("kept"), default=True, help_text=_("Otherwise address and words go once it is sent or given up.")
    )

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        ordering = ("-created_at",)
        permissions = [("retry_notification", _("Can send a failed mail again"))]
        indexes = [
            models.Index(fields=["status", "not_before"], name="notification_due"),
            models.Index(fields=["subject_id", "subject_type"], name="notification_subject"),
        ]

    def __str__(self) -> str:
        return f"{capfirst(self.name.replace('_', ' '))} → {self.recipient or _('address not kept')}"

    @property
    def message_id(self) -> str:
        """The stable Message-ID, the same at every attempt, so that a repeated mail is recognized."""
        return f"<{self.pk}@{settings.MESSAGE_ID_DOMAIN}>"

    def _release(self, **fields: Any) -> bool:
        """Let go; whom a mail that is not kept went to is forgotten with it."""
        if not self.is_kept and fields.get("status") in (Status.DONE, Status.FAILED):
            # A mail server's answer may name the address.
            error = fields.get("error", "").partition(":")[0]
            fields |= {"recipient": "", "context": {}, "subject": "", "body": "", "error": error}
        return super()._release(**fields)
