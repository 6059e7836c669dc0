"""What happened stays: append-only, chained by hashes, and a change by raw SQL is found."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models.deletion import ProtectedError

from apprenticeship.accounts.models import User
from apprenticeship.records.events import PROGRAM, first_broken, record
from apprenticeship.records.models import AppendOnlyError, Event, EventChain
from tests.people import person
from tests.records.database import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def five_events(db: None) -> list[Event]:
    """Five events of one chain, about and by different people."""
    people = [person(f"person{number}@example.org") for number in range(2)]
    data = [{"number": number, "ü": [1.5, None]} for number in range(5)]
    return [
        record(PROGRAM, f"verb{number}", by=people[number % 2], subject=people[0], data=data[number])
        for number in range(5)
    ]


def test_each_event_holds_the_hash_before(five_events: list[Event]) -> None:
    stored = list(Event.objects.filter(chain=PROGRAM))
    assert [event.number for event in stored] == [1, 2, 3, 4, 5]
    assert [event.previous for event in stored] == ["", *(event.hash for event in stored[:-1])]
    head = EventChain.objects.get(name=PROGRAM)
    assert (head.length, head.head) == (5, stored[-1].hash)
    assert first_broken(PROGRAM) is None


def test_chains_are_apart(five_events: list[Event]) -> None:
    other = record("employer:1", "founded", by=None)
    assert (other.number, other.previous) == (1, "")
    assert [first_broken("employer:1"), first_broken(PROGRAM), first_broken("nobody's")] == [None, None, None]


def test_event_is_undone_with_its_act(five_events: list[Event]) -> None:
    with transaction.atomic():
        record(PROGRAM, "undone", by=None)
        transaction.set_rollback(True)
    assert record(PROGRAM, "next", by=None).number == 6
    assert first_broken(PROGRAM) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.save(update_fields=["verb"]),
        lambda event: event.delete(),
        lambda event: Event.objects.update(verb="x"),
        lambda event: Event.objects.filter(pk=event.pk).update(verb="x"),
        lambda event: Event.objects.filter(pk=event.pk).delete(),
        lambda event: Event.objects.bulk_update([event], ["verb"]),
        lambda event: Event.objects.update_or_create(pk=event.pk, defaults={"verb": "x"}),
        lambda event: event.chain.events.all().delete(),
        lambda event: event.chain.events.update(verb="x"),
    ],
)
def test_nothing_changes_or_removes_an_event(
    change: Callable[[Event], Any], five_events: list[Event]
) -> None:
    before = list(Event.objects.values())
    event = five_events[2]
    event.verb = "x"
    with pytest.raises(AppendOnlyError), transaction.atomic():
        change(event)
    assert list(Event.objects.values()) == before


def test_chain_with_events_cannot_be_deleted(five_events: list[Event]) -> None:
    with pytest.raises(ProtectedError):
        EventChain.objects.get(name=PROGRAM).delete()
    assert Event.objects.count() == 5


def test_what_somebody_did_outlives_their_account(five_events: list[Event]) -> None:
    ids = [event.user_id for event in five_events]
    User.objects.all().delete()
    assert [event.user_id for event in Event.objects.all()] == ids
    assert first_broken(PROGRAM) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "approve"),
        ("user_id", 4711),
        ("user_id", None),
        ("subject_id", "4711"),
        ("subject_type_id", None),
        ("data", '{"number": 2, "ü": [1.5, 0]}'),
        ("at", dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
        ("previous", "0" * 64),
        ("hash", "0" * 64),
        ("number", 33),
    ],
)
def test_event_changed_by_raw_sql_is_found(column: str, value: Any, five_events: list[Event]) -> None:
    tamper(f"UPDATE records_event SET {column} = %s WHERE number = 3", value)
    assert first_broken(PROGRAM) == 3


def test_event_rewritten_with_a_fitting_hash_is_found_at_the_next(five_events: list[Event]) -> None:
    from apprenticeship.records.events import digest

    forged = five_events[2]
    forged.verb = "approve"
    tamper("UPDATE records_event SET verb = 'approve', hash = %s WHERE number = 3", digest(forged))
    assert first_broken(PROGRAM) == 4


@pytest.mark.parametrize("number", [1, 3, 5])
def test_event_removed_by_raw_sql_is_found(number: int, five_events: list[Event]) -> None:
    tamper("DELETE FROM records_event WHERE number = %s", number)
    assert first_broken(PROGRAM) == number


def test_a_year_of_events_holds() -> None:
    morning = dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)
    for day in range(365):
        with time_machine.travel(morning + dt.timedelta(days=day, microseconds=day), tick=False):
            record("employer:1", "part_saved", by=None, data={"day": day})
    assert first_broken("employer:1") is None
    stored = Event.objects.filter(chain="employer:1")
    assert stored.count() == 365
    assert stored[364].at == dt.datetime(2026, 12, 31, 9, 0, 0, 364, tzinfo=dt.UTC)
