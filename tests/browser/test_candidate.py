"""From the interest form to a partner's search and back, with and without JavaScript, watched by axe."""

import subprocess
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import Walk, mailed_link, subjects_to, wait_for, watcher

ADA = "ada@example.org"


def active_partner(owner: str) -> None:
    """Store an active partner with its owner."""
    from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
    from apprenticeship.program.samples import create_sample_documents
    from employers.onboarding import State
    from employers.samples import hospitals
    from employers.samples.journey import Journey
    from tests.people import person

    create_sample_documents()
    staff = (person("r@example.org", staff=REVIEWERS), person("m@example.org", staff=MANAGERS))
    Journey(hospitals.LAKESIDE, person(owner, "Dana Whitfield"), *staff).to(State.ACTIVE)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("js", [True, False], ids=["javascript", "no-javascript"])
def test_candidate_is_found_opened_and_stops(
    js: bool,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    worker: subprocess.Popen[bytes],
) -> None:
    from apprentices import keeping
    from tests.people import PASSWORD

    active_partner("owner@example.org")
    found: set[str] = set()
    look = watcher(axe, found) if js else (lambda page: None)

    ada = Walk(open_page(js=js), look)
    ada.open("/")
    ada.press("I want to be an apprentice")
    ada.fill({"name": "Ada Ortiz", "email": ADA, "zip_code": "55811", "phone": "218-555-0142"})
    if js:
        expect(ada.page.locator("#place")).to_contain_text("Duluth, Minnesota")
    ada.press("Send")
    expect(ada.page.locator(".error-summary")).to_contain_text("Choose when you could start.")
    ada.fill(
        {"travel": "25", "moving": "no", "available": "1", "education": "2", "service": "veteran",
         "about": "I repair radios.", "is_of_age": "on", "is_consenting": "on"}
    )  # fmt: skip
    ada.page.wait_for_timeout(3100)  # nobody fills it in faster
    ada.press("Send")
    assert ada.heading() == "Thank you. Now look in your mail"
    ada.open(mailed_link(ADA, "/interest/confirm/"))
    ada.press("Yes, confirm")
    assert ada.heading() == "You are on the list"

    partner = Walk(open_page(js=js), look)
    partner.page.goto("/accounts/login/")
    partner.sign_in("owner@example.org", PASSWORD)
    partner.open("/onboarding/hiring/")
    partner.press("Search the candidates")
    results = partner.page.locator("#results")
    partner.page.locator('[name="near"]').select_option(label="Main campus")
    if not js:
        partner.press("Search")
    expect(results).to_contain_text("Nearest first")
    expect(results).to_contain_text("1 person matches")
    assert "near=" in partner.page.url
    expect(results).not_to_contain_text("Ada")
    partner.fill({"words": "radios"})
    if not js:
        partner.press("Search")
    expect(results).to_contain_text("1 person matches")
    partner.look(partner.page)
    results.get_by_role("link", name="Minnesota").last.click()
    partner.page.wait_for_load_state()
    partner.look(partner.page)
    expect(partner.page.locator("main")).not_to_contain_text("Ada")
    partner.page.get_by_label("An apprenticeship that is open now").check()
    partner.press("Open the details")
    assert partner.heading() == "Ada Ortiz"
    expect(partner.page.locator("main")).to_contain_text("218-555-0142")
    partner.fill({"mark": "contacted", "note": "Called on Monday."})
    partner.press("Save")
    partner.open("/candidates/opened/")
    expect(partner.page.locator("main")).to_contain_text("Contacted")

    assert keeping.tell_who_looked() == 1
    wait_for(lambda: "Lakeside Regional Medical Center opened your details" in subjects_to(ADA))
    ada.open(mailed_link(ADA, "/interest/mine/"))
    expect(ada.page.locator("main")).to_contain_text("Lakeside Regional Medical Center, Duluth, MN")
    ada.press("Stop sharing")
    expect(ada.page.locator("main")).to_contain_text("You share nothing any more.")

    partner.open("/candidates/opened/")
    expect(partner.page.locator("main")).to_contain_text("Nobody here.")
    partner.open("/candidates/?zip_code=55805&miles=50")
    expect(partner.page.locator("#results")).to_contain_text("0 people match")
    assert sorted(found) == []


@pytest.mark.django_db(transaction=True)
def test_search_on_a_phone_shows_people_first_and_errors_at_their_field(
    open_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    from tests.apprentices.people import candidate
    from tests.people import PASSWORD

    active_partner("owner@example.org")
    candidate("Ada", "55811", moving="state")
    for js in (False, True):
        phone = Walk(open_page(width=375, js=js), lambda page: None)
        phone.open("/accounts/login/")
        phone.sign_in("owner@example.org", PASSWORD)
        phone.open("/candidates/?moves=on")
        page = phone.page
        expect(page.locator(".filters summary")).to_contain_text("Would move")
        for shown in ("1 person matches", "Newest first"):
            expect(page.get_by_role("heading", name=shown)).to_be_in_viewport()
        expect(page.locator("#id_zip_code")).to_be_hidden()
        page.locator("#main").focus()
        tabs, is_there = 0, False
        while not is_there and tabs < 7:
            page.keyboard.press("Tab")
            tabs, is_there = (
                tabs + 1,
                page.evaluate("document.activeElement.closest('.candidate-list') !== null"),
            )
        assert is_there
        page.locator(".filters summary").click()
        page.locator("#id_zip_code").fill("00000")
        if js:
            expect(page.locator("#id_zip_code_said")).to_contain_text("We don’t know this ZIP code.")
            expect(page.locator("#id_zip_code")).to_be_focused()
            assert axe(page) == []
        else:
            phone.press("Search")
            expect(page.locator("#id_zip_code_error")).to_contain_text("We don’t know this ZIP code.")
