"""`manage.py check --deploy` warns of what is fit for trying only."""

from typing import Any

from django.conf import settings
from django.core import checks

FOLDER = "apprenticeship.records.mail_folder.EmailBackend"


def register_checks() -> None:
    """Register what a deployment needs to reach people."""
    checks.register(check_mail, checks.Tags.security, deploy=True)
    checks.register(check_site_url, checks.Tags.security, deploy=True)


def check_mail(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warn if mail is written to a folder instead of being sent."""
    if settings.EMAIL_BACKEND != FOLDER:
        return []
    text = "Mail is kept in a folder and reaches nobody, not even the person who is to sign."
    return [checks.Warning(text, hint="Set EMAIL_URL to your mail server.", id="records.W001")]


def check_site_url(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warn if mails and papers link to an address without encryption."""
    if not settings.SITE_URL.startswith("http://"):
        return []
    text = "Links in mails, also those that let somebody sign, lead to an address without encryption."
    return [checks.Warning(text, hint="Set SITE_URL to the https:// address.", id="records.W002")]
