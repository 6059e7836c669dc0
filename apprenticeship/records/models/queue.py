"""Rows that a worker works off. The rows are the queue; the broker only nudges.

A worker claims a row with a lease, works outside any transaction and stores the result only while it still holds
the claim, so a worker that dies delays its row and nobody does the same row twice.
"""

import datetime as dt
import uuid
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEASE = dt.timedelta(seconds=100)
MAX_ATTEMPTS = 9
FIRST_DELAY = dt.timedelta(seconds=15)
LONGEST_DELAY = dt.timedelta(hours=1)
# A row that is not done after so long needs somebody to look at it.
STUCK_AFTER = dt.timedelta(minutes=5)


class Status(models.TextChoices):
    """Where a row of work stands."""

    PENDING = "pending", _("being prepared")
    DONE = "done", _("ready")
    FAILED = "failed", _("failed")


RowT = TypeVar("RowT", bound="QueuedRow", covariant=True)


class QueueQuerySet(models.QuerySet[RowT]):
    """Find and claim rows that are due."""

    def due(self) -> Self:
        """Return pending rows whose time has come and that no living worker holds."""
        now = timezone.now()
        return self.filter(status=Status.PENDING, not_before__lte=now).filter(
            Q(claimed_until=None) | Q(claimed_until__lt=now)
        )

    def late(self) -> Self:
        """Return rows that are not done although they wait for some minutes."""
        return self.filter(status=Status.PENDING, created_at__lt=timezone.now() - STUCK_AFTER)

    def stuck(self) -> Self:
        """Return rows that failed or are late."""
        return self.late() | self.filter(status=Status.FAILED)

    def claim(self, pk: Any) -> Any:
        """Return the row, held for the length of a lease, or None if it is not due.

        One conditional UPDATE decides, so that two workers never hold the same row on any database.
        """
        claim, now = uuid.uuid4(), timezone.now()
        taken = (
            self.due()
            .filter(pk=pk)
            .update(claim=claim, claimed_until=now + LEASE, attempts=F("attempts") + 1)
        )
        return self.get(pk=pk) if taken else None


class QueuedRow(models.Model):
    """A row with work to do: fields of the queue, shared by documents and notifications."""

    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects: ClassVar[Any] = QueueQuerySet.as_manager()

    class Meta:
        abstract = True

    def _release(self, **fields: Any) -> bool:
        """Store fields and let go, if the claim is still ours."""
        held = type(self)._default_manager.filter(pk=self.pk, claim=self.claim, status=Status.PENDING)
        stored = held.update(claim=None, claimed_until=None, **fields)
        if stored:
            self.refresh_from_db()
        return bool(stored)

    def finish(self, **fields: Any) -> bool:
        """Mark the row done and store its result. Returns False if another worker took it over."""
        return self._release(status=Status.DONE, done_at=timezone.now(), error="", **fields)

    def postpone(self, delay: dt.timedelta, reason: str = "") -> bool:
        """Try again after `delay`; waiting for something else is not an attempt."""
        return self._release(
            not_before=timezone.now() + delay, attempts=max(self.attempts - 1, 0), error=reason[:300]
        )

    def fail(self, reason: str) -> bool:
        """Try again later, each time after twice the delay, and give up after MAX_ATTEMPTS."""
        if self.attempts >= MAX_ATTEMPTS:
            return self.give_up(reason)
        delay = min(FIRST_DELAY * 2 ** (self.attempts - 1), LONGEST_DELAY)
        return self._release(not_before=timezone.now() + delay, error=reason[:300])

    def give_up(self, reason: str) -> bool:
        """Mark the row failed: no other attempt can help, only a person."""
        return self._release(status=Status.FAILED, error=reason[:300])

    @property
    def is_stuck(self) -> bool:
        """Whether it failed, or is not done although it waits for some minutes."""
        return bool(type(self)._default_manager.stuck().filter(pk=self.pk).exists())

    def retry(self) -> None:
        """Put a stuck row back into the queue, from the first attempt; one that a worker holds stays with it."""
        now = timezone.now()
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        type(self)._default_manager.stuck().filter(free, pk=self.pk).update(
            status=Status.PENDING, attempts=0, not_before=now, claim=None, claimed_until=None
        )
        self.refresh_from_db()
