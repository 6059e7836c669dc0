"""Events, notifications and the queue they share with documents."""

from apprenticeship.records.models.event import Event, EventChain
from apprenticeship.records.models.notification import Notification
from apprenticeship.records.models.queue import QueuedRow, Status

__all__ = ["Event", "EventChain", "Notification", "QueuedRow", "Status"]
