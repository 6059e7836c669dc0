"""What a partner opened, how far it came with somebody, and what it wants to hear of every week."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apprentices.choices import Mark, Purpose
from apprentices.models.candidate import Candidate
from employers.models import Employer, Position


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def open(self) -> Self:
        """Return those that still let the employer read the details."""
        return self.filter(ended_at=None)

    def untold(self) -> Self:
        """Return those of which no mail has told the candidate yet."""
        return self.filter(told_at=None)


class Disclosure(models.Model):
    """An employer opened somebody's details: who, when, why. The candidate reads all of it."""

    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="disclosures")
    candidate: Any = models.ForeignKey(Candidate, models.CASCADE, related_name="disclosures")
    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    at = models.DateTimeField(_("opened"), default=timezone.now)
    # When the candidate stopped sharing; afterwards the employer has to open anew.
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    told_at = models.DateTimeField(_("candidate told"), null=True, blank=True)

    objects: ClassVar[DisclosureQuerySet] = DisclosureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("opening of details")
        verbose_name_plural = _("openings of details")
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["employer", "-at"], name="disclosure_by_employer"),
            models.Index(fields=["candidate"], condition=Q(told_at=None), name="disclosure_to_tell"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "candidate"], condition=Q(ended_at=None), name="disclosure_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Progress(models.Model):
    """How far an employer has come with somebody, and its private note."""

    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="candidate_progress")
    candidate: Any = models.ForeignKey(Candidate, models.CASCADE, related_name="progress")
    mark = models.CharField(_("mark"), max_length=12, choices=Mark.choices, default=Mark.NEW)
    note = models.TextField(_("private note"), max_length=2000, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    updated_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("progress with a candidate")
        verbose_name_plural = _("progress with candidates")
        constraints = [models.UniqueConstraint(fields=["employer", "candidate"], name="progress_once")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class PositionNews(models.Model):
    """A position that a partner opened, while candidates are told of it."""

    position: Any = models.OneToOneField(Position, models.CASCADE, related_name="candidate_news")
    started_at = models.DateTimeField(_("opened"), default=timezone.now)
    done_at = models.DateTimeField(_("everybody told"), null=True, blank=True)

    class Meta:
        verbose_name = _("news of a position")
        verbose_name_plural = _("news of positions")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class WeeklySearch(models.Model):
    """A search of which somebody at a partner wants to hear every week how many are new."""

    user: Any = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="weekly_search")
    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="weekly_searches")
    query = models.CharField(_("search"), max_length=500, blank=True, help_text=_("As in the address."))
    counted_at = models.DateTimeField(_("counted up to"), default=timezone.now)

    class Meta:
        verbose_name = _("weekly search")
        verbose_name_plural = _("weekly searches")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class WeeklyLink(models.Model):
    """A link that one weekly mail carries, to end them all. Stored hashed; it works as long as the reader's account.

    It belongs to the reader, not to the search: after the weekly mail has ended it is still known, and says so.
    """

    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="weekly_links")
    # SHA-256 in hexadecimal; empty until the mail leaves.
    token_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("link of a weekly mail")
        verbose_name_plural = _("links of weekly mails")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
