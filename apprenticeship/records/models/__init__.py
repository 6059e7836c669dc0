"""Events, notifications and the queue they share with documents."""

from apprenticeship.records.models.append_only import AppendOnly, AppendOnlyError
from apprenticeship.records.models.change import Change
from apprenticeship.records.models.event import Event, EventChain
from apprenticeship.records.models.notification import Notification
from apprenticeship.records.models.queue import QueuedRow, Status

__all__ = [
    "AppendOnly",
    "AppendOnlyError",
    "Change",
    "Event",
    "EventChain",
    "Notification",
    "QueuedRow",
    "Status",
]
