"""The event log: append-only, hash-chained per chain, free of personal data."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from apprenticeship.records import verbs
from apprenticeship.records.models.append_only import AppendOnly


class EventChain(models.Model):
    """The head of one chain, locked while an event is appended."""

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    length = models.PositiveIntegerField(_("length"), default=0)
    head = models.CharField(_("hash of the last event"), max_length=64, default="")

    def __str__(self) -> str:
        return self.name


class Event(AppendOnly):
    """One thing that happened: who, what, when, about what. Holds ids and codes only."""

    chain = models.ForeignKey(EventChain, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField(_("number"))
    verb = models.CharField(_("verb"), max_length=60)
    # A person's account may go; what they did stays, by number.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
    )
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    subject_id = models.CharField(max_length=40, blank=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    data = models.JSONField(_("data"), default=dict)
    at = models.DateTimeField(_("when"))
    previous = models.CharField(_("hash before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = [
            ("export_list", _("Can take a list away as CSV")),
            ("export_people", _("Can take a list with people's addresses away as CSV")),
        ]
        ordering = ("chain", "number")
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="event_once_per_chain")]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="event_subject"),
            models.Index(fields=["at", "number"], name="event_newest"),
        ]

    def __str__(self) -> str:
        return str(_("%(what)s, number %(number)s") % {"what": verbs.said(self), "number": self.number})
