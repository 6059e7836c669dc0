"""What the desk's front page counts over many moves, kept as of a moment."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apprenticeship.months import last_months


@dataclass(frozen=True, slots=True)
class Stay:
    """How long people took to finish a state: the median in days, of how many."""

    days: float
    count: int


class DeskFigures(models.Model):
    """One row, counted anew every few minutes: no page waits for it, and it says as of when it is."""

    at = models.DateTimeField(_("counted"))
    # Employers by the state they ever came to; median days and how many finished, by state.
    reached = models.JSONField(default=dict)
    medians = models.JSONField(default=dict)
    # One number a month, the oldest first.
    submissions = models.JSONField(default=list)
    approvals = models.JSONField(default=list)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("figures of the desk")
        verbose_name_plural = _("figures of the desk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    @property
    def stays(self) -> dict[str, Stay]:
        """The stays by state."""
        return {state: Stay(*median) for state, median in self.medians.items()}

    @property
    def months(self) -> tuple[dt.date, ...]:
        """The first days of the months counted."""
        return last_months(self.at.date())
