"""What happened, which mail is owed, and the words of each mail."""

from . import mail_texts
from .evidence import MAIL_STATUS, DeliveryFilter, ReadOnlyAdmin, StuckFilter, tag

__all__ = ["MAIL_STATUS", "DeliveryFilter", "ReadOnlyAdmin", "StuckFilter", "mail_texts", "tag"]
