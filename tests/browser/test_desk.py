"""Cases that take a detour, walked by employer and reviewer: on paper, and back from the registration agency."""

import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import Walk, fields_of, subjects_to, wait_for, watcher
from tests.employers.amending import today_at

OWNER, REVIEWER = "owner@example.org", "reviewer@example.org"
NAME = "Rosalind Meyer"
RETURN, REGISTER = (fields_of(f"/decide/{name}/") for name in ("return_by_agency", "register"))

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def journey(worker: subprocess.Popen[bytes]) -> Any:
    """A sample employer at its beginning, with the people of the desk."""
    from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
    from apprenticeship.program.samples import create_sample_documents
    from employers.samples import hospitals
    from employers.samples.journey import Journey
    from tests.people import person

    create_sample_documents()
    staff = person(REVIEWER, NAME, staff=REVIEWERS), person("manager@example.org", staff=MANAGERS)
    return Journey(hospitals.LAKESIDE, person(OWNER, "Dana Whitfield"), *staff)


@pytest.fixture
def found() -> set[str]:
    """What axe found."""
    return set()


@pytest.fixture
def enter(
    open_page: Callable[..., Page], axe: Callable[[Page], list[str]], found: set[str]
) -> Callable[[str, str], Walk]:
    """Return a function that signs somebody in at an address."""
    from tests.people import PASSWORD

    def sign_in(person: str, address: str) -> Walk:
        walk = Walk(open_page(), watcher(axe, found))
        walk.page.goto(f"/accounts/login/?next={address}")
        walk.sign_in(person, PASSWORD)
        walk.look(walk.page)
        return walk

    return sign_in


def register(reviewer: Walk) -> None:
    """Record the number that the agency gave."""
    number = {"program_number": "2026-MN-123456", "registered_on": dt.date.today().isoformat()}
    reviewer.page.locator("#decide-register").click()
    reviewer.fill(number, within=REGISTER)
    reviewer.page.locator(f"{REGISTER} button").first.click()
    expect(reviewer.page.locator("#content")).to_contain_text("Active partner")
    reviewer.look(reviewer.page)


def test_marks_are_kept_before_anything_else_is_sent_from_the_page(
    journey: Any, enter: Callable[[str, str], Walk]
) -> None:
    from employers.onboarding import State

    case = journey.to(State.REVIEW)
    page = enter(REVIEWER, f"/admin/employers/onboarding/{case.pk}/change/").page
    note = fields_of("/talk/note/")
    page.locator(".desk-drawer > summary", has_text="Notes").click()
    page.get_by_text("Write a note").click()
    page.fill(f"{note} textarea", "Ask the state about the second mentor.")
    page.locator("[name=verdict_mentor][value=fine]").check()
    page.locator(f"{note} button").first.click()
    expect(page.locator(".desk-notes li")).to_contain_text("Ask the state")
    expect(page.locator("[name=verdict_mentor][value=fine]")).to_be_checked()
    expect(page.locator("#mark-mentor")).to_have_text("Fine")
    page.locator("[name=verdict_funding][value=fine]").check()
    expect(page.locator("#mark-funding")).to_have_text("Fine")


def test_review_without_javascript_loses_no_mark(journey: Any, open_page: Callable[..., Page]) -> None:
    from employers.onboarding import State
    from tests.people import PASSWORD

    case = journey.to(State.REVIEW)
    walk = Walk(open_page(js=False), lambda page: None)
    page = walk.page
    page.goto(f"/accounts/login/?next=/admin/employers/onboarding/{case.pk}/change/")
    walk.sign_in(REVIEWER, PASSWORD)
    page.locator("[name=verdict_mentor][value=fine]").check()
    page.get_by_role("button", name="Make this my case").click()
    expect(page.locator("#mark-mentor")).to_have_text("Fine")
    page.locator("[name=verdict_funding][value=change]").check()
    page.locator("[name=note_funding]").fill("Name the grant.")
    page.locator(".desk-drawer > summary", has_text="Notes").click()
    page.get_by_text("Write a note").click()
    page.locator("#note-text").fill("Ask the state about the second mentor.")
    page.get_by_role("button", name="Keep this note").click()
    expect(page.locator(".desk-notes li")).to_contain_text("Ask the state")
    expect(page.locator("#mark-funding")).to_have_text("To change")
    page.locator("[name=verdict_position][value=fine]").check()
    page.locator("#decide-approve").click()
    page.locator("#approve-title").fill("Director")
    page.locator("#approve-title").press("Enter")  # decides nothing
    page.locator("#decide-decline").click()
    page.locator("#decline-reason").fill("They asked us to.")
    page.locator(f"{fields_of('/decide/decline/')} button").last.click()
    expect(page.locator(".desk-preview")).to_contain_text("They asked us to.")
    expect(page.locator("#decline-reason")).to_have_value("They asked us to.")
    expect(page.locator("#draft-state")).to_contain_text("2 fine · 1 to change · 4 not looked at")
    page.locator("#decide-request_changes").click()
    page.locator(f"{fields_of('/decide/request_changes/')} button").last.click()
    expect(page.locator(".desk-preview")).to_contain_text("Name the grant.")
    page.locator(f"{fields_of('/decide/request_changes/')} button").first.click()
    expect(page.locator("#content")).to_contain_text("Name the grant.")
    assert [row.part for row in case.change_requests.get().flagged_parts.all()] == ["funding"]


def test_case_that_the_agency_returns_is_registered_at_the_second_attempt(
    journey: Any, enter: Callable[[str, str], Walk], found: set[str]
) -> None:
    from employers.onboarding import State

    case = journey.to(State.REGISTRATION)
    journey.send()
    address = f"/admin/employers/onboarding/{case.pk}/change/"
    reviewer = enter(REVIEWER, address)
    assert not reviewer.page.locator(".desk-verdict").first.is_visible()
    reviewer.page.get_by_role("link", name="Returned by the agency").click()
    reviewer.page.locator("[name=verdict_profile][value=change]").check()
    reviewer.fill({"note_profile": "Give the direct line of the complaint contact."}, within="#content")
    reviewer.fill({"message": "The agency cannot reach the complaint contact."}, within=RETURN)
    reviewer.page.locator(f"{RETURN} button").first.click()
    expect(reviewer.page.locator("#registration")).to_contain_text("Returned by the agency")
    reviewer.look(reviewer.page)

    owner = enter(OWNER, "/onboarding/get-started/")
    expect(owner.page.locator("main")).to_contain_text("Give the direct line")
    owner.fill({"complaint_phone": "218-555-0199"})
    owner.press("Save and continue")
    owner.open("/onboarding/approval/")
    owner.fill({"profile": "It is the line of Pat Fair herself."})
    owner.press("Submit again to AAMI")
    wait_for(lambda: any("again" in subject for subject in subjects_to(REVIEWER)))

    reviewer.open(address)
    answers = reviewer.page.locator(".desk-answers")
    for words in ("218-555-0199", case.employer.complaint_phone, "It is the line of Pat Fair herself."):
        expect(answers).to_contain_text(words)
    reviewer.page.get_by_text("Approve again").first.click()  # the agreement is in force: nothing is signed
    reviewer.page.locator(f"{fields_of('/decide/approve/')} button").first.click()
    expect(reviewer.page.locator("#registration")).to_contain_text("Being prepared")
    sending = reviewer.page.locator(fields_of("/registration/send/"))
    reviewer.page.get_by_text("Mark as sent").first.click()
    sending.get_by_label("although items of the checklist are open").check()
    sending.get_by_role("button", name="See the mail first").click()
    expect(reviewer.page.locator(".desk-preview")).to_be_focused()
    expect(reviewer.page.locator(".desk-preview")).to_be_in_viewport()
    sending.locator("button").first.click()
    expect(reviewer.page.locator("#registration")).to_contain_text("Sent to the agency")
    register(reviewer)
    panel = reviewer.page.locator("section[aria-labelledby=registration]")
    for words in ("2026-MN-123456", "Attempt 1", "The agency cannot reach the complaint contact."):
        expect(panel).to_contain_text(words)
    assert sorted(found) == []


def test_agreement_signed_by_hand_is_confirmed_countersigned_and_registered(
    journey: Any, enter: Callable[[str, str], Walk], found: set[str], tmp_path: Path
) -> None:
    from apprenticeship.documents.models import Document
    from employers.models import PaperScan
    from employers.onboarding import Part, State
    from tests.employers.scans import pdf
    from tests.people import PASSWORD

    case = journey.to(State.AGREEMENT)
    journey.build_wages()
    journey.save(Part.AGREEMENT, journey._signatory)
    owner = enter(OWNER, "/onboarding/agreement/")
    owner.press("Sign on paper instead")
    (tmp_path / "signed.pdf").write_bytes(pdf())
    owner.page.set_input_files("[name=file]", tmp_path / "signed.pdf")
    owner.press("Upload the signed agreement")
    owner.open("/onboarding/approval/")
    owner.press("Submit to AAMI")

    reviewer = enter(REVIEWER, f"/admin/employers/onboarding/{case.pk}/change/")
    expect(reviewer.page.locator("#content")).to_contain_text("signed on paper, not yet confirmed")
    code = PaperScan.objects.get().document.code
    read = {
        "code": code,
        "signer_name": "Dana Whitfield",
        "signer_title": "CHRO",
        "signed_on": today_at(case.employer).isoformat(),
    }
    form = fields_of("/confirm/")
    reviewer.page.locator(f"details:has({form}) summary").click()
    reviewer.fill(read, within=form)
    reviewer.page.locator(f"{form} button").first.click()
    reviewer.look(reviewer.page)
    reviewer.approve(NAME, PASSWORD)
    reviewer.countersign(REVIEWER)
    register(reviewer)
    finals = Document.objects.filter(kind="final_agreement", status="done")
    wait_for(lambda: finals.exists(), seconds=90)
    assert sorted(found) == []
