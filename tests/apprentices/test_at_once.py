"""Double clicks and two windows: real transactions at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apprentices import interest, links
from apprentices.models import Candidate, ConsentText
from apprentices.places import place_of
from apprenticeship.records import events
from apprenticeship.records.models import Event, Notification

pytestmark = pytest.mark.django_db(transaction=True)

HANDS = 4


def at_once(act: Callable[[], Any]) -> list[Any]:
    """Return what `act` answers to several threads that start together."""
    start = Barrier(HANDS)

    def run(number: int) -> Any:
        try:
            start.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(run, range(HANDS)))


def test_many_clicks_make_one_candidate_and_one_mail_a_step() -> None:
    place, consent = place_of("53202"), ConsentText.objects.latest("version")
    assert place is not None
    answers = interest.Answers(
        name="Ada Ortiz", email="ada@example.org", place=place, asked_age=16, consent=consent
    )
    at_once(lambda: interest.express(answers))
    candidate = Candidate.objects.get()
    links.confirm_path(str(candidate.pk))
    candidate.refresh_from_db()
    assert sorted(at_once(lambda: interest.confirm(candidate))) == [False] * (HANDS - 1) + [True]
    assert sorted(Notification.objects.values_list("name", flat=True)) == [
        "candidate_confirm",
        "candidate_confirmed",
    ]

    at_once(lambda: interest.erase(candidate, by=None))
    assert (Candidate.objects.count(), Notification.objects.count()) == (0, 0)
    verbs = list(Event.objects.filter(chain=events.CANDIDATES).values_list("verb", flat=True))
    assert verbs == ["candidate_added", "candidate_confirmed", "candidate_deleted"]
    assert events.first_broken(events.CANDIDATES) is None
