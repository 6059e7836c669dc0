"""Sample employers that began some time ago, so that ages, medians and months in the demo have something to tell.

Each move happens at its moment: the clock of the process stands there while it is made. What the worker does next
(papers, mail) happens now, as it really does.
"""

import datetime as dt
import random

import time_machine
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.records.models import Notification, Status
from employers.samples.hospitals import Hospital
from employers.samples.journey import Journey

WORKING_HOURS = (14, 21)  # UTC: a working day everywhere in the country


class PastJourney(Journey):
    """One sample employer that began `began` days ago and made its last move `rested` days ago."""

    def __init__(
        self, hospital: Hospital, owner: User, reviewer: User, manager: User, *, began: int, rested: int
    ) -> None:
        self.dice = random.Random(hospital.name)  # noqa: S311 - sample dates
        self.began, self.rested = began, rested
        with time_machine.travel(self._moment(began)):
            super().__init__(hospital, owner, reviewer, manager)

    def make(self, moves: tuple[str, ...]) -> None:
        """Make the moves one after the other, spread over the days."""
        pace = (self.began - self.rested) / max(len(moves), 1)
        for number, move in enumerate(moves, 1):
            haste = self.dice.uniform(0, 0.6) if number < len(moves) else 0
            days = self.began - pace * (number - haste)
            with time_machine.travel(self._moment(days)):
                super().make((move,))

    def _moment(self, days_ago: float) -> dt.datetime:
        day = timezone.now() - dt.timedelta(days=days_ago)
        hour, minute = self.dice.randrange(*WORKING_HOURS), self.dice.randrange(60)
        return min(day, day.replace(hour=hour, minute=minute))


def hand_to_worker_now() -> None:
    """Let everything that waits for the worker have been asked for now."""
    now = timezone.now()
    for queue in (Document, Notification):
        queue.objects.filter(status=Status.PENDING).update(created_at=now, not_before=now)
