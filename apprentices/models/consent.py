"""The texts that candidates consent to."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.models.publishing import PublishedVersion, in_force


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    def current(self) -> "ConsentText | None":
        """Return the newest published version, or None while there is none."""
        return self.filter(in_force()).order_by("-version").first()


class ConsentText(PublishedVersion):
    """What somebody agrees to when they leave their interest. Published versions never change."""

    text = models.TextField(_("text"), max_length=10000, help_text=_("A blank line ends a paragraph."))

    objects: ClassVar[ConsentTextQuerySet] = ConsentTextQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["version"], name="consent_text_version")]

    def __str__(self) -> str:
        return str(_("Consent text, version %(version)s") % {"version": self.version})
