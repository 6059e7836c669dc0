"""Workers that are killed while they work: the paper is made once, the mail is sent, nothing is left behind.

A real Celery worker on PostgreSQL and Redis; its leases last LEASE seconds instead of 100.
"""

import contextlib
import os
import random
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.db import connection, transaction
from redis import Redis

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.documents.orders import order
from apprenticeship.records import mail, queues, tasks
from apprenticeship.records.models import Notification, Status
from tests.records.mail_server import MailServer
from tests.services.at_once import at_once
from tests.services.processes import Process, running, wait_until

LEASE = 5.0
ANSWER = {"question": "Question", "answer": "A long answer. " * 30, "is_gap": False}
# Ends the statements whose client is gone but which wait for a lock: PostgreSQL would finish them.
FORGET_THE_DEAD = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

Start = Callable[..., AbstractContextManager[Process]]


@pytest.fixture
def start_worker(process_environment: dict[str, str], mail_server: MailServer, tmp_path: Path) -> Start:
    """Return a function that starts a worker and waits until it is ready."""
    Redis.from_url(portal.REDIS_URL).flushdb()
    numbers = iter(range(9))

    @contextlib.contextmanager
    def start(children: int = 2) -> Iterator[Process]:
        own = {"LEASE_SECONDS": f"{LEASE}", "EMAIL_URL": mail_server.url, "CONCURRENCY": f"{children}"}
        log = tmp_path / f"worker-{next(numbers)}.log"
        with running(log, process_environment | own, "tests.services.worker") as worker:
            wait_until(lambda: worker.says(" ready."))
            yield worker

    return start


@pytest.fixture
def sweeping() -> Iterator[None]:
    """Sweep every second, as beat does twice a minute."""
    done = threading.Event()

    def sweep() -> None:
        while not done.wait(1):
            tasks.sweep()

    thread = threading.Thread(target=lambda: at_once(sweep))
    thread.start()
    yield
    done.set()
    thread.join()


@pytest.fixture
def long_paper(owner: User) -> Callable[[], Document]:
    """Return a function that orders a paper that takes about a second to make."""
    steps = [{"number": 1, "title": "Get started", "status": "Nothing missing", "answers": [ANSWER] * 40}]
    data = {"employer_name": "Lakeside", "state_label": "In review", "generated_at": "2026-11-22T12:00Z"}
    return lambda: order(
        "application_summary",
        subject=owner,
        data=data | {"steps": steps},
        title="Summary",
        version=1,
        effect_key="long:1",
        by=None,
    )


def welcome(to: str) -> Notification:
    facts = {"person": "", "employer": "Lakeside", "action_url": "http://127.0.0.1:8000/onboarding/"}
    return mail.send("welcome", to, facts)


def fresh(row: Any) -> Any:
    row.refresh_from_db()
    return row


def stored(folder: Path) -> list[Path]:
    return [path for path in (folder / "media").rglob("*") if path.is_file()]


def test_killed_workers_leave_one_paper_and_no_mail_unsent(
    start_worker: Start,
    long_paper: Callable[[], Document],
    mail_server: MailServer,
    tmp_path: Path,
    sweeping: None,
) -> None:
    mail_server.answers.clear()
    with start_worker() as first:
        row = welcome("owner@example.org")
        assert mail_server.has_mail.wait(10)  # one child waits for the server's word
        paper = long_paper()
        wait_until(lambda: fresh(paper).claim is not None, every=0.005)  # the other makes the paper
        first.kill()
    assert (fresh(paper).status, paper.attempts, stored(tmp_path)) == (Status.PENDING, 1, [])
    assert (fresh(row).status, row.attempts, mail_server.messages) == (Status.PENDING, 1, [])

    mail_server.answers.set()
    with start_worker() as second:
        wait_until(lambda: fresh(row).status == fresh(paper).status == Status.DONE)
        (path,) = stored(tmp_path)
        assert (paper.attempts, path.read_bytes() == paper.read(), paper.read()[:5]) == (2, True, b"%PDF-")
        assert (paper.done_at - paper.created_at).total_seconds() < LEASE + 20
        assert [message["Message-ID"] for message in mail_server.messages] == [row.message_id]
        assert row.attempts == 2
        twice = kill_between_word_and_commit(second, mail_server)

    with start_worker():
        wait_until(lambda: fresh(twice).status == Status.DONE)
    ids = [message["Message-ID"] for message in mail_server.messages]
    assert ids == [row.message_id, twice.message_id, twice.message_id]
    assert stored(tmp_path) == [path]


def kill_between_word_and_commit(worker: Process, mail_server: MailServer) -> Notification:
    """Kill a worker after the mail server took a mail and before our row says so: the one double there is."""
    mail_server.answers.clear()
    mail_server.has_mail.clear()
    row = welcome("twice@example.org")
    assert mail_server.has_mail.wait(10)
    with transaction.atomic(), connection.cursor() as cursor:
        Notification.objects.select_for_update().get(pk=row.pk)  # our commit has to wait
        mail_server.answers.set()
        wait_until(lambda: waits_for_a_lock(cursor))
        worker.kill()
        cursor.execute(FORGET_THE_DEAD)
    assert (fresh(row).status, len(mail_server.to("twice@example.org"))) == (Status.PENDING, 1)
    return row


def waits_for_a_lock(cursor: Any) -> bool:
    """Tell whether a statement in this database waits for a lock."""
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return bool(cursor.fetchone()[0])


def test_eight_workers_send_a_hundred_mails_once_and_survive_their_children(
    start_worker: Start, long_paper: Callable[[], Document], mail_server: MailServer, tmp_path: Path
) -> None:
    with start_worker(8) as worker:
        rows = [welcome(f"person{number}@example.org") for number in range(100)]
        nudges = [row.pk for row in rows for _time in range(4)]
        random.Random(1).shuffle(nudges)
        for pk in nudges:
            queues.kick("notifications", pk)
        wait_until(lambda: Notification.objects.filter(status=Status.PENDING).count() == 0)
        assert sorted(message["Message-ID"] for message in mail_server.messages) == sorted(
            row.message_id for row in rows
        )
        assert set(Notification.objects.values_list("attempts", flat=True)) == {1}

        paper = long_paper()
        wait_until(lambda: fresh(paper).claim is not None, every=0.005)
        for child in worker.children():
            os.kill(child, signal.SIGKILL)
        wait_until(lambda: list(queues.due()) == [("documents", paper.pk)])
        tasks.sweep()
        wait_until(lambda: fresh(paper).status == Status.DONE)
    assert (paper.attempts, [path.read_bytes() for path in stored(tmp_path)]) == (2, [paper.read()])
