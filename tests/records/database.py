"""Look through the whole database, and change what no code of ours may change."""

from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper


def fetched(cursor: CursorWrapper) -> list[tuple[Any, ...]]:
    """Return the rows of a query, bytes as bytes: PostgreSQL's driver gives a view whose text is its address."""
    return [
        tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
        for row in cursor.fetchall()
    ]


def tables_with(text: str) -> set[str]:
    """Return the names of all tables in which `text` stands in some column of some row."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(text in str(value) for row in fetched(cursor) for value in row):
                found.add(table)
    return found


def everything() -> dict[str, list[str]]:
    """Return every row of every table as text, to compare the database before and after."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = sorted(str(row) for row in fetched(cursor))
    return rows


def tamper(statement: str, *values: Any) -> None:
    """Change events by raw SQL as the owner of a database can: on PostgreSQL without triggers and foreign keys."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")
