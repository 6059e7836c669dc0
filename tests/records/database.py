"""Look through the whole database."""

from django.db import connection


def tables_with(text: str) -> set[str]:
    """Return the names of all tables in which `text` stands in some column of some row."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(text in str(value) for row in cursor.fetchall() for value in row):
                found.add(table)
    return found


def everything() -> dict[str, list[str]]:
    """Return every row of every table as text, to compare the database before and after."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = sorted(str(row) for row in cursor.fetchall())
    return rows
