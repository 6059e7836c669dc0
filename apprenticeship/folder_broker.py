"""A message broker that is a folder, for one machine without Redis (`folder://`)."""

import fcntl
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

from kombu.exceptions import OperationalError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.transport.virtual import BrokerState

Bindings = list[tuple[str, str, str]]  # routing key, pattern, queue


class Channel(filesystem.Channel):
    """Publish, claim and bind by renaming a finished file, so nobody reads half of one.

    Names that begin with a dot are unfinished or already claimed, and belong to one process.
    The transport option `folder` says where it is.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.data_folder_in = self.data_folder_out = Path(self.transport_options["folder"])
        self.control_folder.mkdir(parents=True, exist_ok=True)

    @property
    def control_folder(self) -> Path:
        """Return where the bindings of each exchange are kept."""
        return self.data_folder_in / "exchanges"

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        _write(self.data_folder_out / name, json.dumps(payload))

    def _get(self, queue: str) -> dict[str, Any]:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            claimed = self.data_folder_in / f".{uuid.uuid4().hex}.claimed"
            try:
                (self.data_folder_in / name).rename(claimed)
            except FileNotFoundError:
                continue  # another consumer was faster
            text = claimed.read_text()
            claimed.unlink()
            message: dict[str, Any] = json.loads(text)
            return message
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        row = (routing_key or "", pattern or "", queue or "")
        self._rewrite(exchange, lambda rows: rows if row in rows else [row, *rows])

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any
    ) -> None:
        self._purge(queue)
        row = (routing_key or "", pattern or "", queue or "")
        self._rewrite(exchange, lambda rows: [other for other in rows if other != row])

    def _rewrite(self, exchange: str, change: Callable[[Bindings], Bindings]) -> None:
        """Replace the bindings of `exchange` in one step, one process at a time."""
        path = self._exchange_file(exchange)
        with _alone(path.with_name(f".{path.name}.lock")):
            rows = [tuple(row) for row in self.get_table(exchange)]
            changed = change(rows)
            if changed != rows:
                _write(path, json.dumps(changed))


class Transport(filesystem.Transport):
    """The folder as a kombu transport: looks for messages five times a second."""

    Channel = Channel
    polling_interval = 0.2
    driver_type = driver_name = "folder"
    default_connection_params: ClassVar[dict[str, str]] = {}  # a folder has neither host nor port

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state = BrokerState()  # not one for the whole process: another folder binds anew


def register() -> None:
    """Make `folder://` a broker address for every Celery process that calls this."""
    TRANSPORT_ALIASES["folder"] = f"{__name__}:Transport"


def _write(path: Path, text: str) -> None:
    """Write a whole file under a hidden name, then rename it to `path`.

    Raises OperationalError, as a broker out of reach does.
    """
    hidden = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        hidden.write_text(text)
        hidden.rename(path)
    except OSError as error:
        with suppress(OSError):
            hidden.unlink()
        raise OperationalError(f"Cannot write to {path.parent}: {error.strerror}") from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
