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
from apprenticeship.records.events import record
from apprenticeship.records.models import Notification
from employers import paper_path, people
from employers.models import FundingSource, Mentor, Onboarding, Position, Role
from employers.onboarding import Part, State
from employers.samples.amendment import draft
from employers.samples.journey import Journey
from tests.employers.desk_fixtures import page_of
from tests.people import browser, colleague_of

pytestmark = pytest.mark.django_db
Counter = Callable[[int], Any]

PAGES = {
    "/onboarding/": 7,
    "/messages/": 5,
    "/onboarding/get-started/": 3,
    "/onboarding/standards/": 4,
    "/onboarding/position/": 3,
    "/onboarding/funding/": 4,
    "/onboarding/mentor/": 3,
    "/onboarding/agreement/": 6,
    "/onboarding/agreement/wages/": 4,
    "/onboarding/approval/": 8,
    "/onboarding/hiring/": 5,
    "/onboarding/print/": 6,
    "/papers/": 7,
    "/mail/": 6,
    "/team/": 6,
}
# What it costs while AAMI asks for changes.
IN_CHANGES = {
    "/onboarding/": 6,
    "/onboarding/get-started/": 3,
    "/onboarding/agreement/": 6,
    "/onboarding/approval/": 8,
}
# What it costs while an agreement waits for its signature.
TO_SIGN = {
    "/onboarding/agreement/": 5,
    "/onboarding/agreement/sign/": 8,
    "/onboarding/agreement/paper/": 6,
}
LONG = {"/onboarding/": 6, "/onboarding/approval/": 8, "/papers/": 7, "/mail/": 6, "/team/": 6}


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


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("url", "queries"), IN_CHANGES.items())
def test_page_costs_the_same_for_one_flag_and_for_three(
    url: str, queries: int, rows: int, journey: Journey, django_assert_num_queries: Counter
) -> None:
    onboarding, client = journey.to(State.CHANGES), browser(journey.owner)
    request = onboarding.change_requests.get()
    request.flagged_parts.all().delete()
    for part in (Part.PROFILE, Part.AGREEMENT, Part.FUNDING)[:rows]:
        request.flagged_parts.create(part=part, note="Look again.")
    onboarding.messages.create(author=journey.reviewer, text="Which grant?", is_from_staff=True)
    warm(client, url)
    with django_assert_num_queries(queries):
        response = client.get(url)
    assert response.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("url", "queries"), TO_SIGN.items())
def test_page_of_the_signature_costs_the_same(
    url: str, queries: int, rows: int, journey: Journey, django_assert_num_queries: Counter
) -> None:
    onboarding, client = journey.to(State.AGREEMENT), browser(journey.owner)
    journey.build_wages()
    named = {"signatory_name": journey.owner.name, "signatory_email": journey.owner.email}
    Onboarding.objects.filter(pk=onboarding.pk).update(**named)
    paper_path.present(onboarding, by=journey.owner)
    add_rows(onboarding, rows)
    warm(client, url)
    with django_assert_num_queries(queries):
        response = client.get(url)
    assert response.status_code == 200


def add_papers(onboarding: Onboarding, count: int) -> None:
    """Add as many mails, papers and things that happened to the employer."""
    employer = onboarding.employer
    kind = ContentType.objects.get_for_model(employer)
    subject = {"subject_type": kind, "subject_id": str(employer.pk)}
    Notification.objects.bulk_create(
        Notification(name="welcome", recipient="a@example.org", **subject) for _number in range(count)
    )
    Document.objects.bulk_create(
        Document(
            kind="application_summary",
            title="Summary",
            effect_key=f"test:{number}",
            code=f"BMET-{number}",
            **subject,
        )
        for number in range(count)
    )
    for _number in range(count):
        record(employer.chain, "colleague_invited", by=None, subject=onboarding)


@pytest.mark.parametrize("rows", [1, 300])
@pytest.mark.parametrize(("url", "queries"), LONG.items())
def test_long_lists_cost_the_same_with_three_hundred_rows(
    url: str, queries: int, rows: int, journey: Journey, django_assert_num_queries: Counter
) -> None:
    onboarding, client = journey.to(State.REVIEW), browser(journey.owner)
    add_papers(onboarding, rows)
    warm(client, url)
    with django_assert_num_queries(queries):
        response = client.get(url)
    assert response.status_code == 200


PARTNER_PAGES = {
    "/organization/": 9,
    "/agreement/": 15,
    "/amendment/": 11,
    "/amendment/organization/": 5,
    "/amendment/sites/": 6,
    "/amendment/wages/": 9,
    "/amendment/documents/": 7,
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


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_review_page_costs_the_same_for_any_number_of_rows(
    rows: int, journey: Journey, django_assert_num_queries: Counter
) -> None:
    onboarding, client = journey.to(State.REVIEW), browser(journey.reviewer)
    add_rows(onboarding, min(rows, 3))
    add_papers(onboarding, rows)
    warm(client, page_of(onboarding))
    with django_assert_num_queries(15):
        response = client.get(page_of(onboarding))
    assert response.status_code == 200


def test_review_page_of_a_case_that_was_never_submitted(
    journey: Journey, django_assert_num_queries: Counter
) -> None:
    onboarding, client = journey.to(State.SUBMISSION), browser(journey.reviewer)
    add_rows(onboarding, 3)
    warm(client, page_of(onboarding))
    with django_assert_num_queries(15):
        response = client.get(page_of(onboarding))
    assert response.status_code == 200
