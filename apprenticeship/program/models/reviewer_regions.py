"""Which reviewer serves which regions of the DOL Office of Apprenticeship."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.regions import REGIONS

_NAMES = {region.slug: region.name for region in REGIONS}


def validate_regions(value: Any) -> None:
    """Raise ValidationError unless this is a list of known regions."""
    if not isinstance(value, list) or not value or not set(value) <= _NAMES.keys():
        raise ValidationError(_("Choose at least one region."))


class ReviewerRegions(models.Model):
    user: Any = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="reviewer_regions",
        limit_choices_to={"is_staff": True, "is_active": True},
        verbose_name=_("reviewer"),
    )
    regions = models.JSONField(_("regions"), default=list, validators=[validate_regions])

    class Meta:
        verbose_name = _("reviewer with regions")
        verbose_name_plural = _("reviewers with regions")
        ordering = ("user__name", "pk")

    def __str__(self) -> str:
        return f"{self.user}: {self.names}"

    @property
    def names(self) -> str:
        """The regions in the order of the DOL, by name."""
        return ", ".join(name for slug, name in _NAMES.items() if slug in self.regions)
