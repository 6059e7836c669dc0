"""AAMI's own words for a mail, by version; without them the mail says what its template says."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apprenticeship.records.models.append_only import AppendOnly, AppendOnlyQuerySet

SUBJECT_MAX = 120
BODY_MAX = 4000


class MailTextQuerySet(AppendOnlyQuerySet):
    """Find the version that counts."""

    def newest(self, name: str) -> "MailText | None":
        """Return the newest version of a mail's words, or None if they were never changed."""
        found: MailText | None = self.filter(name=name).order_by("-version").first()
        return found

    def own(self, name: str) -> "MailText | None":
        """Return AAMI's own words for a mail, or None where the template's count."""
        row = self.newest(name)
        return row if row and not row.is_default else None


class MailText(AppendOnly):
    """One version of a mail's words. Restoring the default is a version too."""

    name = models.CharField(_("mail"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    subject = models.CharField(_("subject"), max_length=SUBJECT_MAX, blank=True)
    body = models.TextField(_("text"), max_length=BODY_MAX, blank=True)
    is_default = models.BooleanField(_("default restored"), default=False)
    by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField(_("saved"), default=timezone.now)

    objects: ClassVar[Any] = MailTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail text")
        verbose_name_plural = _("mail texts")
        ordering = ("name", "-version")
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="mail_text_version_once")]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"
