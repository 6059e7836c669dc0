"""Makers of links that grant something. A link exists only in the mail that carries it."""

from collections.abc import Callable

_MAKERS: dict[str, Callable[[str], str]] = {}

PLACEHOLDER = "[this link stands only in the mail itself]"


def register(name: str, maker: Callable[[str], str]) -> None:
    """Let `maker(grant_id)` return the path of a fresh link, revoking the one before it."""
    _MAKERS[name] = maker


def mint(name: str, grant_id: str) -> str:
    """Return the path of a fresh link. Raises KeyError for an unknown name, LookupError if it may not be made."""
    return _MAKERS[name](grant_id)
