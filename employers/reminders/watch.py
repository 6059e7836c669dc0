"""One thing to remind people of: which days it is due, and whether it still holds."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from apprenticeship.records.models import Reminder
from employers.models import Onboarding


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A series of reminders. `marks` are days counted from `day`; negative ones come before it.

    `holds` locks what the reminder is about and tells whether it is still so; `mail` queues the mail of one mark.
    """

    series: str
    day: dt.date
    marks: tuple[int, ...]
    zone: dt.tzinfo
    holds: Callable[[], bool]
    mail: Callable[[int], Any]


def send_due(watches: Iterable[Watch], *, hour: int) -> int:
    """Queue the latest due reminder of each series, unless it or a later one went out. Returns how many.

    After days without beat only the latest is sent; those before it never are.
    """
    now, due = timezone.now(), []
    for watch in watches:
        mark = latest_due(watch, now, hour)
        if mark is not None:
            due.append((watch, mark))
    newest = Reminder.objects.newest(watch.series for watch, _mark in due)
    sent = 0
    for watch, mark in due:
        if newest.get(watch.series, mark - 1) < mark:
            sent += _send(watch, mark)
    return sent


def latest_due(watch: Watch, now: dt.datetime, hour: int) -> int | None:
    """Return the last mark whose day has come to its hour, in the watch's own zone, or None."""
    passed = [mark for mark in watch.marks if _moment(watch, mark, hour) <= now]
    return max(passed, default=None)


def holds_in(onboarding: Onboarding) -> bool:
    """Lock a case and tell whether it is where it was when it was read."""
    here = Onboarding.objects.select_for_update().filter(pk=onboarding.pk)
    return bool(here.filter(state=onboarding.state, state_since=onboarding.state_since).exists())


def _moment(watch: Watch, mark: int, hour: int) -> dt.datetime:
    day = watch.day + dt.timedelta(days=mark)
    return dt.datetime.combine(day, dt.time(hour), tzinfo=watch.zone)


@transaction.atomic
def _send(watch: Watch, mark: int) -> bool:
    if not watch.holds() or not Reminder.objects.claim(watch.series, mark):
        return False
    watch.mail(mark)
    return True
