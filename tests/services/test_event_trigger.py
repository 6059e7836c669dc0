"""PostgreSQL itself refuses to change or delete an event, whoever asks; emptying a table for a test stays possible."""

import pytest
from django.db import IntegrityError, connection, transaction

from apprenticeship.records.events import PROGRAM, first_broken, record
from apprenticeship.records.models import Event

pytestmark = [pytest.mark.services, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def three_events(db: None) -> None:
    """Three events of one chain."""
    for number in range(3):
        record(PROGRAM, f"verb{number}", by=None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_event SET verb = 'x' WHERE number = 2",
        "UPDATE records_event SET verb = verb",
        "UPDATE records_event SET number = number + 10",
        "DELETE FROM records_event WHERE number = 2",
        "DELETE FROM records_event",
        "INSERT INTO records_event SELECT * FROM records_event ON CONFLICT (id) DO UPDATE SET verb = 'x'",
    ],
)
def test_raw_sql_is_refused(statement: str) -> None:
    before = list(Event.objects.values())
    with (
        pytest.raises(IntegrityError, match=r"Events cannot be changed or deleted\."),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(Event.objects.values()) == before
    assert first_broken(PROGRAM) is None


def test_events_are_still_appended() -> None:
    assert record(PROGRAM, "next", by=None).number == 4


def test_table_can_be_emptied_between_tests() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE records_event CASCADE")
    assert Event.objects.count() == 0
