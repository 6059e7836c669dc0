"""The wage schedule and its versions."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from employers.models.employer import Employer
from employers.wages.schedule import Period, Schedule

RATE = [MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("999.99"))]


class WageScheduleQuerySet(models.QuerySet["WageSchedule"]):
    """Find versions."""

    def open_for(self, employer: Employer) -> "WageSchedule | None":
        """Return the version being edited, if there is one."""
        return self.filter(employer=employer, locked_at=None).first()

    def newest(self, employer: Employer) -> Self:
        """Return the newest version alone, edited or locked; an amendment's only once it is in force."""
        counts = Q(amendment=None) | Q(amends__status="in_force")
        return self.filter(counts, employer=employer).order_by("-version")[:1]

    def newest_for(self, employer: Employer) -> "WageSchedule | None":
        """Return the newest version with its periods, if there is one."""
        return self.newest(employer).prefetch_related("periods").first()

    def next_version(self, employer: Employer) -> int:
        """Return the number of the next version, those of drafts that came to nothing counted too."""
        newest = self.filter(employer=employer).aggregate(models.Max("version"))["version__max"]
        return (newest or 0) + 1


class WageSchedule(models.Model):
    """One version of what an apprentice is paid. Locked once an agreement prints it."""

    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="wage_schedules")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    term_hours = models.PositiveIntegerField(_("term, hours"))
    journeyworker_rate = models.DecimalField(
        _("journeyworker rate"), max_digits=5, decimal_places=2, null=True, blank=True, validators=RATE
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    locked_at = models.DateTimeField(_("printed since"), null=True, blank=True)
    # The amendment it was made for; which version an amendment prints, the amendment says.
    amendment: Any = models.ForeignKey(
        "employers.Amendment", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[Any] = WageScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("wage schedule")
        verbose_name_plural = _("wage schedules")
        ordering = ("employer", "-version")
        constraints = [
            models.UniqueConstraint(fields=["employer", "version"], name="wage_schedule_version_once"),
            models.UniqueConstraint(
                fields=["employer"], condition=Q(locked_at=None), name="wage_schedule_one_open"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Wage schedule v%(version)s")) % {"version": self.version}

    def as_schedule(self) -> Schedule:
        """Return the plain values that the wage rules judge."""
        return Schedule(
            term_hours=self.term_hours,
            journeyworker_rate=self.journeyworker_rate,
            periods=tuple(
                Period(number=row.number, hours_from=row.hours_from, hours_to=row.hours_to, rate=row.rate)
                for row in self.periods.all()
            ),
        )


class WagePeriod(models.Model):
    """One period of a schedule: from and to in hours on the job, the rate in dollars per hour."""

    schedule: Any = models.ForeignKey(WageSchedule, models.CASCADE, related_name="periods")
    number = models.PositiveSmallIntegerField(_("period"))
    hours_from = models.PositiveIntegerField(_("from hour"))
    hours_to = models.PositiveIntegerField(_("to hour"))
    rate = models.DecimalField(
        _("rate"), max_digits=5, decimal_places=2, null=True, blank=True, validators=RATE
    )

    class Meta:
        verbose_name = _("wage period")
        verbose_name_plural = _("wage periods")
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["schedule", "number"], name="wage_period_number_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.rate}"
