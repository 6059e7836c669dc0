"""The mail of a machine without a mail server, to read in the browser. Exists with DEBUG only."""

import datetime as dt
import email
import re
from email.message import EmailMessage
from email.policy import default
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

SHOWN = 40
LINK = re.compile(r"https?://[^\s&<>]+")


def mailbox(request: HttpRequest) -> HttpResponse:
    """List the newest mails with their text, links included; `?to=` keeps those to one address."""
    folder, address = Path(settings.EMAIL_FILE_PATH), request.GET.get("to", "").strip().casefold()
    files = sorted(folder.glob("[!.]*.eml"), reverse=True) if folder.is_dir() else []
    found = (mail for mail in map(_read, files) if address in str(mail["to"]).casefold())
    return render(request, "pages/mailbox.html", {"mails": list(islice(found, SHOWN)), "address": address})


def _read(file: Path) -> dict[str, str | SafeString | dt.datetime]:
    message = email.message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    text = escape(body.get_content() if body else "")
    linked = LINK.sub(lambda match: f'<a href="{match[0]}">{match[0]}</a>', text)
    return {
        "subject": str(message["Subject"]),
        "to": str(message["To"]),
        "at": message["Date"].datetime,
        "text": mark_safe(linked),  # noqa: S308 - escaped above
    }
