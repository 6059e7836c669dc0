"""How long a request waits for a Redis that is frozen or gone, and that a worker comes back to it."""

import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from redis import Redis

from tests.services.redis_server import REDIS, Server

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
    server.freeze()
    assert [publish(), publish()] == [("failed", True)] * 2
    server.thaw()
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
