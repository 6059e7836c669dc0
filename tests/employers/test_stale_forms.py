"""Two people on one page: the second save shows both texts and stores nothing until it is pressed again."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.records.models import Event
from employers.models import Mentor, Onboarding, PartVersion, Position, Role, Site
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.employers.answers import step_url
from tests.pages import Page, press, visit
from tests.people import browser

pytestmark = pytest.mark.django_db
HEADING = ["A colleague saved this page while you were typing"]
CASES = [
    (step_url, "get-started", "county", "County", "Cook", "Lake"),
    (
        step_url,
        "get-started",
        "sites-1-street",
        "Site 2: Street address",
        "1 First Street",
        "2 Second Street",
    ),
    (step_url, "position", "positions-0-openings", "Position 1: Openings", "1", "2"),
    (step_url, "funding", "sources-0-name", "Source 1: Name", "Grant A", "Grant B"),
    (step_url, "funding", "instruction_time", "When does it take place?", "outside", "both"),
    (step_url, "funding", "is_instruction_paid", "Is time in related instruction paid?", "", "False"),
    (step_url, "mentor", "mentors-0-title", "Mentor 1: Title", "Technician", "Manager"),
    (step_url, "agreement", "signatory_name", "Full name", "Ada Editor", "Olga Owner"),
    (
        lambda slug: reverse(f"employers:{slug}"),
        "wages",
        "journeyworker_rate",
        "Fully proficient rate",
        "31.00",
        "32.00",
    ),
]
SHOWN = {"False": "No", "": "–", "outside": "Outside working hours", "both": "Both"}


@pytest.fixture
def colleagues(journey: Journey, colleague: Callable[[Role], User]) -> tuple[User, User]:
    """Two owners, because only they may name a signatory; the application stands in step 6."""
    journey.to(State.AGREEMENT)
    return colleague(Role.OWNER), journey.owner


def compared(page: Page) -> list[tuple[str, str, str]]:
    """Return the rows of the comparison: field, your text, saved meanwhile."""
    rows = page.tree.xpath("//table[contains(@class, 'compare')]/tbody/tr")
    return [tuple(cell.text_content().strip() for cell in row) for row in rows]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("url", "slug", "name", "label", "first", "second"), CASES, ids=lambda value: str(value)[:20]
)
def test_second_save_shows_both_texts_and_saving_again_stores(
    url: Callable[[str], str],
    slug: str,
    name: str,
    label: str,
    first: str,
    second: str,
    colleagues: tuple[User, User],
) -> None:
    quick, slow = (browser(user) for user in colleagues)
    opened_quick, opened_slow = visit(quick, url(slug)), visit(slow, url(slug))
    assert press(quick, opened_quick, {name: first}).notices[-1] == "Draft saved."
    events = Event.objects.count()
    page = press(slow, opened_slow, {name: second})
    assert (page.status, page.words("//div[@role='alert']/h2"), page.notices) == (409, HEADING, [])
    assert (label, SHOWN.get(second, second), SHOWN.get(first, first)) in compared(page)
    assert page.text.count("Casey Owner saved it on ") == 1
    assert (page.fields()[name], visit(slow, url(slug)).fields()[name], Event.objects.count()) == (
        second,
        first,
        events,
    )
    page = press(slow, page)
    assert page.notices[-1] == "Draft saved."
    assert visit(quick, url(slug)).fields()[name] == second


def test_comparison_names_only_what_differs(colleagues: tuple[User, User]) -> None:
    quick, slow = (browser(user) for user in colleagues)
    opened = visit(slow, step_url("mentor"))
    press(quick, visit(quick, step_url("mentor")), {"mentors-0-years": "15"})
    page = press(slow, opened, {"mentors-0-years": "16", "mentors-0-credentials": "CRES"})
    assert compared(page) == [
        ("Mentor 1: Years of experience", "16", "15"),
        ("Mentor 1: Credentials", "CRES", "CBET"),
    ]


def test_same_text_twice_says_so(colleagues: tuple[User, User]) -> None:
    quick, slow = (browser(user) for user in colleagues)
    opened = visit(slow, step_url("mentor"))
    press(quick, visit(quick, step_url("mentor")), {"mentors-0-years": "15"})
    page = press(slow, opened, {"mentors-0-years": "15"})
    assert (page.status, compared(page), "Both say the same." in page.text) == (409, [], True)


def test_page_with_unsaved_text_never_says_that_it_is_saved(colleagues: tuple[User, User]) -> None:
    quick, slow = (browser(user) for user in colleagues)
    gap = press(slow, visit(slow, step_url("mentor")), {"mentors-0-name": ""}, "action=complete")
    assert gap.words("//div[@role='alert']/h2") == ["Saved. Before this step is complete:"]
    press(quick, visit(quick, step_url("mentor")), {"mentors-0-years": "15"})
    stale = Page(slow.post(f"{step_url('mentor')}?gaps", gap.fields() | {"mentors-0-years": "16"}))
    assert (stale.status, stale.words("//div[@role='alert']/h2")) == (409, HEADING)


def test_third_save_meanwhile_is_shown_again(colleagues: tuple[User, User]) -> None:
    quick, slow = (browser(user) for user in colleagues)
    opened = visit(slow, step_url("mentor"))
    press(quick, visit(quick, step_url("mentor")), {"mentors-0-years": "15"})
    page = press(slow, opened, {"mentors-0-years": "16"})
    press(quick, visit(quick, step_url("mentor")), {"mentors-0-years": "17"})
    page = press(slow, page)
    assert (page.status, compared(page)) == (409, [("Mentor 1: Years of experience", "16", "17")])
    assert Mentor.objects.get().years == 17


def test_stale_completion_completes_nothing(journey: Journey, colleague: Callable[[Role], User]) -> None:
    onboarding = journey.to(State.MENTOR)
    quick, slow = browser(colleague(Role.EDITOR)), browser(journey.owner)
    opened = visit(slow, step_url("mentor"))
    press(quick, visit(quick, step_url("mentor")), {"mentors-0-name": "Half"})
    assert press(slow, opened, {"mentors-0-name": "Other"}, "action=complete").status == 409
    assert (Onboarding.objects.get(pk=onboarding.pk).state, Mentor.objects.get().name) == ("mentor", "Half")


def test_row_that_a_colleague_removed_meanwhile_is_not_lost(colleagues: tuple[User, User]) -> None:
    quick, slow = (browser(user) for user in colleagues)
    opened = visit(slow, step_url("get-started"))
    press(quick, visit(quick, step_url("get-started")), {"sites-0-DELETE": "on"})
    page = press(slow, opened, {"sites-0-name": "Typed meanwhile", "sites-1-name": "Kept"})
    assert (page.status, page.words("//div[@role='alert']/h2"), page.problems) == (409, HEADING, {})
    assert page.html.count('value="Typed meanwhile"') == 1
    assert press(slow, page).notices[-1] == "Draft saved."
    assert sorted(Site.objects.values_list("name", flat=True)) == ["Kept", "Typed meanwhile"]


def test_row_that_both_removed_stays_removed(colleagues: tuple[User, User]) -> None:
    quick, slow = (browser(user) for user in colleagues)
    opened = visit(slow, step_url("get-started"))
    press(quick, visit(quick, step_url("get-started")), {"sites-1-DELETE": "on"})
    page = press(slow, opened, {"sites-1-DELETE": "on"})
    assert (page.status, page.problems) == (409, {})
    assert press(slow, page).notices[-1] == "Draft saved."
    assert list(Site.objects.values_list("name", flat=True)) == ["Main campus"]


def test_rows_that_both_added_are_both_kept(colleagues: tuple[User, User]) -> None:
    quick, slow = (browser(user) for user in colleagues)
    Position.objects.all().delete()
    opened = visit(slow, step_url("position"))
    press(quick, visit(quick, step_url("position")), {"positions-0-openings": "1"})
    page = press(slow, opened, {"positions-0-openings": "3"})
    assert (page.status, Position.objects.count()) == (409, 1)
    press(slow, page)
    assert sorted(Position.objects.values_list("openings", flat=True)) == [1, 3]


@pytest.mark.parametrize(
    ("typed", "button"), [({"mentors-0-years": "many"}, "action=draft"), ({}, "add=mentors")]
)
def test_detour_over_an_error_or_another_row_hides_no_newer_save(
    typed: dict[str, str], button: str, colleagues: tuple[User, User]
) -> None:
    quick, slow = (browser(user) for user in colleagues)
    opened = visit(slow, step_url("mentor"))
    press(quick, visit(quick, step_url("mentor")), {"mentors-0-years": "15"})
    page = press(slow, opened, typed, button)
    assert page.status == (422 if typed else 200)
    page = press(slow, page, {"mentors-0-years": "16"})
    assert (page.status, compared(page)) == (409, [("Mentor 1: Years of experience", "16", "15")])
    assert Mentor.objects.get().years == 15


@pytest.mark.parametrize("version", ["", "-1", "x", "99", "9" * 30, "٣", "1.5"])
def test_forged_version_counts_as_stale(version: str, colleagues: tuple[User, User]) -> None:
    client = browser(colleagues[0])
    page = press(client, visit(client, step_url("mentor")), {"version": version, "mentors-0-name": "Forged"})
    assert (page.status, Mentor.objects.get().name) == (409, "Robin Castellano")
    assert PartVersion.objects.get(part="mentor").version == 1
