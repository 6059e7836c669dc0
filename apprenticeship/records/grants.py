"""Makers of links that grant something. A link exists only in the mail that carries it."""

import hashlib
import secrets
from collections.abc import Callable

TOKEN_BYTES = 32

_MAKERS: dict[str, Callable[[str], str]] = {}
_WAYS_OUT: dict[str, Callable[[str], str]] = {}

PLACEHOLDER = "[this link stands only in the mail itself]"


def new_token() -> str:
    """Return a token that nobody can guess, to stand in a link and nowhere else."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """Return the SHA-256 of a token or code, in hexadecimal: the only form in which one is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def register(name: str, maker: Callable[[str], str], *, way_out: Callable[[str], str] | None = None) -> None:
    """Let `maker(grant_id)` return the path of a fresh link, revoking the one before it.

    `way_out(path)` returns the path to which a mail program may POST to end such mail (RFC 8058).
    """
    _MAKERS[name] = maker
    if way_out:
        _WAYS_OUT[name] = way_out


def mint(name: str, grant_id: str) -> str:
    """Return the path of a fresh link. Raises KeyError for an unknown name, LookupError if it may not be made."""
    return _MAKERS[name](grant_id)


def way_out(name: str, path: str) -> str:
    """Return the path that ends such mail, for the link just minted; "" where mail cannot be ended."""
    return _WAYS_OUT[name](path) if name in _WAYS_OUT else ""
