"""The queues of rows: how each is worked off, nudged and swept."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kombu.exceptions import KombuError

from apprenticeship.records.models import QueuedRow
from apprenticeship.records.models.queue import MAX_ATTEMPTS

logger = logging.getLogger(__name__)

# How many rows of a queue one sweep nudges.
SWEPT_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A kind of row and the function that does its work. `comes_first`: rows of other queues wait for its rows."""

    name: str
    model: type[QueuedRow]
    work: Callable[[Any], None]
    comes_first: bool = False


_QUEUES: dict[str, Queue] = {}


def register(queue: Queue) -> None:
    """Let the worker work off this queue."""
    _QUEUES[queue.name] = queue


# After a failed nudge none is tried for this many seconds, so that a request waits for a dead broker once.
PAUSE = 15.0
_paused_until = 0.0


def kick(name: str, pk: Any) -> None:
    """Nudge a worker to look at one row. A broker that is down is logged; the sweep finds the row."""
    from apprenticeship.records.tasks import work_off  # noqa: PLC0415 - tasks import this module

    global _paused_until
    if time.monotonic() < _paused_until:
        return
    try:
        work_off.apply_async(kwargs={"queue": name, "pk": str(pk)}, retry=False)
    except (OSError, KombuError) as error:
        _paused_until = time.monotonic() + PAUSE
        logger.warning("No nudge for %s %s: %s", name, pk, type(error).__name__)


def work(name: str, pk: Any) -> bool:
    """Claim one row and do its work. Returns False if it was not due or somebody else holds it."""
    queue = _QUEUES[name]
    row = queue.model._default_manager.claim(pk)
    if row is None:
        return False
    if row.attempts > MAX_ATTEMPTS:
        row.give_up("The worker died at every attempt")
    else:
        queue.work(row)
    return True


def due() -> Iterator[tuple[str, Any]]:
    """Yield the name of the queue and the key of every row that waits, first of the queues that come first."""
    for queue in sorted(_QUEUES.values(), key=lambda queue: not queue.comes_first):
        rows = queue.model._default_manager.due().order_by("not_before")
        for pk in rows.values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
            yield queue.name, pk


def work_off_everything() -> int:
    """Do all the work that is due, here and now, and return how many rows that was."""
    done = 0
    while batch := list(due()):
        worked = sum(work(name, pk) for name, pk in batch)
        if not worked:
            break
        done += worked
    return done
