"""The paper beside the answers: in sight while they scroll, switched without losing a word, and read by keyboard."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

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


@pytest.fixture
def scan(case: Any) -> Any:
    """A scan of twelve pages that waits for a word on it."""
    from django.core.files.base import ContentFile
    from PIL import Image

    from apprenticeship.documents import kinds
    from apprenticeship.documents.models import Document
    from employers.models import Agreement, PaperScan
    from employers.models.paper import PDF

    stored, sheet = BytesIO(), Image.new("L", (85, 110), 200)
    sheet.save(stored, "PDF", save_all=True, append_images=[sheet] * 11)
    document = Document.objects.filter(kind=kinds.AGREEMENT).latest("created_at")
    file = ContentFile(stored.getvalue(), "scan.pdf")
    return PaperScan.objects.create(
        agreement=Agreement.objects.get(), document=document, file=file, content_type=PDF, pages=12, size=1
    )


def test_page_of_a_scan_is_asked_for_until_it_is_drawn_and_said_when_it_will_not_come(
    case: Any, scan: Any, browser: Browser, portal: str
) -> None:
    from django.core.cache import cache

    from employers import scan_pictures

    key, asked = f"scan-pictures:{scan.pk}", []
    context = browser.new_context(base_url=portal, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()  # its console tells of the refusals, as it should

    def note(request: Request) -> None:
        if "/papers/scans/" in request.url:
            asked.append((request.method, request.url.split("/")[-2]))

    page.on("request", note)
    cache.set(key, scan_pictures.FAILED)
    read(page, case)
    expect(page.locator(".desk-pane-lost")).to_contain_text("Some pages cannot be shown here.")
    page.wait_for_timeout(3000)
    assert (asked.count(("GET", "1")), asked.count(("HEAD", "1"))) == (1, 1)
    assert len({number for _method, number in asked}) < 12  # the others when they come into sight
    cache.set(key, scan_pictures.DRAWING)
    with page.expect_request(lambda request: request.method == "HEAD"):
        page.reload()
    cache.delete(key)
    page.wait_for_function("() => document.querySelector('.desk-sheet img').naturalWidth > 0")
    expect(page.locator(".desk-pane-lost")).to_be_empty()
    context.close()
