"""Secrets of second factors, encrypted where they lie: a copy of the database signs nobody in."""

import logging

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret

from apprenticeship import hidden_text

logger = logging.getLogger(__name__)
PURPOSE = "second factors"


class MFAAdapter(DefaultMFAAdapter):
    """Encrypt with a key derived from SECRET_KEY; SECRET_KEY_FALLBACKS still read."""

    def encrypt(self, text: str) -> str:
        """Return the text as only this portal can read it."""
        return hidden_text.hide(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text, or a random one that no code matches if the key that encrypted it is gone."""
        text = hidden_text.show(encrypted_text, PURPOSE)
        if text is None:
            logger.warning(
                "A second factor cannot be read: SECRET_KEY changed and SECRET_KEY_FALLBACKS lacks it."
            )
            return str(generate_totp_secret())
        return text
