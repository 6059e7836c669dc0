"""Mail as whole files in a folder, one a message: for a machine without a mail server."""

import uuid
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class EmailBackend(BaseEmailBackend):
    """Write each message to EMAIL_FILE_PATH as an .eml file that mail programs open."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write every message under a hidden name, then show it whole."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{uuid.uuid4().hex[:6]}.eml"
            hidden = folder / f".{name}"
            hidden.write_bytes(message.message().as_bytes())
            hidden.rename(folder / name)
        return len(email_messages)
