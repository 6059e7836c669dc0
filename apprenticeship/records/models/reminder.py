"""Which reminders went out, so that none goes out twice."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReminderManager(models.Manager["Reminder"]):
    """Claim a reminder before it is mailed."""

    def newest(self, series: Iterable[str]) -> dict[str, int]:
        """Return the highest mark of each series that has one."""
        rows = self.filter(series__in=list(series)).order_by().values("series")
        return dict(rows.annotate(top=models.Max("mark")).values_list("series", "top"))

    def claim(self, series: str, mark: int) -> bool:
        """Take a reminder for this transaction. Returns False if somebody has it."""
        try:
            with transaction.atomic():
                self.create(series=series, mark=mark)
        except IntegrityError:
            return False
        return True


class Reminder(models.Model):
    """One reminder: the series names what it is about and since when, the mark its day in that series."""

    series = models.CharField(_("series"), max_length=120)
    mark = models.SmallIntegerField(_("day"))
    at = models.DateTimeField(_("sent"), default=timezone.now)

    objects: ClassVar[ReminderManager] = ReminderManager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("-at",)
        constraints = [models.UniqueConstraint(fields=["series", "mark"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.mark:+d}"
