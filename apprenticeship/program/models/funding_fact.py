"""Help with the cost of training: facts to show beside the funding step."""

from collections.abc import Iterable
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.regions import STATE_NAMES


class FundingFactQuerySet(models.QuerySet["FundingFact"]):
    def for_states(self, states: Iterable[str]) -> Self:
        """Return what applies everywhere and what applies in the given postal codes, in order."""
        here = models.Q(states="")
        for state in states:
            here |= models.Q(states__contains=state)
        return self.filter(here)


class FundingFact(models.Model):
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), max_length=2000)
    states = models.CharField(
        _("states"),
        max_length=250,
        blank=True,
        help_text=_("Postal codes with commas; empty means everywhere."),
    )
    source_name = models.CharField(_("source"), max_length=200)
    url = models.URLField(_("source link"), max_length=300, blank=True)
    verified_on = models.DateField(_("verified on"))
    order = models.PositiveSmallIntegerField(_("order"), default=10)

    objects: ClassVar[FundingFactQuerySet] = FundingFactQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("funding fact")
        verbose_name_plural = _("funding facts")
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    @property
    def state_codes(self) -> tuple[str, ...]:
        return tuple(code for code in self.states.split(",") if code)

    def clean(self) -> None:
        super().clean()
        codes = [code.strip().upper() for code in self.states.split(",") if code.strip()]
        unknown = [code for code in codes if code not in STATE_NAMES]
        if unknown:
            message = _("Unknown postal code: %(codes)s")
            raise ValidationError({"states": ValidationError(message, params={"codes": ", ".join(unknown)})})
        self.states = ",".join(codes)
