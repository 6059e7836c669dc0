"""Measure pages, papers and the worker, and print a table. Asserts nothing.

Usage: python -m tests.bench [pages] [papers] [worker] [--requests N] [--profile NAME]
On a database of its own with the demo: SQLite, or PostgreSQL and Redis with DATABASE_URL and REDIS_URL.
"""

import argparse

from tests.bench.database import demo_database


def main() -> None:
    """Measure what was asked for, or everything."""
    parser = argparse.ArgumentParser(description="Measure pages, papers and the worker.")
    parser.add_argument("what", nargs="*", default=["pages", "papers", "worker"])
    parser.add_argument("--requests", type=int, default=40, help="how often each page is fetched")
    parser.add_argument("--profile", default="", help="print where the time of one page goes, by its name")
    options = parser.parse_args()
    with demo_database():
        from tests.bench import pages, papers, worker

        if options.profile:
            pages.profile(options.profile, options.requests)
            return
        if "pages" in options.what:
            pages.measure(options.requests)
        if "papers" in options.what:
            papers.measure()
        if "worker" in options.what:
            worker.measure()


if __name__ == "__main__":
    main()
