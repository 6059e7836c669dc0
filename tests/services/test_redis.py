"""How long a request waits for a Redis that is frozen or gone, and that a worker comes back to it."""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

REDIS = shutil.which("redis-server")
PUBLISH = """
import sys, time
from kombu.exceptions import OperationalError
from apprenticeship.celery import app

for line in sys.stdin:
    started = time.monotonic()
    try:
        app.send_task("apprenticeship.records.tasks.sweep")
        answer = "sent"
    except OperationalError:
        answer = "failed"
    print(answer, time.monotonic() - started, flush=True)
"""
MESSAGE = json.dumps(
    {
        "body": base64.b64encode(b"[[], {}, {}]").decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"id": "1", "task": "hello", "lang": "py"},
        "properties": {
            "body_encoding": "base64",
            "delivery_info": {"exchange": "", "routing_key": "celery"},
            "delivery_mode": 2,
            "delivery_tag": "1",
        },
    }
)

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not REDIS, reason="no redis-server to freeze; apt-get install redis-server"),
]


class Server:
    """A Redis that a test may freeze and kill."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = [str(REDIS), "--port", f"{self.port}", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.kill()


def environment(server: Server, folder: Path) -> dict[str, str]:
    return os.environ | {"REDIS_URL": server.url, "VAR_DIR": str(folder)}


def test_redis_frozen_or_gone_delays_a_publisher_by_two_seconds_at_most(
    server: Server, tmp_path: Path
) -> None:
    publisher = subprocess.Popen(
        [sys.executable, "-c", PUBLISH],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(server, tmp_path),
    )
    assert publisher.stdin
    assert publisher.stdout

    def publish() -> tuple[str, bool]:
        publisher.stdin.write("publish\n")
        publisher.stdin.flush()
        answer, seconds = publisher.stdout.readline().split()
        return answer, float(seconds) < 2.3

    assert publish() == ("sent", True)
    server.process.send_signal(signal.SIGSTOP)
    assert [publish(), publish()] == [("failed", True)] * 2
    server.process.send_signal(signal.SIGCONT)
    assert publish() == ("sent", True)
    server.kill()
    assert [publish(), publish()] == [("failed", True)] * 2

    publisher.stdin.close()
    publisher.stdout.close()
    assert publisher.wait(timeout=10) == 0


def test_redis_that_was_restarted_finds_its_worker_again(server: Server, tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [
        sys.executable,
        "-m",
        "celery",
        "--app",
        "apprenticeship",
        "worker",
        "--concurrency=1",
        "-linfo",
    ]
    with log.open("w") as output:
        worker = subprocess.Popen(command, env=environment(server, tmp_path), stdout=output, stderr=output)
    try:
        wait_for(log, " ready.", 1)
        server.kill()
        time.sleep(1)
        server.start()
        wait_for(log, "Connected to redis", 2)
        with Redis(port=server.port) as client:
            client.rpush("celery", MESSAGE)
            wait_for(log, "Received unregistered task of type 'hello'", 1)
    finally:
        worker.terminate()
        worker.wait(timeout=20)


def wait_for(log: Path, text: str, times: int) -> None:
    """Return once `text` stands in the log so many times; fail after 30 s."""
    deadline = time.monotonic() + 30
    while log.read_text().count(text) < times:
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
