"""Real processes of the portal that a test starts, watches and kills."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PATIENCE = 30.0  # seconds


def wait_until(holds: Callable[[], bool], every: float = 0.02, patience: float = PATIENCE) -> float:
    """Return after how many seconds something holds; fail after `patience` seconds."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < patience
        time.sleep(every)
    return time.monotonic() - started


class Process:
    """One process with its log."""

    def __init__(self, log: Path, environment: dict[str, str], *command: str) -> None:
        self.log = log
        with log.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The key of the process."""
        return self._process.pid

    def says(self, text: str) -> bool:
        """Tell whether a text stands in the log."""
        assert self._process.poll() is None, self.log.read_text()
        return text in self.log.read_text()

    def children(self) -> list[int]:
        """Return the keys of its child processes that live."""
        found = subprocess.run(["pgrep", "--parent", f"{self._process.pid}"], capture_output=True, text=True)
        return [int(line) for line in found.stdout.split()]

    def kill(self) -> None:
        """End the process by SIGKILL, and wait for the end of its children, which no signal was sent to."""
        children = self.children()
        self._process.kill()
        self._process.wait()
        wait_until(lambda: not any(is_alive(pid) for pid in children))

    def end(self) -> None:
        """End the process, politely first."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=10)
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def database_url() -> str:
    """Return DATABASE_URL of the database that this test uses."""
    from django.db import connection

    row = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{row['NAME']}"
    return f"postgres://{row['USER']}:{row['PASSWORD']}@{row['HOST']}:{row['PORT']}/{row['NAME']}"


def is_alive(pid: int) -> bool:
    """Tell whether a process lives; a zombie that nobody has buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def running(log: Path, environment: dict[str, str], *command: str) -> Iterator[Process]:
    """Keep a process running for the length of a block."""
    process = Process(log, environment, *command)
    try:
        yield process
    finally:
        process.end()
