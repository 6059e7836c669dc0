"""The folder broker under several processes at once; no database, no settings."""

import multiprocessing
import shutil
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from kombu import Connection, Queue
from kombu.exceptions import OperationalError

from apprenticeship import folder_broker

PUBLISHERS, CONSUMERS, MESSAGES = 3, 3, 1000


def connect(folder: Path) -> Connection:
    folder_broker.register()
    options = {"folder": str(folder), "polling_interval": 0.01}
    return Connection("folder://", transport_options=options)


def publish(folder: Path, name: str) -> None:
    with connect(folder) as connection, connection.Producer() as producer:
        queue = Queue("work", routing_key="work")
        for number in range(MESSAGES):
            body = {"id": f"{name}-{number}", "padding": "x" * (number % 5000)}
            producer.publish(body, routing_key="work", declare=[queue])


def consume(folder: Path, patience: float) -> list[str]:
    """Return the ids of the messages received until none came for `patience` seconds."""
    received: list[str] = []

    def keep(body: dict[str, str], message: object) -> None:
        received.append(body["id"])
        message.ack()  # type: ignore[attr-defined]

    queue = Queue("work", routing_key="work")
    with connect(folder) as connection, connection.Consumer([queue], callbacks=[keep]):
        while True:
            try:
                connection.drain_events(timeout=patience)
            except TimeoutError:
                return received


def test_folder_broker_loses_nothing_between_several_processes(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PUBLISHERS + CONSUMERS, mp_context=context) as pool:
        consumers = [pool.submit(consume, tmp_path, 3.0) for _ in range(CONSUMERS)]
        publishers = [pool.submit(publish, tmp_path, f"p{number}") for number in range(PUBLISHERS)]
        for publisher in publishers:
            publisher.result(timeout=120)
        received = Counter(identity for consumer in consumers for identity in consumer.result(timeout=120))

    assert received == Counter(f"p{name}-{n}" for name in range(PUBLISHERS) for n in range(MESSAGES))
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_folder_broker_ignores_a_half_written_message(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        connection.SimpleQueue("work").put({"id": "whole"})
        (tmp_path / ".0123.part").write_text("")

        assert connection.SimpleQueue("work").get(timeout=1).payload == {"id": "whole"}


def test_folder_broker_keeps_the_order_of_messages(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        queue = connection.SimpleQueue("work")
        for number in range(20):
            queue.put(number)

        assert [queue.get(timeout=1).payload for _ in range(20)] == list(range(20))


def test_folder_broker_out_of_reach_is_an_operational_error(tmp_path: Path) -> None:
    with connect(tmp_path / "broker") as connection:
        channel = connection.default_channel
        shutil.rmtree(tmp_path / "broker")

        with pytest.raises(OperationalError, match=r"Cannot write to .*: No such file or directory"):
            channel._put("work", {"id": 1})
