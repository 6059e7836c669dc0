"""What happened, which mail is owed, and the words of each mail."""

from . import event_log, mail_texts
from .evidence import MAIL_STATUS, DeliveryFilter, ReadOnlyAdmin, StuckFilter, in_words, page_link, tag

__all__ = [
    "MAIL_STATUS",
    "DeliveryFilter",
    "ReadOnlyAdmin",
    "StuckFilter",
    "event_log",
    "in_words",
    "mail_texts",
    "page_link",
    "tag",
]
