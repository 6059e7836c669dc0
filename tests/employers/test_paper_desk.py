"""A scan of a paper signed by hand at the desk: what is confirmed, whose day it is, and the final paper."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

import datetime as dt
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core import mail
from django.test import Client
from PIL import Image

from apprenticeship.accounts.models import User
from apprenticeship.documents import kinds, page_pictures
from apprenticeship.documents.models import Document
from apprenticeship.documents.rendering import body_html
from apprenticeship.records.models import Event
from apprenticeship.records.queues import work_off_everything
from employers import paper_path
from employers.models import Onboarding, PaperScan, Role, Signature
from employers.onboarding import State
from employers.samples.journey import Journey
from employers.transitions import advance
from employers.wages.wording import day
from tests.employers import scans
from tests.employers.amending import DESK, amendment, sign_on_paper, today_at
from tests.employers.by_hand import (  # noqa: F401  # fixtures
    PAGE,
    in_review,
    judge,
    late_evening,
    owner_client,
    ready,
    upload,
)
from tests.employers.desk_fixtures import QUEUE, decide, page_of
from tests.pages import Page
from tests.people import browser, colleague_of

pytestmark = pytest.mark.django_db


def test_approval_waits_for_the_scan(in_review: Onboarding, reviewer: User) -> None:
    desk = browser(reviewer)
    page = decide(desk, in_review, "approve", reviewer)
    assert (page.status_code, "Confirm the scan of the signed paper first" in page.content.decode()) == (
        422,
        True,
    )
    assert (Signature.objects.count(), Onboarding.objects.get().state) == (0, State.REVIEW)
    text = desk.get(page_of(in_review)).content.decode()
    for words in (
        "Not yet confirmed",
        "fountain pen",
        PaperScan.objects.get().document.code,
        "Named as signatory",
    ):
        assert words in text
    assert "Paper, not yet confirmed" in desk.get("/admin/employers/onboarding/").content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"code": "BMET-2222-2222"}, "not the code of the paper"),
        ({"code": ""}, "This field is required"),
        ({"signed_on": "2999-01-01"}, "This date is in the future"),
        ({"signed_on": "2020-01-01"}, "it cannot have been signed before"),
        ({"signed_on": "yesterday"}, "Enter a valid date"),
        ({"signer_name": ""}, "This field is required"),
    ],
    ids=["other-code", "no-code", "future", "too-early", "no-date", "no-name"],
)
def test_desk_says_what_does_not_fit_and_keeps_what_was_typed(
    in_review: Onboarding, reviewer: User, typed: dict[str, str], words: str
) -> None:
    page = judge(browser(reviewer), "confirm", **typed)
    text = page.content.decode()
    assert (page.status_code, words in text, 'value="Chief Executive"' in text) == (422, True, True)
    assert Signature.objects.count() == 0


@pytest.fixture(params=["application", "amendment"])
def case(request: pytest.FixtureRequest, journey: Journey) -> str:
    """The address of what waits at the desk with a scan that nobody has confirmed."""
    if request.param == "application":
        return f"{QUEUE}{request.getfixturevalue('in_review').pk}/"
    journey.to(State.ACTIVE)
    sign_on_paper(browser(journey.owner))
    return f"{DESK}{amendment().pk}/"


def form_of(page: Page, do: str) -> dict[str, Any]:
    """Return what the form sends in which the button stands that judges the scan."""
    [button] = page.tree.xpath(f"//button[contains(@formaction, '/{do}/')][contains(@formaction, '/scans/')]")
    return dict(next(button.iterancestors("form")).form_values())


def test_lost_session_keeps_what_was_read_on_the_scan(case: str, reviewer: User) -> None:
    client, scan = browser(reviewer), PaperScan.objects.get()
    for do, words in (("confirm", 'value="Head of Everything"'), ("reject", "Unsigned.</textarea>")):
        sent = form_of(Page(client.get(f"{case}change/")), do)
        typed = sent | {
            "signer_title": "Head of Everything",
            "reason": "Unsigned.",
            "verdict_profile": "fine",
        }
        client.logout()
        address = f"{case}scans/{scan.pk}/{do}/"
        assert client.post(address, typed)["Location"].startswith("/accounts/login/")
        client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
        page = Page(client.get(address))
        assert words in page.html
        marks = ["fine"] if case.startswith(QUEUE) else []
        assert page.tree.xpath("//input[@name='verdict_profile'][@checked]/@value") == marks
        assert client.get(address)["Location"] == f"{case}change/"
    assert PaperScan.objects.get().is_waiting


def test_text_about_a_scan_that_a_colleague_confirmed_stands_by_itself(
    case: str, reviewer: User, manager: User
) -> None:
    client, scan = browser(reviewer), PaperScan.objects.get()
    sent = form_of(Page(client.get(f"{case}change/")), "reject") | {"reason": "Unsigned."}
    client.logout()
    address = f"{case}scans/{scan.pk}/reject/"
    client.post(address, sent)
    today = today_at(scan.agreement.employer)
    read = {"signer_name": "Chris Chief", "signer_title": "Chief Executive", "signed_on": today}
    paper_path.confirm(scan, by=manager, code=scan.document.code, **read)
    client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    for page in (Page(client.get(address)), Page(client.post(address, sent))):
        left = page.words("//section[@aria-labelledby='unsaved']/*")
        assert left == ["Your text for “Reject the scan”, not saved", "What is wrong with the scanUnsigned."]
        assert page.words("//div[contains(@class, 'error')][@role='alert']") == [
            "Somebody was quicker: this scan does not wait any longer."
        ]
    assert page.status == 409


def test_confirmed_scan_becomes_the_signature(
    in_review: Onboarding, reviewer: User, owner_client: Client
) -> None:
    scan = PaperScan.objects.get()
    answer = judge(browser(reviewer), "confirm", code=scan.document.code.lower().replace("-", " "))
    assert answer.status_code == 302
    scan.refresh_from_db()
    signature = Signature.objects.get()
    assert (signature.method, signature.party, signature.name, signature.title) == (
        "paper", "employer", "Chris Chief", "Chief Executive",
    )  # fmt: skip
    assert (signature.ip, signature.consent_text, signature.user) == (None, "", None)
    assert signature.signed_on == scan.signed_on
    assert (scan.confirmed_by, scan.signature, scan.agreement.status) == (reviewer, signature, "signed")
    assert Event.objects.get(verb="paper_scan_confirmed").data["sha256"] == scan.sha256
    assert judge(browser(reviewer), "confirm").status_code == 409
    assert judge(browser(reviewer), "reject").status_code == 409
    assert "by hand on paper" in owner_client.get("/onboarding/agreement/").content.decode()
    assert "Signed on paper" in browser(reviewer).get("/admin/employers/onboarding/").content.decode()


def test_only_reviewers_judge_a_scan(
    in_review: Onboarding, journey: Journey, outsider: User, reviewer: User
) -> None:
    for person in (journey.owner, outsider):
        assert judge(browser(person), "confirm")["Location"].startswith("/admin/login/")
    colleague = colleague_of(in_review.employer, Role.VIEWER)
    colleague.is_staff = True
    colleague.save()
    colleague.groups.set(reviewer.groups.all())
    assert judge(browser(colleague), "confirm").status_code == 403
    assert Signature.objects.count() == 0


def test_rejected_scan_leads_back_to_step_six(
    in_review: Onboarding, reviewer: User, owner_client: Client, journey: Journey
) -> None:
    work_off_everything()
    mail.outbox.clear()
    assert judge(browser(reviewer), "reject", reason="The date is missing.").status_code == 302
    work_off_everything()
    onboarding, scan = Onboarding.objects.get(), PaperScan.objects.get()
    assert (onboarding.state, onboarding.reviewer) == (State.AGREEMENT, reviewer)
    assert (scan.rejected_reason, scan.agreement.status) == ("The date is missing.", "void")
    letters = [str(message.body) for message in mail.outbox if message.to == [journey.owner.email]]
    assert [("The date is missing." in body, "could not accept the scan" in body) for body in letters] == [
        (True, True)
    ]
    text = owner_client.get("/onboarding/agreement/").content.decode()
    assert ("The date is missing." in text, "Sign on paper instead" in text) == (True, True)
    owner_client.post(f"{PAGE}start/")
    upload(owner_client, scans.pdf(3))
    assert Onboarding.objects.get().state == State.SUBMISSION
    onboarding.change_requests.get().flagged_parts.update(answer="Signed again, with the date.")
    owner_client.post(
        "/onboarding/approval/", {"action": "submit", "agreement": "Signed again, with the date."}
    )
    assert Onboarding.objects.get().state == State.REVIEW
    assert judge(browser(reviewer), "confirm").status_code == 302


def test_signing_day_is_judged_and_printed_in_the_employers_zone(
    late_evening: dt.datetime, in_review: Onboarding, reviewer: User
) -> None:
    today, desk = late_evening.date(), browser(reviewer)
    assert f"{day(today)}, {late_evening:%-I:%M %p %Z}" in Page(desk.get(page_of(in_review))).text
    for days, words in (
        (1, f"This date is in the future: at the employer it is {day(today)}."),
        (-1, f"The agreement was presented on {day(today)}; it cannot have been signed before."),
    ):
        typed = (today + dt.timedelta(days=days)).isoformat()
        assert words in Page(judge(desk, "confirm", signed_on=typed)).text
    assert judge(desk, "confirm").status_code == 302
    assert decide(desk, Onboarding.objects.get(), "approve", reviewer).status_code == 302
    final = Document.objects.get(kind="final_agreement")
    paper = body_html(kinds.AGREEMENT, final.data)
    assert f"Effective Date: {today:%B %-d, %Y}." in paper
    assert f"{today:%B %-d, %Y} at {late_evening:%-I:%M:%S %p} UTC−0" in paper  # the countersignature
    headings = [row["heading"] for row in final.data["certificate"]["signers"]]
    assert headings == ["For the Employer", "For the Sponsor"]


def run(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def check_copy(file: Path, scan: PaperScan, folder: str) -> None:
    """Find each page of the scan on a page of its own, with heading, an alternative in words and its picture."""
    headings = [f"Signed paper copy, page {number} of {scan.pages}" for number in range(1, scan.pages + 1)]
    pages = run("pdftotext", file, "-").split("\f")
    found = [next(n for n, text in enumerate(pages, 1) if heading in text) for heading in headings]
    assert sorted(set(found)) == found
    with pikepdf.open(file) as pdf:
        tags = [
            row for row in pdf.objects if isinstance(row, pikepdf.Dictionary) and row.get("/S") == "/Figure"
        ]
        said = [str(row.Alt).partition(".")[0] for row in tags if str(row.get("/Alt")).startswith("Scan")]
    printed = f"of {scan.pages} of the printed agreement, signed by hand by Chris Chief"
    assert said == [f"Scan of page {number} {printed}" for number in range(1, scan.pages + 1)]
    drawn = [Image.open(BytesIO(picture)) for picture in page_pictures.drawn(scan.read())]
    run("pdfimages", "-all", "-f", str(found[0]), "-l", str(found[-1]), file, f"{folder}/shown")
    shown = [Image.open(path) for path in sorted(Path(folder).glob("shown-*.jpg"))]
    assert [picture.tobytes() for picture in shown] == [picture.tobytes() for picture in drawn]


@pytest.mark.parametrize("kind", ["pdf", "picture"])
def test_final_paper_shows_and_carries_the_scan_under_a_valid_seal(
    kind: str, owner_client: Client, journey: Journey, reviewer: User, tmp_path: Path
) -> None:
    upload(owner_client, scans.pdf() if kind == "pdf" else scans.photograph())
    advance(Onboarding.objects.get(), "submit", by=journey.owner)
    judge(browser(reviewer), "confirm")
    assert decide(browser(reviewer), Onboarding.objects.get(), "approve", reviewer).status_code == 302
    work_off_everything()
    final, scan = Document.objects.get(kind="final_agreement"), PaperScan.objects.get()
    assert (final.status, final.error) == ("done", "")
    file = tmp_path / "final.pdf"
    file.write_bytes(final.read())
    with pikepdf.open(file) as pdf:
        names = ["agreement-v1-certificate.json", "agreement-v1-text-signed.json", scan.filename]
        assert list(pdf.attachments) == names
        assert pdf.attachments[scan.filename].get_file().read_bytes() == scan.read()
        assert (
            pdf.attachments[scan.filename].description
            == "Scan of the agreement, signed by hand by Chris Chief"
        )
    said = run("pdfsig", "-nocert", file)
    assert ("Signature is Valid." in said, "Total document signed" in said) == (True, True)
    assert subprocess.run(["qpdf", "--check", file], capture_output=True, check=False).returncode == 0
    text = run("pdftotext", "-layout", file, "-")
    words = " ".join(text.split())
    for expected in ("Signed by hand on paper", "By hand on paper; the scan was confirmed by AAMI", "by Rosalind Meyer",
                     scan.document.code, scan.filename):  # fmt: skip
        assert expected in words
    assert scan.sha256 in "".join(text.split())
    check_copy(file, scan, str(tmp_path))
    recipients = {message.to[0] for message in mail.outbox if message.attachments}
    assert {"chief@hospital.example", journey.owner.email} <= recipients
