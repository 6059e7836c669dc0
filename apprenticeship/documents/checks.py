"""`manage.py check --deploy` says whose key seals."""

from typing import Any

from django.core import checks

from apprenticeship.documents import sealing


def register_checks() -> None:
    """Register the look at the sealing key."""
    checks.register(check_sealing_key, checks.Tags.security, deploy=True)


def check_sealing_key(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warn if papers are sealed with a key that this installation makes itself."""
    if not sealing.is_own_key():
        return []
    text = "Final papers are sealed with a key that this installation makes itself; no PDF reader trusts it."
    hint = "Set SEALING_KEY_FILE to a PKCS#12 file with a certificate issued to the operator."
    return [checks.Warning(text, hint=hint, id="documents.W001")]
