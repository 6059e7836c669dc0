"""The signatory reads and signs by link; afterwards anybody checks the final paper."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import Walk, mailed_code, mailed_link, wait_for, watcher

if TYPE_CHECKING:  # this file is read before Django is set up
    from employers.samples.journey import Journey

SIGNER = "chief@hospital.example"


def waiting_for_signature() -> Journey:
    """Return an employer whose signatory has just been sent a link."""
    from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
    from apprenticeship.program.samples import create_sample_documents
    from employers import signatory
    from employers.models import Onboarding
    from employers.onboarding import State
    from employers.samples import hospitals
    from employers.samples.journey import Journey
    from tests.people import person

    create_sample_documents()
    staff = (
        person("r@example.org", "Rosalind Meyer", staff=REVIEWERS),
        person("m@example.org", staff=MANAGERS),
    )
    journey = Journey(hospitals.LAKESIDE, person("owner@example.org", "Dana Whitfield"), *staff)
    journey.to(State.AGREEMENT)
    journey.build_wages()
    Onboarding.objects.update(
        signatory_name="Chris Chief", signatory_title="Chief Executive", signatory_email=SIGNER
    )
    signatory.send_link(Onboarding.objects.get(), by=journey.owner)
    return journey


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("js", [True, False], ids=["javascript", "no-javascript"])
def test_signatory_signs_and_the_final_paper_is_genuine(
    js: bool,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    worker: subprocess.Popen[bytes],
    tmp_path: Path,
) -> None:
    from apprenticeship.documents.models import Document
    from employers.models import Onboarding

    journey = waiting_for_signature()
    found: set[str] = set()
    signer = Walk(open_page(js=js), watcher(axe, found) if js else lambda page: None)
    signer.open(mailed_link(SIGNER, "/sign/"))
    expect(signer.page.locator("main")).to_contain_text("Opening this page signs nothing")
    signer.fill({"consent": "on", "has_authority": "on", "full_name": "Chris Chief"})
    signer.press("Go on to the last page")
    signer.fill({"code": mailed_code(SIGNER)})
    signer.press("Sign the Employer Agreement")
    assert signer.heading() == "Signed. Thank you."

    journey.onboarding = Onboarding.objects.get()
    journey.submit()
    journey.approve()
    wait_for(lambda: Document.objects.filter(kind="final_agreement", status="done").exists())
    final = Document.objects.get(kind="final_agreement")
    paper = tmp_path / "final.pdf"
    paper.write_bytes(final.read())
    signer.open("/verify/")
    signer.page.set_input_files("[name=file]", paper)
    signer.press("Check")
    expect(signer.page.locator("[data-verdict]")).to_contain_text("Genuine and in force")
    paper.write_bytes(final.read() + b" ")
    signer.page.set_input_files("[name=file]", paper)
    signer.press("Check")
    if js:
        expect(signer.page.locator("#verify-unknown")).to_be_visible()
        signer.press("Check")
    expect(signer.page.locator("[data-verdict]")).to_contain_text("Altered after it was sealed")
    signer.look(signer.page)
    assert sorted(found) == []


@pytest.mark.django_db(transaction=True)
def test_signatory_signs_with_the_keyboard_alone(
    open_page: Callable[..., Page], worker: subprocess.Popen[bytes]
) -> None:
    from employers.models import Signature

    waiting_for_signature()
    page = open_page()
    page.goto(mailed_link(SIGNER, "/sign/"))

    def go_to(name: str) -> None:
        """Press Tab until the field has the focus, and see that the focus shows."""
        for _press in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == name:
                break
        style = "(({outlineStyle, boxShadow}) => [outlineStyle, boxShadow])(getComputedStyle(document.activeElement))"
        assert page.evaluate("document.activeElement.name") == name
        assert page.evaluate(style) != ["none", "none"]

    for box in ("consent", "has_authority"):
        go_to(box)
        page.keyboard.press("Space")
    go_to("full_name")
    page.keyboard.type("Chris Chief")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign/*/")
    expect(page.locator("h1")).to_have_text("The last page before you sign")
    go_to("code")
    page.keyboard.type(mailed_code(SIGNER))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Signed. Thank you.")
    assert Signature.objects.get().name == "Chris Chief"


@pytest.mark.django_db(transaction=True)
def test_signatory_declines_with_the_code_for_it(
    open_page: Callable[..., Page], axe: Callable[[Page], list[str]], worker: subprocess.Popen[bytes]
) -> None:
    from employers.models import SigningLink

    waiting_for_signature()
    found: set[str] = set()
    signer = Walk(open_page(), watcher(axe, found))
    signer.open(mailed_link(SIGNER, "/sign/"))
    signer.page.get_by_text("Will you not sign?").click()
    signer.fill({"decline-reason": "Our board decides in January."})
    signer.press("Decline to sign")
    expect(signer.page.locator("main")).to_contain_text("Nothing is declined yet")
    signer.fill({"code": mailed_code(SIGNER)})
    signer.page.keyboard.press("Enter")
    expect(signer.page.locator("h1")).to_have_text("You declined to sign")
    signer.look(signer.page)
    assert SigningLink.objects.get().declined_reason == "Our board decides in January."
    assert sorted(found) == []
