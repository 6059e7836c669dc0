"""The database as migrations leave it, which is laid back after each test that commits.

So every test starts from the same rows, whatever ran before it, and tests may run in any order.
"""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

_migrated: sqlite3.Connection | None = None  # SQLite: the whole file, copied page by page
PATIENCE = 30.0  # seconds that the rows wait for whoever still writes
COPIES = "migrated"  # PostgreSQL: the schema with a copy of each table that has rows


def remember() -> None:
    """Keep the rows of a database that was just migrated."""
    if connection.vendor == "sqlite":
        _remember_file()
    else:
        _copy_tables()


def lay_back(case: Any = None) -> None:
    """Undo everything that was committed since; in the place of Django's `_fixture_teardown`, which only empties."""
    if connection.vendor == "sqlite":
        _lay_back_file()
    else:
        _lay_back_tables()


def _remember_file() -> None:
    global _migrated
    connection.ensure_connection()
    _migrated = sqlite3.connect(":memory:", check_same_thread=False)
    connection.connection.backup(_migrated)


def _lay_back_file() -> None:
    assert _migrated
    connection.ensure_connection()
    _migrated.backup(connection.connection, progress=_within(PATIENCE))


def _within(seconds: float) -> Callable[[int, int, int], None]:
    """Return what ends a copy that waits for another writer for longer: SQLite itself would wait for ever."""
    end = time.monotonic() + seconds

    def watch(status: int, remaining: int, total: int) -> None:
        if status != sqlite3.SQLITE_DONE and time.monotonic() > end:
            raise TimeoutError("Something that a test has started still writes to the database.")

    return watch


def _copy_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {COPIES}")
        for table in _filled(cursor, _tables(cursor)):
            cursor.execute(f"CREATE TABLE {COPIES}.{table} AS TABLE public.{table}")


@transaction.atomic
def _lay_back_tables() -> None:
    with connection.cursor() as cursor:
        filled = ", ".join(_filled(cursor, _tables(cursor)))
        cursor.execute(f"TRUNCATE {filled} CASCADE")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [COPIES])
        for (table,) in cursor.fetchall():
            cursor.execute(f"INSERT INTO public.{table} TABLE {COPIES}.{table}")


def _tables(cursor: CursorWrapper) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [name for (name,) in cursor.fetchall()]


def _filled(cursor: CursorWrapper, tables: list[str]) -> list[str]:
    """Return those tables that have a row."""
    cursor.execute("SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM public.{table})" for table in tables))
    return [table for table, has_rows in zip(tables, cursor.fetchone(), strict=True) if has_rows]
