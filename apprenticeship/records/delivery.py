"""Send the mail of one notification row."""

import datetime as dt
import logging
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from apprenticeship.records import grants, mail
from apprenticeship.records.models import Notification, Status

logger = logging.getLogger(__name__)

# A mail waits this long for its papers, then goes with links instead.
PATIENCE = dt.timedelta(minutes=10)
SMTP_REFUSED = 500
LOOK_AGAIN = dt.timedelta(seconds=5)


def deliver(row: Notification) -> None:
    """Send one claimed notification and store what was sent, with a placeholder for what it grants."""
    if not _is_address(row.recipient):
        row.give_up("No mail can be written to this address")
        return
    papers = list(row.attachments.order_by("title", "pk"))
    if any(paper.status == Status.PENDING for paper in papers) and timezone.now() < row.created_at + PATIENCE:
        row.postpone(LOOK_AGAIN, "waiting for its papers")
        return
    ready = [paper for paper in papers if paper.status == Status.DONE]
    facts = row.context | {"attached": [paper.title for paper in ready], "missing": len(papers) - len(ready)}
    try:
        message = mail.message(row.name, row.recipient, facts | _secret(row), row.message_id)
        for paper in ready:
            message.attach(paper.filename, paper.read(), "application/pdf")
        message.send()
    except (LookupError, ObjectDoesNotExist) as error:
        row.give_up(f"Nothing to grant any more ({type(error).__name__})")
        return
    except SMTPRecipientsRefused as refusal:
        _refused(row, refusal)
        return
    except (SMTPException, OSError) as error:
        row.fail(f"{type(error).__name__}: {error}")
        return
    placeholder = {"action_url": grants.PLACEHOLDER} if row.grant else {}
    kept = (
        mail.message(row.name, row.recipient, facts | placeholder, row.message_id) if row.grant else message
    )
    row.finish(subject=message.subject[:200], body=kept.body)


def _secret(row: Notification) -> dict[str, str]:
    """Return the links that this mail alone carries. Raises LookupError if there is nothing to grant any more."""
    if not row.grant:
        return {}
    path = grants.mint(row.grant, row.grant_id)
    way_out = grants.way_out(row.grant, path)
    return {"action_url": _absolute(path)} | ({"way_out_url": _absolute(way_out)} if way_out else {})


def _is_address(text: str) -> bool:
    """Tell whether mail can be addressed to this; line breaks would add headers."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _refused(row: Notification, refusal: SMTPRecipientsRefused) -> None:
    """Give up what its mail server refuses for good (5xx); try again what it puts off (4xx, RFC 5321 4.2.1)."""
    is_final = all(code >= SMTP_REFUSED for code, _reason in refusal.recipients.values())
    let_go = row.give_up if is_final else row.fail
    let_go("The address was refused by its mail server")


def _absolute(path: str) -> str:
    """Return the full address of a path of this portal."""
    return settings.SITE_URL + path
