"""Run the portal on one machine: web server, Celery worker and beat as real processes.

`python -m apprenticeship.supervisor`; the environment says PORT and DEBUG. Starts again what dies,
and ends everything it started on Ctrl-C or SIGTERM.
"""

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from types import FrameType

import django
from django.core.management import call_command

from apprenticeship.celery import die_with_parent

HOST = "127.0.0.1"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a process that died is started again
HEALTHY_AFTER = 60.0  # seconds after which a death counts as the first one again
PATIENCE = 15.0  # seconds to finish after SIGTERM, before SIGKILL
PYTHON = (sys.executable, "-u", "-m")
WORKER = "worker --pool prefork --concurrency 2 --without-gossip --without-mingle --without-heartbeat"
SIGN_INS = (
    ("employer@example.org", "an employer on its way through the eight steps"),
    ("partner@example.org", "an active partner"),
    ("outsider@example.org", "a stranger to both"),
    ("reviewer@example.org", "AAMI reviewer, at /admin/"),
    ("manager@example.org", "AAMI program manager, at /admin/"),
)


@dataclass
class Service:
    """One process that is kept alive, its output with its name in front of every line."""

    name: str
    command: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0  # time.monotonic()
    due: float = 0.0  # when to start it (again)
    pause: float = FIRST_PAUSE
    rest: bytes = field(default=b"", repr=False)  # the unfinished last line

    def start(self, selector: selectors.BaseSelector) -> None:
        """Start the process as leader of a group of its own; it ends when the supervisor is killed."""
        outlet, inlet = os.pipe()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=inlet,
            stderr=inlet,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        os.close(inlet)
        os.set_blocking(outlet, False)
        selector.register(outlet, selectors.EVENT_READ, self)
        self.started = time.monotonic()

    def read(self, outlet: int, selector: selectors.BaseSelector) -> None:
        """Print what the process wrote, whole lines only; stop listening at its end."""
        chunk = os.read(outlet, 65536)
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        if not chunk:
            selector.unregister(outlet)
            os.close(outlet)
        for line in lines:
            say(self.name, line.decode(errors="replace"))

    def bury(self, code: int) -> None:
        """Note a death and when to start again, later each time it dies young."""
        self.kill()
        self.process = None
        now = time.monotonic()
        wait = FIRST_PAUSE if now - self.started > HEALTHY_AFTER else self.pause
        self.due = now + wait
        self.pause = min(wait * 2, LONGEST_PAUSE)
        say("portal", f"{self.name} ended with code {code}; starting it again in {wait:g} s")

    def terminate(self) -> None:
        """Ask the process to finish; the process tells its own children."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """End whatever is left of the process and its group."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return


class Supervisor:
    """Keeps the services alive until it is told to stop."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.stopping = False
        self.is_ready = False
        self.selector = selectors.DefaultSelector()
        celery = (*PYTHON, "celery", "--quiet", "--app", "apprenticeship")
        gunicorn = f"--bind {HOST}:{port} --workers 1 --threads 8 --no-control-socket --log-level warning"
        self.services = [
            Service("web", (*PYTHON, "gunicorn", "apprenticeship.wsgi", *gunicorn.split())),
            Service("worker", (*celery, *WORKER.split(), "--loglevel", "INFO")),
            Service("beat", (*celery, "beat", "--loglevel", "WARNING", "--pidfile=")),
        ]

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal: the first one finishes, the second one ends at once."""
        if self.stopping:
            for service in self.services:
                service.kill()
        self.stopping = True

    def run(self) -> int:
        """Serve until a signal; return the exit code for the shell."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)
        try:
            while not self.stopping:
                self.revive()
                self.listen(0.2)
                if not self.is_ready and not self.greet():
                    return 1
        finally:
            self.end()
        return 0

    def revive(self) -> None:
        """Start what is not running and due."""
        for service in self.services:
            code = service.process.poll() if service.process else None
            if code is not None:
                self.listen(0)
                service.bury(code)
            if service.process is None and time.monotonic() >= service.due:
                service.start(self.selector)

    def listen(self, seconds: float) -> None:
        """Wait for output and print it."""
        for key, _ in self.selector.select(seconds):
            key.data.read(key.fd, self.selector)

    def greet(self) -> bool:
        """Print addresses and sign-ins once the server answers; False if it cannot start."""
        web = self.services[0]
        if web.process is None:
            say("portal", "The web server could not start; its last lines above say why.")
            return False
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.port}/healthz", timeout=2) as answer:
                self.is_ready = answer.status == 200
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return True
        print(greeting(self.port), flush=True)
        return True

    def end(self) -> None:
        """Stop every process that was started, gently and then not."""
        say("portal", "stopping")
        for service in self.services:
            service.terminate()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and any(
            service.process and service.process.poll() is None for service in self.services
        ):
            self.listen(0.1)
        for service in self.services:
            service.kill()
            if service.process:
                service.process.wait()
        say("portal", "stopped")


def say(name: str, line: str) -> None:
    """Print one line with its speaker in front."""
    print(f"{name:>6} | {line}", flush=True)


def greeting(port: int) -> str:
    """Return what a person needs once the portal answers."""
    lines = [
        "",
        f"The portal is ready at http://{HOST}:{port}/",
        f"and, which passkeys need, http://localhost:{port}/",
        "Sign in with the password demo-pass-2026 as",
        *(f"  {email:<22} {who}" for email, who in SIGN_INS),
        "Stop with Ctrl-C.",
        "",
    ]
    return "\n".join(lines)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def prepare_database() -> None:
    """Bring the tables up to date and fill an empty database with the demo."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("demo", if_empty=True)


def main() -> int:
    """Check the port, prepare the database, serve."""
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        print(f"PORT={text} is not a port number between 1 and 65535.", file=sys.stderr)
        return 2
    if not is_free(int(text)):
        message = f"Port {text} is taken. Stop what listens there, or choose another: make run PORT=8001"
        print(message, file=sys.stderr)
        return 1
    prepare_database()
    return Supervisor(int(text)).run()


if __name__ == "__main__":
    sys.exit(main())
