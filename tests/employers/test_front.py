"""The admin's front page: every figure counts the list it leads to, in constant queries."""

import datetime as dt
import statistics
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db.models import Value
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.months import last_months
from apprenticeship.program.models import Program
from apprenticeship.records.events import record
from apprenticeship.records.models import Notification, Status
from employers import figures, kept_figures, tasks
from employers.aging import clock, target_days
from employers.models import (
    DeskFigures,
    Employer,
    LogoCard,
    Move,
    Onboarding,
    Registration,
    RegistrationAttempt,
    Submission,
)
from employers.onboarding import State
from employers.samples import hospitals
from employers.samples.journey import Journey
from tests.desk_figures import compare_with_lists, unlinked
from tests.pages import visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db
FRONT = "/admin/"
NOW = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def start(program_documents: None, reviewer: User, manager: User) -> Callable[[], Journey]:
    """Return a function that starts another sample employer."""

    def make() -> Journey:
        owner = person(f"owner{User.objects.count()}@example.org", "Dana Whitfield")
        return Journey(hospitals.LAKESIDE, owner, reviewer, manager)

    return make


def test_every_figure_counts_the_list_it_leads_to(start: Callable[[], Journey], manager: User) -> None:
    for state in (State.STANDARDS, State.REVIEW, State.REGISTRATION, State.ACTIVE, State.CHANGES):
        start().to(state)
    old = start().to(State.REVIEW)
    Onboarding.objects.filter(pk=old.pk).update(state_since=timezone.now() - dt.timedelta(days=40))
    for case in Onboarding.objects.filter(
        state__in=[State.ACTIVE, State.CHANGES]
    ):  # only the partner's waits
        LogoCard.objects.create(employer=case.employer, status="waiting", display_name="Card", sent_at=NOW)
    Notification.objects.update(status=Status.FAILED)
    Document.objects.update(created_at=timezone.now() - dt.timedelta(hours=1))
    client = browser(manager)
    page = visit(client, FRONT)
    assert compare_with_lists(client, page) > 40
    assert unlinked(page) == []
    assert "1 logo card to approve" in page.words("//ul[@class='desk-strip']/li")


def test_strip_and_states_say_where_cases_are(start: Callable[[], Journey], manager: User) -> None:
    for state in (State.REVIEW, State.REVIEW, State.REGISTRATION, State.ACTIVE):
        start().to(state)
    page = visit(browser(manager), FRONT)
    assert page.words("//ul[@class='desk-strip']/li") == [
        "2 in review at AAMI", "2 without a reviewer", "0 past their target", "1 with the DOL", "1 active partner",
        "0 logo cards to approve",
    ]  # fmt: skip
    assert page.words("//section[@aria-labelledby='aging']//li/a") == ["Lakeside Regional Medical Center"] * 3


def test_ages_split_at_whole_days(start: Callable[[], Journey]) -> None:
    cases = [start().onboarding for _number in range(5)]
    with time_machine.travel(NOW, tick=False):
        for case, days in zip(cases, (7, 8, 30, 31, 91), strict=True):
            Onboarding.objects.filter(pk=case.pk).update(state_since=NOW - dt.timedelta(days=days))
        assert figures.by_age() == {"get_started": {"week": 1, "month": 2, "quarter": 1, "older": 1}}


def test_due_first_are_the_first_of_all_cases_with_a_target(manager: User) -> None:
    targets, now = target_days(Program.objects.current()), timezone.now()
    states = [State.REVIEW, State.CHANGES, State.REGISTRATION, State.REGISTRATION, State.ACTIVE]
    for number in range(60):
        since = now - dt.timedelta(days=number * 37 % 61, minutes=number)
        employer = Employer.objects.create(legal_name=f"Hospital {number}")
        case = Onboarding.objects.create(employer=employer, state=states[number % 5], state_since=since)
        if number % 5 == 3:
            RegistrationAttempt.objects.create(
                registration=Registration.objects.create(onboarding=case), number=1, status="sent",
                since=since + dt.timedelta(days=5), sent_on=since.date(),
            )  # fmt: skip
    days = {key: Value(count) for key, count in targets.items()}
    every = Onboarding.objects.annotate(**clock(days)).exclude(target=None)
    due = sorted(every, key=lambda case: case.clock_since + dt.timedelta(days=case.target))
    assert [case.pk for case in figures.aging(targets)] == [case.pk for case in due[:10]]


def moved(case: Onboarding, edge: str, days: float, **facts: Any) -> Move:
    """Add a move that ends a stay of so many days."""
    source = facts.pop("source", State.FUNDING)
    event = record(case.employer.chain, edge, by=None, subject=case)
    at = facts.pop("at", NOW)
    row = Move(
        onboarding=case, event=event, edge=edge, source=source, target=State.MENTOR,
        since=at - dt.timedelta(days=days), at=at, **facts,
    )  # fmt: skip
    row.save()
    return row


@pytest.mark.parametrize(
    "days", [[3.0], [1.0, 5.0], [2.0, 9.0, 4.0], [1.0, 2.0, 8.0, 30.0], [0.5] * 4 + [7.0]]
)
def test_median_is_that_of_people_who_finished(days: list[float], start: Callable[[], Journey]) -> None:
    case = start().onboarding
    for stay in days:
        moved(case, "secure_funding", stay)
    moved(case, "secure_funding", 0, is_walk=True)  # went by itself
    moved(case, "withdraw", 200)
    moved(case, "step_back", 100)
    moved(case, "secure_funding", 50, at=NOW - dt.timedelta(days=366))
    with time_machine.travel(NOW, tick=False):
        stay = kept_figures.newest().stays["funding"]
    assert (round(stay.days, 6), stay.count) == (round(statistics.median(days), 6), len(days))


def test_funnel_counts_an_employer_once_however_often_it_came(start: Callable[[], Journey]) -> None:
    first, second = start(), start()
    first.to(State.CHANGES)
    first.onboarding.change_requests.get().flagged_parts.update(answer="Done.")
    from employers.transitions import advance

    advance(first.onboarding, "resubmit", by=first.owner)
    second.to(State.POSITION)
    found = kept_figures.newest().reached
    assert [found.get(state, 0) for state in kept_figures.STAGES] == [2, 2, 2, 1, 1, 1, 1, 1, 0, 0]


def test_months_are_counted_in_utc_and_end_with_this_one(start: Callable[[], Journey]) -> None:
    case = start().onboarding
    times = ["2025-11-30T23:59:59", "2025-12-01T00:00:00", "2026-10-31T23:30:00", "2026-11-01T00:30:00"]
    for number, at in enumerate(times, start=1):
        Submission.objects.create(
            onboarding=case, number=number, submitted_at=dt.datetime.fromisoformat(at + "+00:00"),
            answers={}, sha256="0" * 64,
        )  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        slow = kept_figures.newest()
    assert (slow.months[0], slow.months[-1]) == (dt.date(2025, 12, 1), dt.date(2026, 11, 1))
    assert tuple(slow.submissions) == (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1)


def test_last_months_cross_the_year() -> None:
    assert last_months(dt.date(2026, 1, 31))[::11] == (dt.date(2025, 2, 1), dt.date(2026, 1, 1))
    assert last_months(dt.date(2025, 12, 1))[::11] == (dt.date(2025, 1, 1), dt.date(2025, 12, 1))


def test_slow_figures_are_as_of_the_time_they_say(start: Callable[[], Journey], manager: User) -> None:
    client = browser(manager)
    with time_machine.travel(NOW, tick=False):
        start()
        assert "Counted at 12:00 UTC." in visit(client, FRONT).text
    with time_machine.travel(NOW + dt.timedelta(minutes=4), tick=False):
        start()
        assert "Counted at 12:00 UTC." in visit(client, FRONT).text
    with time_machine.travel(NOW + dt.timedelta(minutes=5), tick=False):
        tasks.count_figures()
        assert "Counted at 12:05 UTC." in visit(client, FRONT).text
        assert kept_figures.newest().reached["get_started"] == 2


def test_slow_figures_are_counted_by_a_page_if_no_worker_does(start: Callable[[], Journey]) -> None:
    start()
    with time_machine.travel(NOW, tick=False):
        kept_figures.newest()
    start()
    with time_machine.travel(NOW + dt.timedelta(minutes=29), tick=False):
        assert kept_figures.newest().reached["get_started"] == 1
    with time_machine.travel(NOW + dt.timedelta(minutes=30), tick=False):
        assert kept_figures.newest().reached["get_started"] == 2
    assert DeskFigures.objects.count() == 1


def test_staff_without_a_role_see_no_figure(start: Callable[[], Journey]) -> None:
    start().to(State.REVIEW)
    somebody = person("una@example.org", "Una")
    User.objects.filter(pk=somebody.pk).update(is_staff=True)
    page = visit(browser(User.objects.get(pk=somebody.pk)), FRONT)
    assert page.words("//main//h2") == ["All lists and settings"]
    assert "Ask a superuser for one." in page.text


def test_mail_and_papers_say_what_is_stuck(start: Callable[[], Journey], manager: User) -> None:
    start().to(State.REVIEW)
    Notification.objects.update(status=Status.DONE)
    Document.objects.update(status=Status.DONE)
    tags = "//section[@aria-labelledby='health']//span[contains(@class, 'tag')]"
    assert visit(browser(manager), FRONT).words(tags) == ["Nothing stuck", "Nothing stuck"]
    Notification.objects.filter(pk=Notification.objects.first().pk).update(status=Status.FAILED)  # type: ignore[union-attr]
    Document.objects.update(status=Status.PENDING, created_at=timezone.now() - dt.timedelta(minutes=6))
    assert visit(browser(manager), FRONT).words(tags) == ["Failed", "Late"]


@pytest.mark.parametrize(("count", "due", "queries"), [(5, 0, 20), (500, 10, 21)])
def test_front_page_costs_the_same_for_any_number_of_employers(
    count: int, due: int, queries: int, manager: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = Employer.objects.bulk_create(
        Employer(legal_name=f"Hospital {number}", state="MN") for number in range(count)
    )
    states = list(State)
    Onboarding.objects.bulk_create(
        Onboarding(employer=row, state=states[number % len(states)]) for number, row in enumerate(rows)
    )
    kept_figures.count()
    client = browser(manager)
    with django_assert_num_queries(queries):
        page = visit(client, FRONT)
    shown = page.words("//section[@aria-labelledby='aging']//li/a")
    assert len(shown) == due
