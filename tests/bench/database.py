"""A database that lives for one run, with the demo in it."""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import django
from django.core.management import call_command

TEMPLATES = Path(__file__).parent / "templates"


@contextlib.contextmanager
def demo_database(*, on_given: bool = False) -> Iterator[None]:
    """Set Django up on a new SQLite database with the demo, then measure as at work: without DEBUG.

    `on_given` takes the database of DATABASE_URL and the cache of REDIS_URL, if they are set.
    """
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        for name in ("EMAIL_URL",) if on_given else ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
            os.environ.pop(name, None)
        # The demo has public passwords, so it is made with DEBUG.
        os.environ.update(DJANGO_SETTINGS_MODULE="apprenticeship.settings", DEBUG="1", VAR_DIR=folder)
        os.environ.update(LOG_LEVEL="ERROR")
        django.setup()
        started = time.perf_counter()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("demo", stdout=StringIO())
        print(f"Demo made in {time.perf_counter() - started:.1f} s.")
        without_debug()
        yield


def without_debug() -> None:
    """Turn DEBUG off, for templates too, and add the floors to addresses and templates."""
    from django.conf import settings
    from django.template import engines

    settings.DEBUG = False
    settings.ROOT_URLCONF = "tests.bench.urls"
    settings.TEMPLATES[0]["DIRS"].append(TEMPLATES)
    settings.ALLOWED_HOSTS.append("testserver")
    engines._engines.clear()  # they remember DEBUG and folders
    engines.__dict__.pop("templates", None)
