"""The desk with 50 and with 5,000 employers: milliseconds and queries of its pages, and how they grow.

Usage: python -m tests.bench.desk [NAME], or `make bench ARGS=desk` for both databases. Asserts nothing.
NAME prints the plans of one page instead.
"""

import sys
import time
from typing import Any

from tests.bench import table
from tests.bench.database import demo_database

FEW, MANY, EVENTS = 44, 5_000, 200_000  # the demo has 22 employers, and all are copied together
RUNS = 25
COLD = "front page, empty cache"


def main(shown: str = "") -> None:
    """Measure every page on a small and on a large database."""
    with demo_database(on_given=True):
        from django.db import connections

        from employers import kept_figures
        from employers.models import Employer
        from tests.bench.copies import Copies

        copies = Copies()
        copies.grow(FEW)
        kept_figures.count()
        databases = [snapshot("few"), connections["default"]]
        copies.grow(MANY, EVENTS)
        kept_figures.count()
        few, many = measure(databases)
        print(f"{Employer.objects.count():,} employers, {EVENTS:,} events.")
        show(databases[1].vendor, few, many)
        if shown:
            explain(pages()[shown])


def snapshot(name: str) -> Any:
    """Copy the database as it is now and return a connection to the copy."""
    from django.db import connection, connections

    copy = connections.create_connection("default")
    if connection.vendor == "sqlite":
        name = f"{connection.settings_dict['NAME']}-{name}"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [name])
    else:
        connection.close()
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {connection.settings_dict['NAME']}")
    copy.settings_dict = {**copy.settings_dict, "NAME": name}
    return copy


def pages() -> dict[str, Any]:
    """Return the desk's pages by name, as a manager opens them."""
    from django.urls import reverse

    from employers.models import Onboarding
    from employers.onboarding import State
    from tests.bench.pages import Page, signed_in

    manager, queue = signed_in("manager@example.org"), reverse("admin:employers_onboarding_changelist")
    case = Onboarding.objects.filter(state=State.REVIEW).earliest("pk")
    urls = {
        "queue": queue,
        "queue, my work": f"{queue}?tab=mine",
        "queue, unassigned": f"{queue}?tab=unassigned",
        "queue, overdue": f"{queue}?tab=overdue",
        "queue, one state": f"{queue}?state__exact=active",
        "queue, search": f"{queue}?q=lakeside",
        "queue, last page": f"{queue}?p=last",
        "review": reverse("admin:employers_onboarding_change", args=[case.pk]),
        "front page": reverse("admin:index"),
        COLD: reverse("admin:index"),
        "employers": reverse("admin:employers_employer_changelist"),
        "event log": reverse("admin:records_event_changelist"),
    }
    return {name: Page(name, manager, url) for name, url in urls.items()}


def measure(databases: list[Any]) -> list[dict[str, tuple[float, int]]]:
    """Return, for each database, the milliseconds of the fastest request to every page and its queries.

    Databases and pages take turns, so that other work on the machine hits all.
    """
    from django.db import connections

    from tests.bench.pages import count_queries

    found, samples, queries = [], {}, {}
    for _number in range(RUNS):
        for here, connections["default"] in enumerate(databases):
            if len(found) == here:
                found.append(pages())
            for name, page in found[here].items():
                samples.setdefault((here, name), []).append(fetch(page))
    for here, connections["default"] in enumerate(databases):
        queries[here] = {name: count_queries(page) for name, page in found[here].items()}
    return [
        {name: (min(samples[here, name]) * 1000, queries[here][name]) for name in found[here]}
        for here in range(len(databases))
    ]


def fetch(page: Any) -> float:
    """Return the seconds that one request takes, the database among them."""
    from django.core.cache import cache

    if page.name == COLD:
        cache.clear()
    started = time.perf_counter()
    response = page.client.get(page.url)
    spent = time.perf_counter() - started
    assert response.status_code == 200, f"{page.name}: {response.status_code}"
    return spent


def show(vendor: str, few: dict[str, Any], many: dict[str, Any]) -> None:
    """Print the table."""
    head = ("page", f"ms at {FEW}", f"ms at {MANY:,}", "ratio", f"queries at {FEW}", f"queries at {MANY:,}")
    rows = [
        (name, f"{small:.1f}", f"{large:.1f}", f"{large / small:.2f}", queries, queries_then)
        for name, (small, queries) in few.items()
        for large, queries_then in [many[name]]
    ]
    table.show(f"The desk on {vendor}, fastest of {RUNS} requests", head, rows)


def explain(page: Any) -> None:
    """Print every statement of a page with its milliseconds, the slowest first, and its plan."""
    from django.db import connection

    from tests.bench.candidates import plan

    spent: list[tuple[float, str, Any]] = []

    def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.append((time.perf_counter() - started, sql, params))

    with connection.execute_wrapper(timed):
        fetch(page)
    for seconds, sql, params in sorted(spent, key=lambda row: -row[0])[:8]:
        print(f"\n{seconds * 1000:.1f} ms  {sql[:3000]}")
        print(plan(sql, params) if sql.startswith("SELECT") else "")


if __name__ == "__main__":
    main(*sys.argv[1:])
