"""What every test stands on: settings in a folder of their own, and templates that may not guess."""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import FrameType

import pytest
from django.template import Context, Template
from django.template.base import Node
from django.test import TransactionTestCase
from django.test.signals import template_rendered
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from tests import seeded

# Each process, also each of xdist's, has its own files; pytest-django reads these after this module.
VAR_DIR = Path(tempfile.mkdtemp(prefix="portal-tests-"))
atexit.register(shutil.rmtree, VAR_DIR, ignore_errors=True)
worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
if "REDIS_URL" in os.environ:
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rpartition("/")[0] + "/" + worker.removeprefix("gw")
os.environ.update(DJANGO_SETTINGS_MODULE="apprenticeship.settings", DEBUG="1", VAR_DIR=str(VAR_DIR))

# Migrations and tests make much that lives for long; Python would look through all of it some thousand times.
gc.set_threshold(5_000, 20, 50)

# How long an example takes depends on what else the machine does; `make bench` measures.
hypothesis_settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("portal")

WAITING = ("services", "browser")  # folders of tests that start workers and Chromium, and wait for them
TEMPLATES = Path(__file__).parent.parent / "templates"


class Undefined(str):
    """The value of an undefined template variable: "" in the templates of others, a failure in ours.

    Django asks for its truth value (or looks for "%s" in it) before it prints it.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        fail_in_our_templates()
        return False

    def __contains__(self, part: object) -> bool:
        fail_in_our_templates()
        return False


def fail_in_our_templates() -> None:
    """Fail the test if the innermost template node being rendered comes from `templates/`."""
    node = innermost_node(sys._getframe(1))
    if node and Path(node.origin.name).is_relative_to(TEMPLATES):
        pytest.fail(f"undefined variable in {node.origin.name}: {node.token.contents}", pytrace=False)


def innermost_node(frame: FrameType | None) -> Node | None:
    """Return the template node whose rendering called `frame`."""
    while frame:
        node = frame.f_locals.get("self")
        if frame.f_code.co_name == "render_annotated" and isinstance(node, Node):
            return node if getattr(node, "origin", None) else None
        frame = frame.f_back
    return None


def pytest_configure(config: pytest.Config) -> None:
    """Name the test database so that two runs on one machine, or one server, never share it."""
    from django.conf import settings

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")[:12]
    database = settings.DATABASES["default"]
    is_file = database["ENGINE"].endswith("sqlite3")
    name = str(VAR_DIR / "test.sqlite3") if is_file else f"test_portal_{run}"
    database.setdefault("TEST", {})["NAME"] = name
    # The workers of xdist inherit the environment: without a name they too read settings after this module.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()
    settings.WHITENOISE_AUTOREFRESH = True  # otherwise each client of a test looks through all static files
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--services-only`, for a second run of the suite on the databases of real life."""
    text = "leave out tests that use neither a database nor a service, and those that one database proves"
    parser.addoption("--services-only", action="store_true", help=text)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs absent services or need not run twice, and deal out what waits for processes."""
    from django.conf import settings

    if config.getoption("services_only"):
        config.hook.pytest_deselected(items=[item for item in items if not depends_on_services(item)])
        items[:] = [item for item in items if depends_on_services(item)]
    deal_waiting(items)
    is_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    for item in items:
        if item.get_closest_marker("services") and (is_sqlite or not settings.REDIS_URL):
            item.add_marker(pytest.mark.skip(reason="no PostgreSQL and Redis; try .ci/with-services"))


def pytest_collection_finish() -> None:
    """Take what was imported and collected, all of which stays, out of the garbage collector's sight."""
    gc.collect()
    gc.freeze()


def told_once(template: Template, context: Context) -> str:
    """Render a template; tell Django's test client of a page alone, not of its parents and each part of it.

    The client would copy the whole context for each of them.
    """
    if context.template is template:
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


@pytest.fixture(scope="session", autouse=True)
def _pages_alone_are_told(django_test_environment: None) -> None:
    Template._render = told_once


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Lay the seeded rows back after each test that commits, where Django would leave empty tables."""
    with django_db_blocker.unblock():
        seeded.remember()
    TransactionTestCase._fixture_teardown = seeded.lay_back


def depends_on_services(item: pytest.Item) -> bool:
    """Tell whether a test uses the database, or a service, and might see something else on another one."""
    if item.get_closest_marker("once"):
        return False
    by_mark = item.get_closest_marker("django_db") or item.get_closest_marker("services")
    return bool(by_mark or {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())))


def deal_waiting(items: list[pytest.Item]) -> None:
    """Deal what waits for processes to the front of two halves, with which different workers begin.

    So some wait while the others calculate, and all end together.
    """
    waiting = [item for item in items if item.path.parent.name in WAITING]
    quick = [item for item in items if item.path.parent.name not in WAITING]
    half = len(quick) // 2
    items[:] = waiting[::2] + quick[:half] + waiting[1::2] + quick[half:]
