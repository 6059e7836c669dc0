"""Minimum wages as effective-dated rows, each with its source and the day it was verified."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apprenticeship import days
from apprenticeship.program.regions import STATE_NAMES, state_name
from apprenticeship.program.sectors import SECTORS

FEDERAL = "US"


class MinimumWageQuerySet(models.QuerySet["MinimumWage"]):
    def for_states(self, states: Iterable[str]) -> Self:
        """Return the federal rows and those of the given postal codes, sectors included."""
        return self.filter(jurisdiction__in={FEDERAL, *states})


class MinimumWage(models.Model):
    jurisdiction = models.CharField(
        _("jurisdiction"), max_length=2, choices=[(FEDERAL, _("Federal")), *STATE_NAMES.items()]
    )
    sector = models.CharField(
        _("sector"),
        max_length=30,
        blank=True,
        choices=[(sector.slug, sector.name) for sector in SECTORS],
        help_text=_("Empty for the general rate."),
    )
    rate = models.DecimalField(
        _("rate"),
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("999.99"))],
        help_text=_("Dollars per hour."),
    )
    effective_from = models.DateField(_("effective from"))
    known_through = models.DateField(
        _("known through"),
        null=True,
        blank=True,
        help_text=_("Last day for which this rate is known to hold. Empty means until further notice."),
    )
    is_confirmed = models.BooleanField(
        _("confirmed"),
        default=True,
        help_text=_("An unconfirmed rate is shown but never proves a wage schedule right or wrong."),
    )
    source_name = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("source link"), max_length=300, blank=True)
    verified_on = models.DateField(_("verified on"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects: ClassVar[MinimumWageQuerySet] = MinimumWageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("minimum wage")
        verbose_name_plural = _("minimum wages")
        ordering = ["jurisdiction", "sector", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "sector", "effective_from"], name="minimum_wage_one_a_day"
            ),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="minimum_wage_positive"),
            models.CheckConstraint(
                condition=models.Q(known_through__isnull=True)
                | models.Q(known_through__gte=models.F("effective_from")),
                name="minimum_wage_known_after_start",
                violation_error_message=_("Known through cannot be before effective from."),
            ),
        ]

    def __str__(self) -> str:
        name = "Federal" if self.jurisdiction == FEDERAL else state_name(self.jurisdiction)
        sector = f" {self.sector}" if self.sector else ""
        return f"{name}{sector} ${self.rate} from {days.in_words(self.effective_from)}"

    @property
    def key(self) -> tuple[str, str, date]:
        """What tells rows apart: place, sector and first day."""
        return self.jurisdiction, self.sector, self.effective_from

    def clean(self) -> None:
        super().clean()
        if self.sector and self.sector not in {s.slug for s in SECTORS if s.state == self.jurisdiction}:
            raise ValidationError({"sector": _("This sector belongs to another state.")})
        if self.known_through is None and self.jurisdiction != FEDERAL:
            raise ValidationError({"known_through": _("Say through which day this rate is known to hold.")})
