"""How many queries each page costs: the same with one row and with three, and with three hundred in the long lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from apprenticeship.documents.models import Document
from apprenticeship.records.models import Notification
from employers import people
from employers.models import FundingSource, Mentor, Onboarding, Position, Role
from employers.onboarding import State
from employers.samples.amendment import draft
from employers.samples.journey import Journey
from tests.people import browser, colleague_of

pytestmark = pytest.mark.django_db
Counter = Callable[[int], Any]

PAGES = {
    "/onboarding/": 16,
    "/messages/": 6,
    "/onboarding/get-started/": 7,
    "/onboarding/standards/": 9,
    "/onboarding/position/": 8,
    "/onboarding/funding/": 10,
    "/onboarding/mentor/": 8,
    "/onboarding/agreement/": 16,
    "/onboarding/agreement/wages/": 11,
    "/onboarding/approval/": 19,
    "/onboarding/hiring/": 6,
    "/onboarding/print/": 16,
    "/papers/": 8,
    "/mail/": 7,
    "/team/": 7,
}


def add_rows(onboarding: Onboarding, count: int) -> None:
    """Bring sites, positions, sources, mentors, colleagues and invitations to `count` rows each."""
    employer, start = onboarding.employer, timezone.localdate() + dt.timedelta(days=60)
    for number in range(employer.sites.count(), count):
        employer.sites.create(
            name=f"Site {number}", state="MN", zip_code="55805", city="Duluth", street="1 A Street"
        )
    site = employer.sites.first()
    for number in range(1, count):
        Position.objects.create(
            employer=employer, branch="new", site=site, openings=1, planned_start=start, hours_per_week=40
        )
        FundingSource.objects.create(employer=employer, kind="other", amount=Decimal(5000))
        Mentor.objects.create(
            employer=employer, site=site, name=f"M{number}", title="T", email="m@example.org", years=3
        )
        colleague_of(employer, Role.EDITOR)
        people.invite(
            employer, f"invited-{number}@example.org", Role.VIEWER, by=employer.memberships.first().user
        )


def warm(client: Client, url: str) -> None:
    """Fill the caches that only a process's first request fills."""
    client.get(url)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("url", "queries"), PAGES.items())
def test_page_costs_the_same_with_one_row_and_with_three(
    url: str, queries: int, rows: int, journey: Journey, django_assert_num_queries: Counter
) -> None:
    onboarding, client = journey.to(State.SUBMISSION), browser(journey.owner)
    onboarding.employer.sites.filter(positions=None).delete()
    add_rows(onboarding, rows)
    warm(client, url)
    with django_assert_num_queries(queries):
        response = client.get(url)
    assert response.status_code == 200


@pytest.mark.parametrize("rows", [1, 300])
@pytest.mark.parametrize(("url", "queries"), [("/papers/", 8), ("/mail/", 7), ("/onboarding/approval/", 19)])
def test_long_lists_cost_the_same_with_three_hundred_rows(
    url: str, queries: int, rows: int, journey: Journey, django_assert_num_queries: Counter
) -> None:
    onboarding, client = journey.to(State.REVIEW), browser(journey.owner)
    kind = ContentType.objects.get_for_model(onboarding.employer)
    subject = {"subject_type": kind, "subject_id": str(onboarding.employer.pk)}
    Notification.objects.bulk_create(
        Notification(name="welcome", recipient="a@example.org", **subject) for _number in range(rows)
    )
    Document.objects.bulk_create(
        Document(
            kind="application_summary",
            title="Summary",
            effect_key=f"test:{number}",
            code=f"BMET-{number}",
            **subject,
        )
        for number in range(rows)
    )
    warm(client, url)
    with django_assert_num_queries(queries):
        response = client.get(url)
    assert response.status_code == 200


PARTNER_PAGES = {
    "/organization/": 18,
    "/agreement/": 17,
    "/amendment/": 19,
    "/amendment/organization/": 6,
    "/amendment/sites/": 7,
    "/amendment/wages/": 10,
    "/amendment/documents/": 8,
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("url", "queries"), PARTNER_PAGES.items())
def test_partners_page_costs_the_same_with_one_row_and_with_three(
    url: str, queries: int, rows: int, journey: Journey, django_assert_num_queries: Counter
) -> None:
    onboarding, client = journey.to(State.ACTIVE), browser(journey.owner)
    add_rows(onboarding, rows + 1)
    draft(journey)
    warm(client, url)
    with django_assert_num_queries(queries):
        response = client.get(url)
    assert response.status_code == 200
