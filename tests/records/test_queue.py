"""The rows are the queue: claimed once, retaken after a lease, retried, given up, never done twice."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import transaction

from apprenticeship.celery import app
from apprenticeship.documents.models import Document
from apprenticeship.records import queues, tasks
from apprenticeship.records.models import Notification, Status
from apprenticeship.records.models.queue import FIRST_DELAY, LEASE, MAX_ATTEMPTS

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
TICK = dt.timedelta(milliseconds=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Any:
    """Let time stand still at noon."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A queue "noted" over notifications whose work is to note the row and finish it."""
    seen: list[Any] = []

    def note(row: Notification) -> None:
        seen.append(row.pk)
        row.finish(subject="noted")

    monkeypatch.setattr(queues, "_QUEUES", {})
    queues.register(queues.Queue(name="noted", model=Notification, work=note))
    return seen


def new_row(**fields: Any) -> Notification:
    return Notification.objects.create(name="x", recipient="a@example.org", **fields)


def facts(row: Notification) -> tuple[str, int, str]:
    row.refresh_from_db()
    return row.status, row.attempts, row.error


def test_row_is_claimed_once() -> None:
    row = new_row()
    first, second = Notification.objects.claim(row.pk), Notification.objects.claim(row.pk)
    assert (first.pk, first.attempts, first.claimed_until, second) == (row.pk, 1, NOON + LEASE, None)


def test_claim_of_a_row_that_is_gone_finds_nothing() -> None:
    assert Notification.objects.claim(uuid.uuid4()) is None


def test_row_is_not_claimed_before_its_time(noon: Any) -> None:
    row = new_row(not_before=NOON + TICK)
    assert Notification.objects.claim(row.pk) is None
    noon.move_to(NOON + TICK)
    assert Notification.objects.claim(row.pk) == row


@pytest.mark.parametrize("status", [Status.DONE, Status.FAILED])
def test_row_that_is_over_is_not_claimed(status: Status) -> None:
    assert Notification.objects.claim(new_row(status=status).pk) is None


def test_expired_lease_is_taken_over(noon: Any) -> None:
    row = new_row()
    dead = Notification.objects.claim(row.pk)
    noon.move_to(NOON + LEASE)
    assert Notification.objects.claim(row.pk) is None
    noon.move_to(NOON + LEASE + TICK)
    heir = Notification.objects.claim(row.pk)
    assert (heir.attempts, heir.claim == dead.claim) == (2, False)


@pytest.mark.parametrize(
    "let_go",
    [
        lambda row: row.finish(subject="late"),
        lambda row: row.fail("late"),
        lambda row: row.give_up("late"),
        lambda row: row.postpone(dt.timedelta(hours=1), "late"),
    ],
)
def test_lost_claim_stores_nothing(let_go: Callable[[Any], bool], noon: Any) -> None:
    row = new_row()
    slow = Notification.objects.claim(row.pk)
    noon.move_to(NOON + LEASE + TICK)
    heir = Notification.objects.claim(row.pk)
    assert not let_go(slow)
    assert heir.finish(subject="in time")
    assert not let_go(slow)
    row.refresh_from_db()
    assert (row.status, row.subject, row.error) == (Status.DONE, "in time", "")


def test_failures_wait_twice_as_long_each_time_and_end(noon: Any) -> None:
    row, delays = new_row(), []
    while (claimed := Notification.objects.claim(row.pk)) is not None:
        assert claimed.fail("The server is away")
        if claimed.status == Status.PENDING:
            delays.append((claimed.not_before - dt.datetime.now(dt.UTC)) // FIRST_DELAY)
            noon.move_to(claimed.not_before)
    assert delays == [1, 2, 4, 8, 16, 32, 64, 128]
    assert facts(row) == (Status.FAILED, MAX_ATTEMPTS, "The server is away")


def test_given_up_row_is_retried_from_the_start(noon: Any) -> None:
    row = new_row()
    Notification.objects.claim(row.pk).give_up("no use")
    assert facts(row) == (Status.FAILED, 1, "no use")
    noon.move_to(NOON + LEASE)
    row.retry()
    assert facts(row) == (Status.PENDING, 0, "no use")
    claimed = Notification.objects.claim(row.pk)
    assert claimed.finish()
    assert facts(row) == (Status.DONE, 1, "")
    assert claimed.done_at == NOON + LEASE


def test_retry_leaves_a_row_alone_that_did_not_fail() -> None:
    row = new_row()
    held = Notification.objects.claim(row.pk)
    row.retry()
    assert facts(row) == (Status.PENDING, 1, "")
    assert held.finish()
    row.retry()
    assert facts(row) == (Status.DONE, 1, "")


def test_waiting_is_not_an_attempt() -> None:
    row = new_row()
    assert Notification.objects.claim(row.pk).postpone(dt.timedelta(0), "waiting")
    assert facts(row) == (Status.PENDING, 0, "waiting")


def test_reason_is_cut_to_its_column() -> None:
    row = new_row()
    Notification.objects.claim(row.pk).fail("x" * 1000)
    assert facts(row) == (Status.PENDING, 1, "x" * 300)


def test_row_is_worked_once(worked: list[Any]) -> None:
    row = new_row()
    assert [queues.work("noted", row.pk), queues.work("noted", row.pk)] == [True, False]
    assert worked == [row.pk]


def test_everything_due_is_worked_off_oldest_first(worked: list[Any]) -> None:
    late = new_row(not_before=NOON + TICK)
    rows = [new_row(not_before=NOON - minutes * dt.timedelta(minutes=1)) for minutes in range(250)]
    assert queues.work_off_everything() == 250
    assert worked == [row.pk for row in reversed(rows)]
    assert facts(late) == (Status.PENDING, 0, "")


def test_bug_in_the_work_leaves_the_row_to_its_lease(worked: list[Any], noon: Any) -> None:
    def break_down(row: Notification) -> None:
        raise ZeroDivisionError

    queues.register(queues.Queue(name="noted", model=Notification, work=break_down))
    row = new_row()
    with pytest.raises(ZeroDivisionError):
        queues.work("noted", row.pk)
    assert [list(queues.due()), facts(row)] == [[], (Status.PENDING, 1, "")]
    noon.move_to(NOON + LEASE + TICK)
    assert list(queues.due()) == [("noted", row.pk)]


def test_row_that_never_lets_go_is_given_up(worked: list[Any]) -> None:
    row = new_row(attempts=MAX_ATTEMPTS)
    assert queues.work("noted", row.pk)
    assert worked == []
    assert facts(row) == (Status.FAILED, MAX_ATTEMPTS + 1, "The worker died at every attempt")


def test_sweep_nudges_every_row_that_is_due_and_no_other(noon: Any) -> None:
    with app.connection_for_write() as broker, broker.SimpleQueue("celery") as nudges:
        nudges.clear()
        due = [new_row(), new_row()]
        Notification.objects.claim(due[1].pk)
        noon.move_to(NOON + LEASE + TICK)
        Notification.objects.claim(new_row().pk)
        new_row(not_before=NOON + dt.timedelta(days=1))
        tasks.sweep()
        sent = [nudges.get(block=False).payload[1] for _row in due]
        with pytest.raises(nudges.Empty):
            nudges.get(block=False)
    assert sorted(nudge["pk"] for nudge in sent) == sorted(str(row.pk) for row in due)
    assert {nudge["queue"] for nudge in sent} == {"notifications"}


def test_row_undone_with_its_act_is_not_nudged(django_capture_on_commit_callbacks: Any) -> None:
    from apprenticeship.records import mail

    with django_capture_on_commit_callbacks() as nudges, transaction.atomic():
        mail.send("welcome", "a@example.org", {})
        transaction.set_rollback(True)
    assert (Notification.objects.count(), Document.objects.count(), nudges) == (0, 0, [])
