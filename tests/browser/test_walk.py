"""From the landing page to an active partner, with and without JavaScript, watched by axe."""

import datetime as dt
import subprocess
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import Walk, fields_of, subjects_to, wait_for, watcher

OWNER = "walker@example.org"
NAME = "Wanda Walker"


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
        lambda: "Ready" in owner.page.locator("main").inner_text() or (owner.page.reload() is None and False)
    )

    reviewer = Walk(open_page(js=js), look)
    reviewer.page.goto("/admin/")
    reviewer.sign_in("reviewer@example.org", PASSWORD)
    case = Onboarding.objects.get()
    reviewer.open(f"/admin/employers/onboarding/{case.pk}/change/")
    reviewer.approve("Rosalind Meyer", PASSWORD)
    reviewer.countersign("reviewer@example.org")
    reviewer.page.get_by_text("Record DOL registration").first.click()
    reviewer.fill(
        {"program_number": "2026-MN-123456", "registered_on": dt.date.today().isoformat()},
        within=fields_of("/decide/register/"),
    )
    reviewer.page.locator(f"{fields_of('/decide/register/')} button").first.click()
    expect(reviewer.page.locator("main, #content").first).to_contain_text("Active partner")
    look(reviewer.page)

    owner.open("/onboarding/hiring/")
    expect(owner.page.locator("main")).to_contain_text("2026-MN-123456")
    wait_for(lambda: any("registered with" in subject for subject in subjects_to(OWNER)))
    assert sorted(found) == []
