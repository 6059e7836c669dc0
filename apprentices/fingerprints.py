"""Addresses that are remembered without being kept: a keyed hash, from which nobody reads the address."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac

from apprentices.models import ForgottenAddress

SALT = "apprentices.address"


def fingerprint(email: str, key: str | None = None) -> str:
    """Return the HMAC-SHA-256 of an address under the secret key, in hexadecimal."""
    return salted_hmac(SALT, email.lower(), secret=key, algorithm="sha256").hexdigest()


def fingerprints(emails: Iterable[str]) -> dict[str, str]:
    """Return which address each fingerprint is of, also those made under former secret keys."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return {fingerprint(email, key): email for email in emails for key in keys}


def forget(email: str) -> None:
    """Remember that this address is not to be invited again."""
    ForgottenAddress.objects.get_or_create(fingerprint=fingerprint(email))
