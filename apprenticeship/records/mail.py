"""One way to send mail: three small templates in `emails/` a mail, one row a recipient."""

import re
from collections.abc import Iterable
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.template.loader import render_to_string

from apprenticeship.accounts.models import User
from apprenticeship.program.models import Program
from apprenticeship.records import queues
from apprenticeship.records.models import Notification, Status

# What blocks of a template that stay empty leave behind.
BLANK_LINES = re.compile(r"\n\s*\n")


def send(
    name: str,
    to: str,
    context: dict[str, Any],
    *,
    user: User | None = None,
    about: models.Model | None = None,
    grant: tuple[str, Any] | None = None,
    attachments: Iterable[models.Model] = (),
) -> Notification:
    """Queue the mail `emails/<name>_…` to one address and return its row.

    `context` holds plain values. `grant` names a maker of a link and its id: the link is minted when the mail
    leaves and reaches the templates as `action_url`.
    """
    row = Notification.objects.create(
        name=name,
        recipient=to,
        user=user,
        context=context,
        grant=grant[0] if grant else "",
        grant_id=str(grant[1]) if grant else "",
        subject_type=ContentType.objects.get_for_model(about) if about else None,
        subject_id=str(about.pk) if about else "",
    )
    row.attachments.set(attachments)
    transaction.on_commit(lambda: queues.kick("notifications", row.pk))
    return row


def replace_waiting(name: str, context: dict[str, Any], *, grant: tuple[str, Any]) -> bool:
    """Give the mail that still waits to carry this link other facts. Returns False if none waits."""
    waiting = Notification.objects.filter(
        name=name, grant=grant[0], grant_id=str(grant[1]), status=Status.PENDING, claim=None
    )
    return bool(waiting.update(context=context))


def send_now(name: str, to: str, context: dict[str, Any]) -> None:
    """Send a mail within this request and store nothing: for codes. Raises OSError or SMTPException."""
    message(name, to, context, make_msgid(domain=settings.MESSAGE_ID_DOMAIN)).send()


def message(name: str, to: str, context: dict[str, Any], message_id: str) -> EmailMultiAlternatives:
    """Return the mail in plain text with its HTML twin."""
    context = {"site_url": settings.SITE_URL, "program_contact": Program.objects.current(), **context}
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    if way_out_url := context.get("way_out_url"):  # RFC 8058: one click in the mail program
        headers |= {
            "List-Unsubscribe": f"<{way_out_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    subject = " ".join(render_to_string(f"emails/{name}_subject.txt", context).split())
    mail = EmailMultiAlternatives(
        subject=subject,
        body=BLANK_LINES.sub("\n\n", render_to_string(f"emails/{name}_body.txt", context).strip()) + "\n",
        to=[to],
        headers=headers,
    )
    mail.attach_alternative(render_to_string(f"emails/{name}_body.html", context), "text/html")
    return mail
