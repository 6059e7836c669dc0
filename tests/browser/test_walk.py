"""From the landing page to an active partner, with and without JavaScript, watched by axe."""

import datetime as dt
import subprocess
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import WIDTHS, Walk, subjects_to

OWNER = "walker@example.org"
NAME = "Wanda Walker"


def watcher(axe: Callable[[Page], list[str]], found: set[str]) -> Callable[[Page], None]:
    """Return a function that notes what axe finds on a page, once an address, narrow and wide, light and dark."""
    seen: set[str] = set()

    def look(page: Page) -> None:
        key = f"{page.url.partition('?')[0]} {page.locator('h1').first.inner_text()}"
        if key in seen:
            return
        seen.add(key)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            overflow = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            found.update([f"{key}: wider than {width}"] if overflow else [])
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.evaluate("() => Promise.allSettled(document.getAnimations().map(a => a.finished))")
                found.update(f"{key} {width} {scheme}: {line}" for line in axe(page))
        page.emulate_media(color_scheme="light")

    return look


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("js", [True, False], ids=["javascript", "no-javascript"])
def test_employer_becomes_an_active_partner(
    js: bool,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    worker: subprocess.Popen[bytes],
) -> None:
    from apprenticeship.accounts.roles import REVIEWERS
    from apprenticeship.program.samples import create_sample_documents
    from employers.models import Onboarding
    from tests.people import PASSWORD, person

    create_sample_documents()
    person("reviewer@example.org", "Rosalind Meyer", staff=REVIEWERS)
    found: set[str] = set()
    look = watcher(axe, found) if js else (lambda page: None)
    owner = Walk(open_page(js=js), look)

    owner.sign_up(OWNER, NAME)
    owner.complete_steps_one_to_five()
    assert owner.heading() == "Set wages and sign"
    owner.build_wages()
    owner.sign(NAME, OWNER)
    assert owner.heading() == "Check your answers"
    owner.press("Submit to AAMI")
    wait_for(
        lambda: "Ready" in owner.page.locator("main").inner_text() or owner.page.reload() is None and False
    )

    reviewer = Walk(open_page(js=js), look)
    reviewer.page.goto("/admin/")
    reviewer.sign_in("reviewer@example.org", PASSWORD)
    case = Onboarding.objects.get()
    reviewer.open(f"/admin/employers/onboarding/{case.pk}/change/")
    reviewer.page.get_by_text("Approve and countersign").first.click()
    reviewer.fill(
        {"typed_name": "Rosalind Meyer", "title": "Director", "has_authority": "on"},
        within='form[action$="/decide/approve/"]',
    )
    reviewer.page.locator('form[action$="/decide/approve/"] button').first.click()
    reviewer.page.get_by_text("Record DOL registration").first.click()
    reviewer.fill(
        {"program_number": "2026-MN-123456", "registered_on": dt.date.today().isoformat()},
        within='form[action$="/decide/register/"]',
    )
    reviewer.page.locator('form[action$="/decide/register/"] button').first.click()
    expect(reviewer.page.locator("main, #content").first).to_contain_text("Active partner")
    look(reviewer.page)

    owner.open("/onboarding/hiring/")
    expect(owner.page.locator("main")).to_contain_text("2026-MN-123456")
    wait_for(lambda: any("registered with" in subject for subject in subjects_to(OWNER)))
    assert sorted(found) == []


def wait_for(is_done: Callable[[], bool], seconds: float = 40) -> None:
    """Wait until something holds; the worker is a process of its own."""
    end = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.5)
