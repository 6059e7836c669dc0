"""A partner amends its agreement in the browser, AAMI countersigns, and /verify/ tells the old paper from the new."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import Walk, mailed_code, wait_for, watcher

OWNER = "owner@example.org"
NAME = "Dana Whitfield"
REVIEWER, OFFICER = "r@example.org", "Rosalind Meyer"
COUNTERSIGN = 'form[action$="/decide/countersign/"]'

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def partner(worker: subprocess.Popen[bytes]) -> None:
    """An active partner, with the people of the desk."""
    from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
    from apprenticeship.program.samples import create_sample_documents
    from employers.onboarding import State
    from employers.samples import hospitals
    from employers.samples.journey import Journey
    from tests.people import person

    create_sample_documents()
    staff = person(REVIEWER, OFFICER, staff=REVIEWERS), person("m@example.org", staff=MANAGERS)
    Journey(hospitals.LAKESIDE, person(OWNER, NAME), *staff).to(State.ACTIVE)


def amend_and_sign(owner: Walk) -> None:
    """Change name and first wage, read what changes, and sign with the mailed code."""
    owner.press("Start an amendment")
    owner.press("Name, address and representative")
    owner.fill({"legal_name": "Lakeside Health, Inc."})
    owner.press("Save in the amendment")
    owner.press("Wage schedule")
    owner.fill({"periods-0-rate": "22.25"})
    owner.press("Save in the amendment")
    changes = owner.page.locator("#changes")
    for words in ("Lakeside Health, Inc.", "22.25", "21.00"):
        expect(changes).to_contain_text(words)
    owner.press("Read and sign")
    owner.fill({"consent": "on", "has_authority": "on", "full_name": NAME})
    owner.press("Go on to the last page")
    owner.fill({"code": mailed_code(OWNER)})
    owner.press("Sign Amendment 1 to the Employer Agreement")
    expect(owner.page.locator("main")).to_contain_text("It is in force once AAMI has countersigned.")


def countersign(reviewer: Walk, password: str) -> None:
    """Look at the mail first, say who it is, and sign on the officer's last page."""
    from employers.models import Amendment

    reviewer.open("/admin/employers/amendment/")
    reviewer.open(f"/admin/employers/amendment/{Amendment.objects.get().pk}/change/")
    reviewer.page.get_by_text("Countersign the amendment").first.click()
    act = {"typed_name": OFFICER, "title": "Director", "consent": "on", "has_authority": "on"}
    reviewer.fill(act, within=COUNTERSIGN)
    reviewer.page.locator(f"{COUNTERSIGN} button[name=preview]").click()
    expect(reviewer.page.locator(".desk-preview")).to_contain_text("Nothing is sent yet.")
    reviewer.look(reviewer.page)
    reviewer.page.locator(f"{COUNTERSIGN} button").first.click()
    reviewer.confirm(password)
    reviewer.page.locator(f"{COUNTERSIGN} button").first.click()
    reviewer.fill({"code": mailed_code(REVIEWER)}, within="#sign")
    reviewer.page.locator("#sign button[name=confirm]").click()
    expect(reviewer.page.locator("body")).to_contain_text("Amendment countersigned by AAMI and in force.")
    reviewer.look(reviewer.page)


def check(anybody: Walk, file: Path, words: str) -> None:
    """Let /verify/ answer for a paper."""
    anybody.open("/verify/")
    anybody.page.set_input_files("[name=file]", file)
    anybody.press("Check")
    expect(anybody.page.locator("[data-verdict]")).to_contain_text(words)
    anybody.look(anybody.page)


def test_partner_amends_its_agreement_and_the_old_paper_is_superseded(
    partner: None, open_page: Callable[..., Page], axe: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    from apprenticeship.documents.models import Document
    from tests.people import PASSWORD

    found: set[str] = set()
    look = watcher(axe, found)
    owner = Walk(open_page(), look)
    owner.open("/accounts/login/?next=/agreement/")
    owner.sign_in(OWNER, PASSWORD)
    amend_and_sign(owner)
    reviewer = Walk(open_page(), look)
    reviewer.page.goto("/admin/")
    reviewer.sign_in(REVIEWER, PASSWORD)
    countersign(reviewer, PASSWORD)

    owner.open("/agreement/")
    expect(owner.page.locator("#version-1")).to_contain_text("Replaced by version 2")
    expect(owner.page.locator("#version-2")).to_contain_text("in force")
    finals = Document.objects.filter(kind="final_agreement", status="done").order_by("version")
    wait_for(lambda: finals.count() == 2, seconds=90)
    anybody = Walk(open_page(), look)
    answers = "Genuine, but replaced by a newer version", "Genuine and in force"
    for paper, words in zip(finals, answers, strict=True):
        file = tmp_path / f"{paper.version}.pdf"
        file.write_bytes(paper.read())
        check(anybody, file, words)
    assert sorted(found) == []
