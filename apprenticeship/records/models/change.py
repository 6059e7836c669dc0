"""What an act changed, field by field."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apprenticeship.records.models.append_only import AppendOnly
from apprenticeship.records.models.event import Event


class Change(AppendOnly):
    """One field before and after. Its event holds the field's name alone: words may have to be erased one day.

    Of what concerns a person, such as a mentor's name, only the fact is kept.
    """

    event: Any = models.ForeignKey(Event, models.PROTECT, related_name="changes")
    position = models.PositiveSmallIntegerField(_("position"))
    field = models.CharField(_("field"), max_length=120)
    label = models.CharField(_("called"), max_length=200)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    is_personal = models.BooleanField(_("about a person"), default=False)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("event", "position")
        constraints = [models.UniqueConstraint(fields=["event", "position"], name="change_once_per_place")]

    def __str__(self) -> str:
        return self.label
