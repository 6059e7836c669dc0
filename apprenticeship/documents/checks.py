"""`manage.py check --deploy` looks at the sealing key: whose it is, whether it can be read, how long it holds.

It also looks at the address of the time-stamping authority, if there is one.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core import checks
from django.utils import timezone

from apprenticeship.documents import sealing, time_stamping

# Issuing a certificate takes an organization weeks.
NOTICE = dt.timedelta(days=60)


def register_checks() -> None:
    """Register the look at the sealing key, and at the authority."""
    checks.register(check_sealing_key, checks.Tags.security, deploy=True)
    checks.register(check_authority, checks.Tags.security, deploy=True)


def check_sealing_key(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warn of a key that this installation makes itself, that cannot be read, or whose certificate ends soon."""
    if sealing.is_own_key():
        text = (
            "Final papers are sealed with a key that this installation makes itself; no PDF reader trusts it."
        )
        hint = (
            "Set SEALING_KEY_FILE to a PKCS#12 file with a certificate issued to the operator. Papers sealed "
            "before stay genuine: the certificates that sealed them are kept."
        )
        return [checks.Warning(text, hint=hint, id="documents.W001")]
    try:
        ends = sealing.certificate().not_valid_after_utc
    except sealing.SealingError as error:
        hint = f"Look at SEALING_KEY_FILE ({settings.SEALING_KEY_FILE}) and SEALING_KEY_PASSWORD. Final papers wait."
        return [checks.Error(str(error), hint=hint, id="documents.E001")]
    if ends > timezone.now() + NOTICE:
        return []
    text = f"The certificate that seals final papers ends on {ends:%Y-%m-%d}; PDF readers warn of seals made later."
    hint = (
        "Put a new PKCS#12 file in place and restart the workers. Papers sealed before stay genuine: "
        "the certificates that sealed them are kept."
    )
    return [checks.Warning(text, hint=hint, id="documents.W002")]


def check_authority(**kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse an address of a time-stamping authority that nobody can ask."""
    if not time_stamping.is_asked_for() or time_stamping.authority_name():
        return []
    text = "TIMESTAMP_URL is not the http or https address of a time-stamping authority. Final papers wait."
    return [checks.Error(text, id="documents.E002")]
