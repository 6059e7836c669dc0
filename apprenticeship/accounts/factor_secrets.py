"""Secrets of second factors, encrypted where they lie: a copy of the database signs nobody in."""

import base64
import logging

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

logger = logging.getLogger(__name__)


class MFAAdapter(DefaultMFAAdapter):
    """Encrypt with a key derived from SECRET_KEY; SECRET_KEY_FALLBACKS still read."""

    def encrypt(self, text: str) -> str:
        """Return the text as only this portal can read it."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text, or a random one that no code matches if the key that encrypted it is gone."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.warning(
                "A second factor cannot be read: SECRET_KEY changed and SECRET_KEY_FALLBACKS lacks it."
            )
            return str(generate_totp_secret())


def _box() -> MultiFernet:
    return MultiFernet(
        [Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str | bytes) -> bytes:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"second factors")
    return base64.urlsafe_b64encode(derive.derive(secret.encode() if isinstance(secret, str) else secret))
