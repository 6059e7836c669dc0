"""Text that leaves the portal's hands but that nobody else can read: encrypted under the secret key, by purpose."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def hide(text: str, purpose: str) -> str:
    """Return the text as only this portal can read it, fit for an address."""
    return _box(purpose).encrypt(text.encode()).decode()


def show(hidden: str, purpose: str) -> str | None:
    """Return the text, or None for one that was hidden for something else, by another key, or tampered with."""
    try:
        return _box(purpose).decrypt(hidden.encode()).decode()
    except InvalidToken:
        return None


def _box(purpose: str) -> MultiFernet:
    """Return what encrypts with SECRET_KEY and still reads what SECRET_KEY_FALLBACKS encrypted."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(secret, purpose)) for secret in secrets])


def _key(secret: str | bytes, purpose: str) -> bytes:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode())
    return base64.urlsafe_b64encode(derive.derive(secret.encode() if isinstance(secret, str) else secret))
