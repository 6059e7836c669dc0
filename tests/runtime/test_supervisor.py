"""The supervisor with real processes, which are found by the VAR_DIR that they inherit."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SERVE = "import sys; from apprenticeship.supervisor import Supervisor; sys.exit(Supervisor({port}).run())"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


class Run:
    """One supervisor with its folder, its port and what it printed."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.log = folder / "log"
        environment = os.environ | {"VAR_DIR": str(folder), "DEBUG": "1", "PORT": str(port)}
        for name in ("DATABASE_URL", "REDIS_URL"):
            environment.pop(name, None)
        command = [sys.executable, "-c", SERVE.format(port=port)]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def pids(self, word: str = "") -> set[int]:
        """Return the living processes of this run whose command line contains `word`."""
        return {
            int(path.name)
            for path in Path("/proc").iterdir()
            if path.name.isdigit() and self.owns(path, word)
        }

    def owns(self, path: Path, word: str) -> bool:
        """Tell whether a folder of /proc is a process of this run; a zombie has no environment."""
        try:
            environment = (path / "environ").read_bytes().split(b"\0")
            command = (path / "cmdline").read_bytes().decode().split("\0")
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return False
        return f"VAR_DIR={self.folder}".encode() in environment and (not word or word in command)

    def main(self, word: str) -> int:
        """Return the process that the supervisor itself started for a service, 0 if there is none."""
        return next((pid for pid in self.pids(word) if parent(pid) == self.process.pid), 0)


def parent(pid: int) -> int:
    """Return the parent of a process, 0 if it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Return once the condition holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path, free_port())
    try:
        wait_until(lambda: "The portal is ready at" in run.log.read_text())
        wait_until(lambda: len(run.pids("worker")) == 3 and run.main("beat"))
        yield run
    finally:
        for pid in run.pids():
            os.kill(pid, signal.SIGKILL)
        run.process.wait()


def test_supervisor_starts_again_what_was_killed_and_ends_everything_on_ctrl_c(run: Run) -> None:
    worker = run.main("worker")
    child = next(iter(run.pids("worker") - {worker}))
    os.kill(child, signal.SIGKILL)
    wait_until(lambda: child not in run.pids("worker") and len(run.pids("worker")) == 3)
    assert run.main("worker") == worker

    for word in ("worker", "beat", "gunicorn"):
        wait_until(lambda word=word: run.main(word))
        killed = run.pids(word)
        os.kill(run.main(word) or run.process.pid, signal.SIGKILL)
        wait_until(lambda word=word, killed=killed: run.main(word) and not killed & run.pids(word))

    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(timeout=20) == 0
    assert run.pids() == set()


def test_supervisor_that_is_killed_leaves_no_process(run: Run) -> None:
    os.kill(run.process.pid, signal.SIGKILL)
    run.process.wait()

    wait_until(lambda: run.pids() == set())


def test_supervisor_says_that_the_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = os.environ | {"VAR_DIR": str(tmp_path), "DEBUG": "1", "PORT": str(port)}
        command = [sys.executable, "-m", "apprenticeship.supervisor"]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout) == (1, "")
    message = f"Port {port} is taken. Stop what listens there, or choose another: make run PORT=8001\n"
    assert result.stderr == message
