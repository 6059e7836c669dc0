"""Receipts of deletions that people asked AAMI for."""

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none is read as another


def new_reference() -> str:
    """Return a reference that people can read aloud, such as "DEL-7KQM-2XPA"."""
    first, second = ("".join(secrets.choice(LETTERS) for _letter in range(4)) for _part in range(2))
    return f"DEL-{first}-{second}"


class Deletion(models.Model):
    """What was deleted of somebody, when and by whom. Nothing here says of whom."""

    # What people call the rows of each model that goes with a candidate.
    KINDS: ClassVar[dict[str, Any]] = {
        "apprentices.Candidate": _("profile: every answer, and the agreement to the consent text"),
        "records.Notification": _("mails kept"),
        "apprentices.PageLink": _("links to the person’s page"),
        "apprentices.Disclosure": _("records of partners who opened the details"),
        "apprentices.Progress": _("marks and private notes of partners"),
    }

    reference = models.CharField(_("reference"), max_length=20, unique=True, default=new_reference)
    at = models.DateTimeField(_("deleted"), default=timezone.now)
    by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    counts = models.JSONField(_("rows"), default=dict)  # by label of the model
    is_told = models.BooleanField(_("person told by mail"), default=False)

    class Meta:
        verbose_name = _("deletion receipt")
        verbose_name_plural = _("deletion receipts")
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.reference

    @property
    def deleted(self) -> list[tuple[int, Any]]:
        """How many rows of each kind were deleted, with what people call them."""
        return [(self.counts.get(label, 0), words) for label, words in self.KINDS.items()]
