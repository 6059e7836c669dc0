"""Events, notifications and the queue they share with documents."""

from apprenticeship.records.models.append_only import AppendOnly, AppendOnlyError
from apprenticeship.records.models.change import Change
from apprenticeship.records.models.event import Event, EventChain
from apprenticeship.records.models.mail_text import MailText
from apprenticeship.records.models.notification import Notification
from apprenticeship.records.models.queue import QueuedRow, Status
from apprenticeship.records.models.reminder import Reminder

__all__ = [
    "AppendOnly",
    "AppendOnlyError",
    "Change",
    "Event",
    "EventChain",
    "MailText",
    "Notification",
    "QueuedRow",
    "Reminder",
    "Status",
]
