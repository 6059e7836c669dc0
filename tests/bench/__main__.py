"""Measure pages, papers, seals and the worker, and print a table. Asserts nothing.

Usage: python -m tests.bench [pages] [papers] [worker] [seals] [candidates] [desk] [--requests N] [--profile NAME]
On a database of its own with the demo: SQLite, or PostgreSQL and Redis with DATABASE_URL and REDIS_URL.
"""

import argparse
import os
import subprocess
import sys

from tests.bench.database import demo_database

NOT_INSTALLED = 77
SINGLE = ("pages", "papers", "worker", "seals")
LARGE = ("candidates", "desk")  # on databases of their own


def main() -> None:
    """Measure what was asked for, or everything."""
    parser = argparse.ArgumentParser(description="Measure pages, papers, seals and the worker.")
    parser.add_argument("what", nargs="*", default=[*SINGLE, *LARGE])
    parser.add_argument("--requests", type=int, default=40, help="how often each page is fetched")
    parser.add_argument("--profile", default="", help="print where the time of one page goes, by its name")
    options = parser.parse_args()
    for name in LARGE:
        if name in options.what:
            on_large_databases(f"tests.bench.{name}")
    if not options.profile and not set(SINGLE) & set(options.what):
        return
    with demo_database():
        from tests.bench import pages, papers, seals, worker

        if options.profile:
            pages.profile(options.profile, options.requests)
            return
        if "pages" in options.what:
            pages.measure(options.requests)
        if "papers" in options.what:
            papers.measure()
        if "worker" in options.what:
            worker.measure()
        if "seals" in options.what:
            seals.measure()


def on_large_databases(module: str) -> None:
    """Measure on SQLite and, if it is installed, on PostgreSQL: each in a process of its own."""
    command = [sys.executable, "-m", module]
    embedded = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    subprocess.run(command, env=embedded, check=True)
    if subprocess.run([".ci/with-services", *command], check=False).returncode == NOT_INSTALLED:
        print("PostgreSQL is not installed, so its part is left out.")


if __name__ == "__main__":
    main()
