"""When the portal reminds people: one row of intervals that managers set."""

from typing import Any
from zoneinfo import ZoneInfo

import us
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

DAYS_MAX = 730
REMINDERS_MAX = 10
ZONES = [
    (zone, zone)
    for zone in sorted({zone for state in us.STATES_AND_TERRITORIES for zone in state.time_zones})
]


def validate_days(text: str) -> None:
    """Raise ValidationError unless the text is a list of different days, such as "7, 21, 60", or empty."""
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    if not all(part.isascii() and part.isdecimal() and int(part) <= DAYS_MAX for part in parts):
        raise ValidationError(_("Write whole days with commas between them, such as 7, 21, 60."))
    if len(set(map(int, parts))) < len(parts):
        raise ValidationError(_("A day stands there twice."))
    if len(parts) > REMINDERS_MAX:
        raise ValidationError(_("At most 10 reminders."))


def days_field(label: Any, default: str, help_text: Any) -> Any:
    """Return a field that holds a list of days as managers type it."""
    return models.CharField(
        label, max_length=60, blank=True, default=default, validators=[validate_days], help_text=help_text
    )


class ReminderPlanManager(models.Manager["ReminderPlan"]):
    def current(self) -> "ReminderPlan":
        """Return the one row, or one with the defaults if it is missing."""
        return self.first() or ReminderPlan()


class ReminderPlan(models.Model):
    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    idle_days = days_field(
        _("application not touched"),
        "7, 21, 60",
        _("Days since anybody at the employer last moved or saved it."),
    )
    signatory_days = days_field(
        _("agreement not signed"),
        "3, 7",
        _("Days since the signatory was sent the link, which works for 14."),
    )
    changes_days = days_field(
        _("change request not answered"), "7, 14, 28", _("Days since AAMI asked for changes.")
    )
    acknowledgment_days = days_field(
        _("new document not acknowledged"), "7, 21, 45", _("Days since the new version was published.")
    )
    wage_rise_days = days_field(
        _("minimum wage will overtake a schedule"),
        "60, 14, 0",
        _("Days before the minimum wage rises; 0 is the day itself. Goes to the employer and to managers."),
    )
    unassigned_days = days_field(
        _("case without a reviewer"), "1, 3, 7", _("Days since the application came in.")
    )
    review_days = days_field(
        _("review past its target"), "1, 4, 9", _("Days after the target for a review has passed.")
    )
    registration_days = days_field(
        _("registration due"), "14, 5, 1", _("Days before the registration deadline.")
    )
    hour = models.PositiveSmallIntegerField(
        _("hour of the day"),
        default=9,
        validators=[MaxValueValidator(23)],
        help_text=_("Reminders leave from this hour on, in the time zone of the employer’s first site."),
    )
    desk_zone = models.CharField(
        _("time zone of the desk"), max_length=40, choices=ZONES, default="America/New_York"
    )

    objects = ReminderPlanManager()

    class Meta:
        verbose_name = _("reminders")
        verbose_name_plural = _("reminders")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="reminder_plan_one_row")]

    def __str__(self) -> str:
        return str(_("When the portal reminds people"))

    def after(self, name: str) -> tuple[int, ...]:
        """Return the days of a field, ascending, as days after the start."""
        return tuple(sorted(int(part) for part in getattr(self, name).split(",") if part.strip()))

    def before(self, name: str) -> tuple[int, ...]:
        """Return the days of a field as negative days, to be counted from the day that is approaching."""
        return tuple(sorted(-day for day in self.after(name)))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the desk."""
        return ZoneInfo(self.desk_zone)
