"""Chromium against a live server, at the widths, in the themes and with the worker of real life."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.services.processes import database_url

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A page that draws no frames finishes no animation: it is looked at as it is after two seconds.
SETTLED = """() => Promise.race([
    Promise.allSettled(document.getAnimations().map(animation => animation.finished)),
    new Promise(done => setTimeout(done, 2000)),
])"""
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLORS = ["color-contrast", "link-in-text-block"]  # all that a theme changes

PageOpener = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder, and leave it out where there is no Chromium."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no chromium; apt-get install chromium"))


@pytest.fixture(scope="session")
def session_browser() -> Iterator[tuple[Browser, AbstractEventLoop]]:
    """Start one Chromium for the session; return it with the loop by which Playwright talks to it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield browser, loop
        asyncio._set_running_loop(loop)
        browser.close()


@pytest.fixture
def browser(
    session_browser: tuple[Browser, AbstractEventLoop], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Browser]:
    """Return Chromium.

    Playwright's loop runs in this thread and is seen while this test runs alone: Django takes the thread for
    asynchronous code, and who runs a loop of his own to seal a paper is refused.
    """
    browser, loop = session_browser
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    asyncio._set_running_loop(loop)
    yield browser
    asyncio._set_running_loop(None)


@pytest.fixture
def portal(live_server: LiveServer, settings: Settings) -> str:
    """Return the address of a live server that mails and papers link to, without a slash at its end."""
    settings.SITE_URL = live_server.url
    settings.EMAIL_BACKEND = "apprenticeship.records.mail_folder.EmailBackend"
    cache.clear()  # limits count the tests before
    shutil.rmtree(settings.EMAIL_FILE_PATH, ignore_errors=True)  # mail of the test before
    return live_server.url


@pytest.fixture
def worker(portal: str, settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Run a real Celery worker with beat on the test database and the test folder."""
    environment = os.environ | {"DATABASE_URL": database_url(), "SITE_URL": portal}
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "apprenticeship", "worker", "--beat"]
    process = subprocess.Popen(
        [*command, "--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat"],
        env=environment,
        start_new_session=True,
    )
    yield process
    os.killpg(process.pid, signal.SIGKILL)  # loses nothing; asked to end, it would first sleep out its beat
    process.wait()


@pytest.fixture
def open_page(browser: Browser, portal: str) -> Iterator[PageOpener]:
    """Return a function that opens a page of a new visitor: open_page(width=375, dark=True, js=False).

    A script error, a blocked resource or a console error on the page fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(*, width: int = 1280, dark: bool = False, js: bool = True) -> Page:
        context = browser.new_context(
            base_url=portal,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=js,
            reduced_motion="reduce",
            locale="en-US",
        )
        context.set_default_timeout(30_000)  # the machine may be busy
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console", lambda m: complaints.append(f"{page.url}: {m.text}") if m.type == "error" else None
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: PageOpener) -> Page:
    """Open one page: 1280 px, light, with JavaScript."""
    return open_page()


@pytest.fixture(
    params=[(375, False), (375, True), (1280, False), (1280, True)], ids=lambda p: f"{p[0]}{'-dark' * p[1]}"
)
def any_page(request: pytest.FixtureRequest, open_page: PageOpener) -> Page:
    """Open one page at each width in each theme: the test runs four times."""
    width, dark = request.param
    return open_page(width=width, dark=dark)


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """Return a function that lists what axe finds on a page at rest, as "rule: selector" lines.

    Its script is evaluated, not inserted, so that the content security policy stays as it is. `colors_only` looks
    again at a page in another theme.
    """

    def find(page: Page, *, colors_only: bool = False) -> list[str]:
        page.evaluate(SETTLED)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        found: dict[str, Any] = page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})",
            COLORS if colors_only else WCAG,
        )
        return [f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]]

    return find
