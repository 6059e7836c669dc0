"""The public pages in Chromium, watched by axe at every width and theme; filter and check without JavaScript."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.walk import Walk, watcher

PAGES = (
    "/", "/program/", "/steps/", "/steps/questions/", "/readiness/", "/partners/", "/partners/?state=TX",
    "/partners/?state=ME", "/future-apprentices/", "/privacy/",
)  # fmt: skip


def partners(folder: Path) -> None:
    """Store two active partners, one with a logo."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from employers import logos
    from employers.models import LogoCard
    from employers.samples.logos import draw
    from tests.employers.test_partners import partner

    partner("Bluebonnet", "TX", website="https://www.example.org")
    partner("Tidewater", "VA", "NC")
    logo = logos.keep(logos.checked(SimpleUploadedFile("logo.png", draw("Tidewater Health", 1))))
    LogoCard.objects.filter(display_name="Tidewater").update(logo=logo, alt_text="Tidewater")


@pytest.mark.django_db(transaction=True)
def test_public_pages_read_well_and_work_without_javascript(
    open_page: Callable[..., Page], axe: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    partners(tmp_path)
    found: set[str] = set()
    walk = Walk(open_page(), watcher(axe, found))
    for path in PAGES:
        walk.open(path)
        for summary in walk.page.locator("main summary").all():
            summary.click()
        walk.look(walk.page)
    assert sorted(found) == []

    page = open_page(width=375, js=False)
    page.goto("/program/")
    page.get_by_role("button", name="Menu").press("Enter")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Partners").press("Enter")
    page.wait_for_url("**/partners/")
    assert page.locator(".logo-wall img").evaluate("image => image.naturalWidth") in (240, 480)
    page.get_by_label("State or territory").select_option(label="Texas")
    page.get_by_role("button", name="Show").press("Enter")
    page.wait_for_url("**/partners/?state=TX#list")
    assert page.locator("#list-title").inner_text() == "1 employer in Texas"
    page.goto("/readiness/")
    for name in ("position", "mentor", "funding", "raises", "signatory"):
        page.locator(f"input[name={name}]").first.check()
    page.get_by_role("button", name="What is missing?").click()
    assert page.locator("#result-title").inner_text() == "1 thing to do first"


@pytest.mark.django_db(transaction=True)
def test_phone_has_a_menu_that_escape_closes_and_a_map_to_read(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    partners(tmp_path)
    page = open_page(width=375)
    page.goto("/partners/")
    menu, button = page.get_by_role("navigation", name="Main"), page.get_by_role("button", name="Menu")
    assert not menu.is_visible()
    button.press("Enter")
    page.keyboard.press("Tab")
    assert menu.locator(":focus").inner_text() == "The program"
    page.keyboard.press("Escape")
    assert (menu.is_visible(), button.evaluate("b => b === document.activeElement")) == (False, True)
    button.click()
    page.locator("footer p").first.click()
    assert not menu.is_visible()
    letters = page.locator(".tile-map text", has_text="TX")
    scale = letters.evaluate("text => text.getScreenCTM().a")
    assert scale * float(letters.evaluate("text => parseFloat(getComputedStyle(text).fontSize)")) >= 11
