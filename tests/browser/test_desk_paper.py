"""The paper beside the answers: in sight while they scroll, switched without losing a word, and read by keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)

CURRENT = ".desk-sheets a[aria-current]"
AGREEMENT, WAGES = "Employer Agreement", "Wage schedule"
Opener = Callable[..., Page]


@pytest.fixture
def case() -> Any:
    """A case that waits for a countersignature, its papers made."""
    from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
    from apprenticeship.program.samples import create_sample_documents
    from apprenticeship.records.queues import work_off_everything
    from employers.onboarding import State
    from employers.samples import hospitals
    from employers.samples.journey import Journey
    from tests.people import person

    create_sample_documents()
    reviewer = person("reviewer@example.org", "Rosalind Meyer", staff=REVIEWERS)
    manager = person("manager@example.org", "Terrence Blake", staff=MANAGERS)
    owner = person("owner@example.org", "Dana Whitfield")
    onboarding = Journey(hospitals.LAKESIDE, owner, reviewer, manager).to(State.REVIEW)
    work_off_everything()
    return onboarding


def read(page: Page, case: Any, query: str = "") -> Page:
    """Sign the reviewer in and open the case."""
    from tests.people import PASSWORD

    page.goto(f"/accounts/login/?next=/admin/employers/onboarding/{case.pk}/change/{query}")
    page.fill("[name=login]", "reviewer@example.org")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/change/**")
    return page


def open_paper(page: Page, name: str) -> None:
    """Follow the link to a paper and wait until it lies open."""
    page.locator(".desk-sheets").get_by_role("link", name=name).click()
    expect(page.locator(CURRENT)).to_have_text(name)


def test_nothing_typed_is_lost_while_papers_are_switched(case: Any, page: Page) -> None:
    read(page, case)
    page.locator("[name=verdict_mentor][value=fine]").check()
    page.locator("[name=verdict_funding][value=change]").check()
    page.fill("[name=note_funding]", "Name the grant.")
    page.locator("summary", has_text="Notes").click()
    page.get_by_text("Write a note").click()
    page.fill(".desk-notes textarea", "Half a thought")
    address = page.url
    open_paper(page, WAGES)
    expect(page.locator(".desk-sheet")).to_contain_text("Minimum wage at each site")
    open_paper(page, "Application summary")
    expect(page.locator(".desk-sheet")).to_contain_text("Step 5: Appoint a mentor")
    assert page.url == address
    expect(page.locator("[name=verdict_mentor][value=fine]")).to_be_checked()
    expect(page.locator("[name=note_funding]")).to_have_value("Name the grant.")
    expect(page.locator(".desk-notes textarea")).to_have_value("Half a thought")
    expect(page.locator("#draft-state")).to_contain_text("draft kept")


def test_keyboard_reaches_the_paper_and_scrolls_it(
    case: Any, any_page: Page, axe: Callable[[Page], list[str]]
) -> None:
    page = read(any_page, case, "?paper=")
    sheet = page.locator(".desk-sheet")
    assert axe(page) == []
    page.locator(".desk-sheets").get_by_role("link", name=WAGES).focus()
    page.keyboard.press("Enter")
    expect(page.locator(CURRENT)).to_have_text(WAGES)
    expect(page.locator(CURRENT)).to_be_focused()
    for _stop in range(3):  # the third paper, the PDF, the paper itself
        page.keyboard.press("Tab")
    expect(sheet).to_be_focused()
    expect(sheet).to_have_accessible_name(f"{WAGES}, version 1, {code_of('wage_schedule')}")
    page.keyboard.press("End")
    page.wait_for_function("() => document.querySelector('.desk-sheet').scrollTop > 200")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def code_of(kind: str) -> str:
    """Return the code of the newest paper of a kind."""
    from apprenticeship.documents.models import Document

    return str(Document.objects.filter(kind=kind).latest("created_at").code)


def test_paper_stays_in_sight_while_the_answers_scroll(case: Any, page: Page) -> None:
    read(page, case)
    box = "() => document.querySelector('.desk-sheet').getBoundingClientRect()"
    page.locator("#part-mentor").scroll_into_view_if_needed()
    assert page.evaluate("window.scrollY") > 1000
    seen = page.evaluate(f"() => {{ const box = ({box})(); return [box.top, box.bottom, box.height]; }}")
    assert (seen[0] > 0, seen[1] <= 900, seen[2] > 500) == (True, True, True)
    page.locator(".desk-sheet").hover()
    before = page.evaluate("window.scrollY")
    page.mouse.wheel(0, 600)
    page.wait_for_function("() => document.querySelector('.desk-sheet').scrollTop > 300")
    assert page.evaluate("window.scrollY") == before
    page.get_by_role("link", name="Back to the decision").click()
    expect(page.locator("#decide-approve")).to_be_in_viewport()


def test_narrow_page_folds_the_paper_until_it_is_asked_for(case: Any, open_page: Opener) -> None:
    page = read(open_page(width=768), case)
    expect(page.locator(".desk-sheet")).to_be_hidden()
    expect(page.get_by_role("heading", name="The paper")).to_be_visible()
    page.locator(".desk-head").get_by_role("link", name="Read the paper").click()
    expect(page.locator(".desk-sheet")).to_be_in_viewport()
    open_paper(page, WAGES)
    expect(page.locator(".desk-sheet")).to_contain_text("Minimum wage at each site")


def test_paper_is_read_and_switched_without_javascript(case: Any, open_page: Opener) -> None:
    page = read(open_page(js=False), case)
    expect(page.locator(".desk-sheet")).to_contain_text("Preamble and definitions")
    open_paper(page, WAGES)
    expect(page.locator(".desk-sheet")).to_contain_text("Minimum wage at each site")
    expect(page.locator("#paper")).to_be_in_viewport()
    assert page.url.endswith("#paper")


def test_paper_that_cannot_be_fetched_is_said_and_nothing_is_lost(case: Any, page: Page) -> None:
    read(page, case)
    page.locator("[name=verdict_mentor][value=fine]").check()
    expect(page.locator("#draft-state")).to_contain_text("draft kept")
    page.context.clear_cookies()
    page.locator(".desk-sheets").get_by_role("link", name=WAGES).click()
    expect(page.locator(".desk-pane-lost")).to_contain_text("The paper could not be fetched")
    expect(page.locator(CURRENT)).to_have_text(AGREEMENT)
    expect(page.locator("[name=verdict_mentor][value=fine]")).to_be_checked()
