"""News of positions: to those who asked for it and are in reach, once a week at most."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from apprentices import announcing, own
from apprentices.models import Candidate, PositionNews
from apprenticeship.records.queues import work_off_everything
from employers import desk
from employers.models import Employer, Position
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.apprentices.people import candidate
from tests.employers.conftest import journey, manager, owner, program_documents, reviewer  # noqa: F401
from tests.employers.stored import StoredJourney

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer(journey: StoredJourney) -> Employer:
    """An active partner with one position in Duluth, MN, and nothing left to mail."""
    journey.to(State.ACTIVE)
    journey.work_off()
    mail.outbox.clear()
    return journey.onboarding.employer


def told() -> set[str]:
    """Return the names in the addresses of everybody written to about positions."""
    work_off_everything()
    found = {m.to[0].partition("@")[0] for m in mail.outbox if "within your reach" in m.subject}
    mail.outbox.clear()
    return found


def test_those_in_reach_who_asked_are_told_once(employer: Employer) -> None:
    asked = {"wants_openings": True}
    candidate("Near", "55811", travel=10, moving="no", **asked)
    candidate("Mover", "55407", travel=10, moving="state", **asked)
    candidate("Anywhere", "10001", travel=10, moving="anywhere", **asked)
    candidate("Far", "55407", travel=100, moving="no", **asked)
    candidate("Other", "53202", travel=100, moving="state", **asked)
    candidate("Silent", "55811", travel=10)
    candidate("Stopped", "55811", travel=10, status="stopped", **asked)
    assert (announcing.announce(), announcing.announce()) == (3, 0)
    assert told() == {"near", "mover", "anywhere"}


def test_next_position_waits_for_the_next_week(employer: Employer) -> None:
    row = candidate("Near", "55811", travel=10, wants_openings=True)
    assert announcing.announce() == 1
    first = employer.positions.get()
    Position.objects.create(
        employer=employer, branch="new", site=first.site, openings=1, planned_start=first.planned_start
    )
    assert announcing.announce() == 0
    past = timezone.now() - dt.timedelta(days=8)
    Candidate.objects.filter(pk=row.pk).update(news_at=past)
    PositionNews.objects.filter(position=first).update(started_at=past - dt.timedelta(days=1))
    work_off_everything()
    mail.outbox.clear()
    assert (announcing.announce(), announcing.announce()) == (1, 0)
    work_off_everything()
    message = mail.outbox[-1]
    assert message.subject == f"{employer} has an apprenticeship within your reach"  # the second alone
    assert "List-Unsubscribe" in message.extra_headers
    assert PositionNews.objects.get(position=first).done_at is not None


@pytest.mark.parametrize("why", ["suspended", "incumbent", "past", "full", "stopped"])
def test_what_is_not_open_is_no_news(employer: Employer, journey: Journey, why: str) -> None:
    row = candidate("Near", "55811", travel=10, wants_openings=True)
    position = employer.positions.all()
    if why == "suspended":
        desk.suspend(journey.onboarding, by=journey.manager, reason="Late papers.")
    elif why == "stopped":
        own.stop(row)
    else:
        position.update(
            **{
                "incumbent": {"branch": "incumbent"},
                "past": {"planned_start": timezone.localdate() - dt.timedelta(days=1)},
                "full": {"openings": None},
            }[why]
        )
    assert announcing.announce() == 0
    assert told() == set()
