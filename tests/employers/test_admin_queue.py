"""The queue: order, filters, search, and as many queries for many rows as for one."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apprenticeship.accounts.models import User
from employers.admin.onboarding import OnboardingAdmin
from employers.models import Employer, Onboarding, Position, RegistrationAttempt, Site
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.employers.desk_fixtures import QUEUE, resubmitted
from tests.pages import Page
from tests.people import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(reviewer: User) -> Client:
    """A reviewer's browser."""
    return browser(reviewer)


def add(name: str, state: State = State.GET_STARTED, days: int = 0, **fields: Any) -> Onboarding:
    """Insert a case as the database may hold it."""
    employer = Employer.objects.create(legal_name=name, state=fields.pop("place", "MN"))
    since = timezone.now() - dt.timedelta(days=days)
    return Onboarding.objects.create(employer=employer, state=state, state_since=since, **fields)


def names(client: Client, query: str = "") -> list[str]:
    """Return the employers that the queue shows, in its order."""
    return [row.employer.legal_name for row in client.get(QUEUE + query).context["cl"].result_list]


def test_queue_shows_who_waits_longest_for_aami_first(desk: Client) -> None:
    add("Draft", days=90)
    add("New in review", State.REVIEW, 1)
    add("At the DOL", State.REGISTRATION, 60)
    add("Long in review", State.REVIEW, 20)
    assert names(desk) == ["Long in review", "New in review", "At the DOL", "Draft"]


def test_queue_says_state_turn_age_openings_and_submissions(
    desk: Client, journey: Journey, reviewer: User
) -> None:
    case = journey.to(State.REVIEW)
    site = Site.objects.create(employer=case.employer, name="Second")
    Position.objects.create(employer=case.employer, site=site, openings=3)
    now = timezone.now()
    Onboarding.objects.filter(pk=case.pk).update(reviewer=reviewer, state_since=now - dt.timedelta(days=3))
    case.submissions.update(submitted_at=dt.datetime(2026, 11, 3, tzinfo=dt.UTC))
    page = desk.get(QUEUE).content.decode()
    expected = journey.hospital.openings + 3
    for part in (
        '<span class="tag now">In review at AAMI</span>',
        '<td class="field-turn_words">AAMI&#x27;s turn</td>',
        '<span class="tag later">Due in 2 days</span>',
        'MN <span class="quiet">Chicago</span>',
        '<td class="field-case_of">Rosalind Meyer</td>',
        f'<td class="field-openings">{expected}</td>',
        '<td class="field-submitted">Nov 3, 2026</td>',
    ):
        assert part in page


def test_queue_filters_and_searches(desk: Client, reviewer: User) -> None:
    add("Mine", State.REVIEW, reviewer=reviewer)
    add("Unassigned", State.REVIEW)
    add("Draft")
    add("Gone", State.DECLINED)
    assert names(desk, f"?turn=aami&case={reviewer.pk}") == ["Mine"]
    assert names(desk, "?turn=employer") == ["Draft"]
    assert names(desk, "?turn=nobody") == ["Gone"]
    assert names(desk, "?state__exact=declined") == ["Gone"]
    assert len(names(desk, "?turn=nonsense&case=nonsense")) == 4
    assert names(desk, "?q=assig") == ["Unassigned"]


def test_case_leads_back_to_the_queue_as_it_was_filtered(desk: Client, journey: Journey) -> None:
    journey.to(State.REVIEW)
    query = "?place=MN&q=lake"
    [address] = Page(desk.get(QUEUE + query)).tree.xpath("//th[@class='field-employer_marks']/a/@href")
    case = Page(desk.get(address))
    [back] = case.tree.xpath("//div[@class='breadcrumbs']/a[text()='Queue']/@href")
    assert back == QUEUE + query
    [plain] = Page(desk.get(QUEUE)).tree.xpath("//th[@class='field-employer_marks']/a/@href")
    assert "?" not in plain


def test_queue_filters_by_region_and_state(desk: Client) -> None:
    add("Duluth")
    add("Oakland", place="CA")
    add("Seattle", place="WA")
    assert names(desk, "?region=chicago") == ["Duluth"]
    assert sorted(names(desk, "?region=san-francisco")) == ["Oakland", "Seattle"]
    assert names(desk, "?place=CA") == ["Oakland"]
    assert len(names(desk, "?region=nowhere")) == 3


def test_queue_turns_pages_and_sorts_by_what_it_counts(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OnboardingAdmin, "list_per_page", 2)
    for name, openings in {"Two": 2, "Nine": 9, "None": 0, "Four": 4, "Six": 6}.items():
        case = add(name)
        if openings:
            site = Site.objects.create(employer=case.employer, name=name)
            Position.objects.create(employer=case.employer, site=site, openings=openings)
    column = OnboardingAdmin.list_display.index("openings")
    pages = [names(desk, f"?o=-{column}&p={number}") for number in (1, 2, 3)]
    assert pages == [["Nine", "Six"], ["Four", "Two"], ["None"]]
    assert names(desk, f"?o={column}&q=Four") == ["Four"]
    found = [names(desk, f"?o=-{column}&q=o&p={number}") for number in (1, 2)]
    assert found == [["Four", "Two"], ["None"]]
    assert desk.get(f"{QUEUE}?q=o&p=3")["Location"] == f"{QUEUE}?e=1"


def test_active_partner_is_nobodys_turn(desk: Client) -> None:
    add("Partner", State.ACTIVE)
    add("Draft")
    assert (names(desk, "?turn=nobody"), names(desk, "?turn=employer")) == (["Partner"], ["Draft"])
    words = Page(desk.get(f"{QUEUE}?turn=nobody")).words("//td[@class='field-turn_words']")
    assert words == ["Nobody's turn"]


def tabs(client: Client) -> dict[str, int]:
    """Return the count that each tab shows, and make sure that it holds as many cases."""
    shown = {str(tab.label): tab for tab in client.get(QUEUE).context["tabs"]}
    assert {label: len(names(client, tab.query)) for label, tab in shown.items()} == {
        label: tab.count for label, tab in shown.items()
    }
    return {label: tab.count for label, tab in shown.items()}


def test_tabs_count_my_work_the_pool_and_what_is_overdue(desk: Client, reviewer: User, manager: User) -> None:
    add("Mine", State.REVIEW, reviewer=reviewer)
    add("Mine, with the employer", State.CHANGES, 14, reviewer=reviewer)
    add("Mine, long done", State.ACTIVE, 400, reviewer=reviewer)
    add("A colleague's, overdue", State.REVIEW, 6, reviewer=manager)
    add("Nobody's, overdue", State.REGISTRATION, 46)
    add("Nobody's, due today", State.REVIEW, 5)
    add("Draft", days=90)
    assert tabs(desk) == {"My work": 2, "Unassigned": 2, "Overdue": 2, "All cases": 7}
    assert names(desk, "?tab=overdue") == ["A colleague's, overdue", "Nobody's, overdue"]
    page = desk.get(QUEUE).content.decode()
    assert [page.count(words) for words in ("1 day overdue", "Due today", "Due in 0 days")] == [2, 2, 0]


@pytest.mark.parametrize(
    ("at", "words", "mood"),
    [
        (dt.datetime(2026, 12, 4, 23, 59, tzinfo=dt.UTC), "Due in 1 day", "later"),
        (dt.datetime(2026, 12, 5, 0, 0, tzinfo=dt.UTC), "Due today", "now"),
        (dt.datetime(2026, 12, 5, 23, 59, tzinfo=dt.UTC), "Due today", "now"),
        (dt.datetime(2026, 12, 6, 0, 0, tzinfo=dt.UTC), "1 day overdue", "error"),
    ],
)
def test_day_that_is_due_is_a_day_of_the_calendar(
    at: dt.datetime, words: str, mood: str, reviewer: User
) -> None:
    add("Late in the day", State.REVIEW)
    Onboarding.objects.update(state_since=dt.datetime(2026, 11, 30, 15, 0, tzinfo=dt.UTC))
    with time_machine.travel(at, tick=False):
        desk = browser(reviewer)
        page = Page(desk.get(QUEUE))
        [tag] = page.tree.xpath("//td[@class='field-age']//span[contains(@class, 'tag')]")
        assert (tag.text, tag.get("class"), tabs(desk)["Overdue"]) == (
            words,
            f"tag {mood}",
            int(mood == "error"),
        )


def test_clock_of_a_registration_counts_from_the_approval_and_then_from_sending(
    desk: Client, journey: Journey
) -> None:
    case = journey.to(State.REGISTRATION)
    long_ago = timezone.now() - dt.timedelta(days=46)
    Onboarding.objects.filter(pk=case.pk).update(state_since=long_ago)
    RegistrationAttempt.objects.update(begun_at=long_ago, since=long_ago)

    def said() -> list[str]:
        page = Page(desk.get(QUEUE))
        return page.words("//td[@class='field-turn_words']") + page.words("//td[@class='field-age']")

    day = f"{long_ago:%b} {long_ago.day}, {long_ago.year}"
    assert said() == ["AAMI's turn: to be sent", f"1 day overdue approved {day}, not sent yet"]
    assert tabs(desk)["Overdue"] == 1
    journey.send()
    today = f"{timezone.now():%b} {timezone.now().day}, {timezone.now().year}"
    assert said() == ["With the Department of Labor", f"Due in 45 days sent {today}"]
    assert tabs(desk)["Overdue"] == 0
    RegistrationAttempt.objects.update(since=long_ago, sent_on=long_ago.date())
    assert said()[1] == f"1 day overdue sent {day}"
    assert tabs(desk)["Overdue"] == 1
    front = Page(desk.get("/admin/"))
    assert front.words("//section[@aria-labelledby='aging']//li/span") == ["1 day overdue"]
    assert "sent to the agency" in front.words("//section[@aria-labelledby='aging']//li/p")[0]


def test_case_of_a_reviewer_who_is_gone_is_in_the_pool_at_once(desk: Client, manager: User) -> None:
    add("Left behind", State.REVIEW, reviewer=manager)
    assert tabs(desk)["Unassigned"] == 0
    manager.groups.clear()
    assert tabs(desk)["Unassigned"] == 1
    assert "Nobody yet" in desk.get(QUEUE).content.decode()


def test_case_that_came_back_is_marked(desk: Client, journey: Journey, owner: User) -> None:
    case = journey.to(State.CHANGES)
    assert "Came back" not in desk.get(QUEUE).content.decode()
    resubmitted(case, owner)
    page = desk.get(QUEUE).content.decode()
    assert '<span class="tag info">Came back, submission 2</span>' in page
    assert "2 times, first" in page


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_queue_costs_the_same_for_any_number_of_rows(
    desk: Client, reviewer: User, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        add(f"Hospital {number}", State.REVIEW, reviewer=reviewer)
    for query in ("", "?q=hospital"):
        with django_assert_num_queries(10):
            page = desk.get(QUEUE + query)
        assert page.context["cl"].result_count == rows


def test_queue_refuses_everybody_else(owner: User) -> None:
    assert Client().get(QUEUE)["Location"] == f"/admin/login/?next={QUEUE}"
    assert Client().get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    assert browser(owner).get("/admin/login/").status_code == 403


def test_nothing_in_the_queue_can_be_edited(desk: Client) -> None:
    case = add("Draft")
    assert desk.get(f"{QUEUE}add/").status_code == 403
    assert desk.post(f"{QUEUE}{case.pk}/delete/", {"post": "yes"}).status_code == 403
    desk.post(QUEUE, {"action": "delete_selected", "_selected_action": case.pk, "post": "yes"})
    assert Onboarding.objects.filter(pk=case.pk).exists()
