"""The search for candidates on a large table: milliseconds of each kind of page, and the plans.

Usage: python -m tests.bench.candidates, or `make bench ARGS=candidates` for both databases.
One million rows on PostgreSQL (DATABASE_URL), 50,000 on SQLite without it. Asserts nothing.
"""

import csv
import os
import re
import statistics
import tempfile
import time
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Any

import django
from django.core.management import call_command

from tests.bench import table

if TYPE_CHECKING:
    from apprentices.models import Candidate
    from apprentices.search import Filters, Found, Key

ROWS = {"postgresql": 1_000_000, "sqlite": 50_000}
AT_ONCE = 5_000
RUNS = 9
FIVE: dict[str, Any] = {"served": True, "available": 0, "education": 5, "electronics": True, "clinical": True}
FOLLOWING = 12  # pages turned before the following page is measured


def main() -> None:
    """Fill a database of its own and measure."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ.update(DJANGO_SETTINGS_MODULE="apprenticeship.settings", DEBUG="1", VAR_DIR=folder)
        os.environ.pop("REDIS_URL", None)
        django.setup()
        from django.conf import settings
        from django.db import connection

        settings.DEBUG = False  # which remembers every statement
        call_command("migrate", verbosity=0)

        fill(ROWS[connection.vendor])
        measure()


def fill(count: int) -> None:
    """Insert sample candidates in bulk, and let the database count its words and values."""
    from django.db import connection, transaction

    from apprentices import samples
    from apprentices.models import Candidate, ConsentText

    started = time.perf_counter()
    rows = samples.rows(count, ConsentText.objects.latest("version"))
    with transaction.atomic():
        while batch := list(islice(rows, AT_ONCE)):
            if connection.vendor == "postgresql":
                copy(batch)
            else:
                Candidate.objects.bulk_create(batch)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"{count:,} candidates inserted in {time.perf_counter() - started:.0f} s on {connection.vendor}.")


def copy(rows: "list[Candidate]") -> None:
    """Insert rows by PostgreSQL's COPY, some five times faster than INSERT."""
    from django.db import connection

    fields = type(rows[0])._meta.concrete_fields
    file = StringIO()
    write = csv.writer(file)
    for row in rows:
        write.writerow("\\N" if (value := getattr(row, field.attname)) is None else value for field in fields)
    file.seek(0)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        table_name = type(rows[0])._meta.db_table
        cursor.copy_expert(f"COPY {table_name} ({columns}) FROM STDIN WITH (FORMAT csv, NULL '\\N')", file)  # type: ignore[attr-defined]


def searches() -> "dict[str, Filters]":
    """Return one search of each kind, by name."""
    from apprentices.search import Filters

    return {
        "everybody": Filters(),
        "region": Filters(region=5),
        "state": Filters(state="TX"),
        "region, right away": Filters(region=5, available=0),
        "state, served": Filters(state="WI", served=True),
        "25 miles, New York": Filters(origin="10001", miles=25),
        "100 miles, New York": Filters(origin="10001", miles=100),
        "250 miles, Chicago": Filters(origin="60601", miles=250),
        "250 miles, served, right away": Filters(origin="60601", miles=250, served=True, available=0),
        "50 miles, newest first": Filters(origin="60601", miles=50, newest_first=True),
        "rare word in a region": Filters(region=5, words="kit0042"),
        "common word in a region": Filters(region=5, words="radios"),
        "rare word, whole country": Filters(words="kit0042"),
        "common word, whole country": Filters(words="radios"),
        "region, five choices": Filters(region=5, **FIVE),
        "250 miles, five choices": Filters(origin="60601", miles=250, **FIVE),
        "five choices, whole country": Filters(**FIVE),
    }


def measure() -> None:
    """Print what the first and a following page of every search cost, then the plans."""
    lines, plans = [], []
    for name, filters in searches().items():
        found, *first, statements = run(filters, None)
        key = _turned(filters, found)
        following = run(filters, key)[1:4] if key else ("–",) * 3
        count = f"{found.count:,}{'+' if found.is_more else ''}"
        lines.append((name, count, *first, *following))
        plans.append((name, [plan(*statement) for statement in statements]))
    head = ("search", "found", "server", "with the way there", "whole", f"page {FOLLOWING + 1}: server",
            "with the way there", "whole")  # fmt: skip
    title = f"Search, milliseconds, median of {RUNS}; a first page is list, capped count and map"
    table.show(title, head, lines)
    print("\nPlans of the first page, one line a query")
    for name, steps in plans:
        print(f"  {name}")
        for step in steps:
            print(f"    {step}")


def _turned(filters: "Filters", found: "Found") -> "Key | None":
    """Return the key after some pages, or None if there are not so many."""
    from apprentices.search import Key, find

    key = None
    for _page in range(FOLLOWING):
        key = Key.of(found.next_key)
        if key is None:
            return None
        found = find(filters, key)
    return key


def run(filters: "Filters", key: "Key | None") -> "tuple[Found, str, str, str, list[tuple[str, Any]]]":
    """Return what was found, the median milliseconds in the server, there and back, and as a whole, and the SQL."""
    from django.db import connection

    from apprentices.search import find

    inside, whole, statements = [], [], []

    def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            inside[-1] += time.perf_counter() - started
            if len(inside) == 1 and "apprentices_candidate" in sql:
                statements.append((sql, params))

    found = find(filters, key)  # what a process's first request fills
    with connection.execute_wrapper(timed):
        for _run in range(RUNS):
            inside.append(0.0)
            started = time.perf_counter()
            found = find(filters, key)
            whole.append(time.perf_counter() - started)
    milliseconds = [f"{statistics.median(times) * 1000:.1f}" for times in (inside, whole)]
    return found, in_server(statements), *milliseconds, statements  # type: ignore[return-value]


def in_server(statements: "list[tuple[str, Any]]") -> str:
    """Return the median milliseconds that PostgreSQL itself names for planning and running all of them."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return "–"
    totals = []
    for _run in range(RUNS):
        lines = []
        for sql, params in statements:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}", params)
                lines += [str(row[0]) for row in cursor.fetchall()]
        totals.append(
            sum(
                float(found)
                for found in re.findall(r"(?:Planning|Execution) Time: ([\d.]+)", "\n".join(lines))
            )
        )
    return f"{statistics.median(totals):.1f}"


def plan(sql: str, params: Any) -> str:
    """Return the scans and sorts of a statement, as the database says them."""
    from django.db import connection

    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}", params)
        lines = [str(row[-1]).strip(" ->") for row in cursor.fetchall()]
    wanted = ("Scan", "Sort", "SCAN", "SEARCH", "TEMP B-TREE")
    return " < ".join(re.sub(r"  \(cost.*|using | on apprentices_candidate", "", line)[:70] for line in lines
                      if any(word in line for word in wanted) and not line.startswith("Sort Key"))  # fmt: skip


if __name__ == "__main__":
    main()
