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
from apprenticeship.records import mail_words, queues
from apprenticeship.records.models import MailText, Notification, Status

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
    is_kept: bool = True,
) -> Notification:
    """Queue the mail `emails/<name>_…` to one address and return its row.

    `context` holds plain values; answers go to its `reply_to`, if it has one. `grant` names a maker of a link and
    its id: the link is minted when the mail leaves and reaches the templates as `action_url`. A mail that is not
    kept loses its address and its words as soon as it is sent or given up.
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
        is_kept=is_kept,
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
    facts = {"site_url": settings.SITE_URL, "program_contact": Program.objects.current(), **context}
    return _written(name, to, facts, message_id, MailText.objects.own(name))


def preview(name: str, context: dict[str, Any], subject: str, body: str) -> EmailMultiAlternatives:
    """Return the mail as these words would make it; nothing is stored or sent."""
    facts = {"site_url": settings.SITE_URL, "program_contact": Program.objects.current(), **context}
    return _written(name, "", facts, "", MailText(name=name, subject=subject, body=body))


def _written(
    name: str, to: str, facts: dict[str, Any], message_id: str, own: MailText | None
) -> EmailMultiAlternatives:
    if own:
        subject = mail_words.fill_line(own.subject, facts)
    else:
        subject = " ".join(render_to_string(f"emails/{name}_subject.txt", facts).split())
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    if way_out_url := facts.get("way_out_url"):  # RFC 8058: one click in the mail program
        headers |= {
            "List-Unsubscribe": f"<{way_out_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    text = _body(name, "txt", facts, mail_words.fill_text(name, own.body, facts) if own else None)
    mail = EmailMultiAlternatives(
        subject=subject,
        body=BLANK_LINES.sub("\n\n", text.strip()) + "\n",
        to=[to],
        reply_to=[facts["reply_to"]] if facts.get("reply_to") else None,
        headers=headers,
    )
    html = _body(name, "html", facts, mail_words.fill_html(name, own.body, facts) if own else None)
    mail.attach_alternative(html, "text/html")
    return mail


def _body(name: str, kind: str, facts: dict[str, Any], words: str | None) -> str:
    """Return the body of one kind, its template's own, or with other words between greeting and button."""
    template = f"emails/{name}_body.{kind}"
    if words is None:
        return render_to_string(template, facts)
    own = {"parent": template, "own_words": words, "keeps_next": not mail_words.has_own_next(name)}
    return render_to_string(f"emails/own_words.{kind}", facts | own)
