"""A partner amends its agreement in the browser, AAMI countersigns, and /verify/ tells the old paper from the new."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import Walk, mailed_code, wait_for, watcher

OWNER = "owner@example.org"
NAME = "Dana Whitfield"


@pytest.mark.django_db(transaction=True)
def test_partner_amends_its_agreement_and_the_old_paper_is_superseded(
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    worker: subprocess.Popen[bytes],
    tmp_path: Path,
) -> None:
    from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
    from apprenticeship.documents.models import Document
    from apprenticeship.program.samples import create_sample_documents
    from employers.models import Amendment
    from employers.onboarding import State
    from employers.samples import hospitals
    from employers.samples.journey import Journey
    from tests.people import PASSWORD, person

    create_sample_documents()
    staff = (
        person("r@example.org", "Rosalind Meyer", staff=REVIEWERS),
        person("m@example.org", staff=MANAGERS),
    )
    Journey(hospitals.LAKESIDE, person(OWNER, NAME), *staff).to(State.ACTIVE)
    found: set[str] = set()
    look = watcher(axe, found)

    owner = Walk(open_page(), look)
    owner.open("/accounts/login/?next=/agreement/")
    owner.sign_in(OWNER, PASSWORD)
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
    owner.press("Sign the Employer Agreement")
    expect(owner.page.locator("main")).to_contain_text("It is in force once AAMI has countersigned.")

    reviewer = Walk(open_page(), look)
    reviewer.page.goto("/admin/")
    reviewer.sign_in("r@example.org", PASSWORD)
    reviewer.open("/admin/employers/amendment/")
    reviewer.open(f"/admin/employers/amendment/{Amendment.objects.get().pk}/change/")
    form = 'form[action$="/decide/countersign/"]'
    reviewer.page.get_by_text("Countersign the amendment").first.click()
    reviewer.fill(
        {"typed_name": "Rosalind Meyer", "title": "Director", "consent": "on", "has_authority": "on"},
        within=form,
    )
    reviewer.page.locator(f"{form} button[name=preview]").click()
    expect(reviewer.page.locator(".desk-preview")).to_contain_text("Nothing is sent yet.")
    look(reviewer.page)
    reviewer.page.locator(f"{form} button").first.click()
    reviewer.confirm(PASSWORD)
    reviewer.page.locator(f"{form} button").first.click()
    reviewer.fill({"code": mailed_code("r@example.org")}, within="#sign")
    reviewer.page.locator("#sign button[name=confirm]").click()
    expect(reviewer.page.locator("body")).to_contain_text("Amendment countersigned by AAMI and in force.")
    look(reviewer.page)

    owner.open("/agreement/")
    old = owner.page.locator("#version-1")
    expect(old).to_contain_text("Replaced by version 2")
    expect(owner.page.locator("#version-2")).to_contain_text("in force")
    finals = Document.objects.filter(kind="final_agreement", status="done").order_by("version")
    wait_for(lambda: finals.count() == 2, seconds=90)
    anybody = Walk(open_page(), look)
    for paper, words in zip(
        finals, ("Genuine, but replaced by a newer version", "Genuine and in force"), strict=True
    ):
        file = tmp_path / f"{paper.version}.pdf"
        file.write_bytes(paper.read())
        anybody.open("/verify/")
        anybody.page.set_input_files("[name=file]", file)
        anybody.press("Check")
        expect(anybody.page.locator("[data-verdict]")).to_contain_text(words)
        look(anybody.page)
    assert sorted(found) == []
