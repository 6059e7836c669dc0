"""What `verify_records` looks through: each app registers a check of its own evidence."""

from collections.abc import Callable, Iterator

from apprenticeship.records.events import chains, first_broken

# One item for each thing looked at: "" if it holds, otherwise what is wrong with it.
Check = Callable[[], Iterator[str]]

_CHECKS: dict[str, Check] = {}


def register(things: str, check: Check) -> None:
    """Let `verify_records` run a check; `things` names what it counts, in the plural."""
    _CHECKS[things] = check


def registered() -> dict[str, Check]:
    """Return all checks by the name of what they look at."""
    return dict(_CHECKS)


def check_chains() -> Iterator[str]:
    """Name the first broken link of every event chain."""
    for chain in chains():
        number = first_broken(chain)
        yield f"Chain {chain}: broken at event {number}" if number else ""
