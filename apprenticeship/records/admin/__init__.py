"""What happened, which mail is owed, and the words of each mail."""

from . import mail_texts
from .evidence import MAIL_STATUS, DeliveryFilter, ReadOnlyAdmin, StuckFilter, in_words, tag

__all__ = ["MAIL_STATUS", "DeliveryFilter", "ReadOnlyAdmin", "StuckFilter", "in_words", "mail_texts", "tag"]
