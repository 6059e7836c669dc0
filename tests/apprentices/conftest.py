"""Somebody who fills in the form, and the mail they get."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.apprentices.answers import ANSWERS, INTEREST

if TYPE_CHECKING:
    from apprentices.models import Candidate
    from apprenticeship.accounts.models import User
    from tests.employers.stored import StoredJourney

# Models are imported where they are used: pytest reads this file before Django is set up.


@pytest.fixture(autouse=True)
def _fresh_counts(settings: Any) -> None:
    """Count forms anew in each test, in a cache that needs no query; the form was open for a minute."""
    from apprentices.forms.traps import stamp

    ANSWERS["opened"] = stamp(age=60)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def mailed_link() -> Callable[[], str]:
    """Return a function that works off the queue and returns the path in the newest mail."""

    from apprenticeship.records.queues import work_off_everything

    def newest() -> str:
        work_off_everything()
        found = re.findall(r"https?://[^/\s]+(/interest/\w+/[\w-]+/)", str(mail.outbox[-1].body))
        assert len(found) == 1
        return str(found[0])

    return newest


@pytest.fixture
def confirmed(client: Client, mailed_link: Callable[[], str]) -> "Candidate":
    """Somebody on the list, both mails sent."""
    from apprentices.models import Candidate
    from apprenticeship.records.queues import work_off_everything

    client.post(INTEREST, ANSWERS)
    client.post(mailed_link(), {"answer": "confirm"})
    work_off_everything()
    return Candidate.objects.get(email="ada@example.org")


@pytest.fixture
def manager(db: None) -> "User":
    """Staff who may do everything."""
    from apprenticeship.accounts.models import User

    return User.objects.create_superuser("manager@example.org", "demo-pass-2026", name="Max Manager")


@pytest.fixture
def partner(journey: "StoredJourney") -> Client:
    """The owner of an active partner with sites in Duluth, MN and Superior, WI, its papers made."""
    from employers.onboarding import State
    from tests.people import browser

    journey.to(State.ACTIVE)
    journey.work_off()
    return browser(journey.owner)
