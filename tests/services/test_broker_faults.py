"""A broker that is frozen or gone delays a submission by two seconds at most and loses nothing.

A real web server on PostgreSQL with a Redis of the test's own.
"""

import http.cookies
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.records import queues
from apprenticeship.records.models import Notification, Status
from employers.models import Onboarding, Submission
from employers.onboarding import State
from tests.people import browser
from tests.records.mail_server import free_port
from tests.services.processes import running, wait_until
from tests.services.redis_server import REDIS, Server

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not REDIS, reason="no redis-server to freeze; apt-get install redis-server"),
]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
LIMIT = 3.5  # seconds: the two of the broker, and what a busy machine adds; to wait twice would take four


class Tab:
    """A browser tab that is signed in."""

    def __init__(self, site: str, user: User) -> None:
        self.site = site
        self.cookies = http.cookies.SimpleCookie({"sessionid": browser(user).cookies["sessionid"].value})

    def fetch(self, path: str, fields: dict[str, str] | None = None) -> str:
        """Return the page that a GET, or a POST of fields, ends at."""
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        request = urllib.request.Request(self.site + path, data, {"Cookie": cookies, "Origin": self.site})
        with urllib.request.build_opener(NoRedirect).open(request, timeout=60) as response:
            for header in response.headers.get_all("Set-Cookie") or ():
                self.cookies.load(header)
            return str(response.read().decode())


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirect as the answer."""

    def http_error_302(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        """Return the answer itself."""
        return fp


@pytest.fixture
def site(process_environment: dict[str, str], server: Server, tmp_path: Path) -> Iterator[str]:
    """The address of a web server whose broker and cache are the test's Redis."""
    port = free_port()
    environment = process_environment | {"REDIS_URL": server.url, "PORT": f"{port}"}
    with running(
        tmp_path / "web.log", environment, "gunicorn", "apprenticeship.wsgi", "--bind", f"127.0.0.1:{port}"
    ) as web:
        wait_until(lambda: web.says("Booting worker"))
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("fault", [Server.freeze, Server.kill])
def test_submission_survives_a_broker_that_does_not_answer(
    fault: Callable[[Server], None], site: str, server: Server, at: Callable[[State], Onboarding], owner: User
) -> None:
    at(State.SUBMISSION)
    tab, path = Tab(site, owner), reverse("employers:step", args=["approval"])
    token = TOKEN.findall(tab.fetch(path))[0]
    before = set(waiting())
    fault(server)
    started = time.monotonic()
    tab.fetch(path, {"csrfmiddlewaretoken": token, "action": "submit"})
    assert time.monotonic() - started < LIMIT
    assert (Onboarding.objects.get().state, Submission.objects.count()) == (State.REVIEW, 1)
    new = [row for row in waiting() if row not in before]
    assert sorted(name for name, _pk in new) == [
        "documents",
        "notifications",
        "notifications",
        "notifications",
    ]
    assert sorted(queues.due()) == sorted(waiting())

    started = time.monotonic()
    assert tab.fetch(path).count("Submitted. AAMI has it now; you hear from us by mail.") == 1
    assert time.monotonic() - started < LIMIT
    server.thaw() if fault is Server.freeze else server.start()
    assert queues.work_off_everything() >= len(new)
    assert waiting() == []


def waiting() -> list[tuple[str, Any]]:
    """Return queue and key of every row that is not over."""
    kinds: tuple[tuple[str, Any], ...] = (("documents", Document), ("notifications", Notification))
    return [
        (name, pk)
        for name, model in kinds
        for pk in model.objects.filter(status=Status.PENDING).values_list("pk", flat=True)
    ]
