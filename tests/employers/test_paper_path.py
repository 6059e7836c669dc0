"""Signing on paper: the upload, what is refused, what the desk does with it, and the final paper."""

import datetime as dt
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from apprenticeship.accounts.models import User
from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from apprenticeship.documents.rendering import body_html
from apprenticeship.records.models import Event, Notification
from apprenticeship.records.queues import work_off_everything
from employers import permissions
from employers.application import Application
from employers.completeness import gaps
from employers.models import Agreement, Onboarding, PaperScan, Role, Signature, SigningLink
from employers.onboarding import EDGE_BY_NAME, Part, State
from employers.samples.journey import Journey
from employers.transitions import advance
from employers.wages.wording import day
from tests.employers import scans
from tests.employers.amending import today_at
from tests.employers.desk_fixtures import decide, page_of
from tests.pages import Page
from tests.people import browser, colleague_of
from tests.records.database import everything

pytestmark = pytest.mark.django_db

PAGE = "/onboarding/agreement/paper/"
READ = {"signer_name": "Chris Chief", "signer_title": "Chief Executive"}


@pytest.fixture
def ready(journey: Journey) -> Onboarding:
    """An application at step 6 whose wages hold and whose signatory is somebody without an account."""
    journey.to(State.AGREEMENT)
    journey.build_wages()

    def name(onboarding: Onboarding) -> None:
        onboarding.signatory_name, onboarding.signatory_title = "Chris Chief", "Chief Executive"
        onboarding.signatory_email = "chief@hospital.example"
        onboarding.save()

    journey.save(Part.AGREEMENT, name)
    return Onboarding.objects.get(pk=journey.onboarding.pk)


@pytest.fixture
def owner_client(journey: Journey, ready: Onboarding) -> Client:
    """The owner, with the paper to print ordered."""
    client = browser(journey.owner)
    assert client.post(f"{PAGE}start/")["Location"] == PAGE
    return client


@pytest.fixture
def late_evening() -> Iterator[dt.datetime]:
    """An evening at the employer, when it is the next day in UTC."""
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    with time_machine.travel(tomorrow.replace(hour=4, minute=23), tick=False):
        yield timezone.now().astimezone(ZoneInfo("America/Chicago"))


def upload(client: Client, content: bytes, name: str = "scan.pdf", **typed: str) -> Any:
    sha256 = Agreement.objects.current().get().sha256
    file = SimpleUploadedFile(name, content, "application/pdf")
    return client.post(PAGE, {"file": file, "sha256": sha256, "note": ""} | typed)


@pytest.fixture
def in_review(owner_client: Client, journey: Journey) -> Onboarding:
    """A case in review with a scan that nobody has confirmed."""
    upload(owner_client, scans.pdf(), note="Chris signs with a fountain pen.")
    return advance(Onboarding.objects.get(), "submit", by=journey.owner)


def judge(client: Client, do: str, **typed: str) -> Any:
    onboarding, scan = Onboarding.objects.get(), PaperScan.objects.latest("uploaded_at")
    facts = READ | {
        "code": scan.document.code,
        "signed_on": today_at(onboarding.employer).isoformat(),
        "reason": "Unsigned.",
    }
    return client.post(f"/admin/employers/onboarding/{onboarding.pk}/scans/{scan.pk}/{do}/", facts | typed)


def test_upload_counts_as_signed_on_paper_and_not_as_a_signature(
    owner_client: Client, ready: Onboarding
) -> None:
    answer = upload(owner_client, scans.pdf(), note="By hand.")
    assert (answer.status_code, answer["Location"]) == (302, "/onboarding/approval/")
    ready.refresh_from_db()
    scan = PaperScan.objects.get()
    assert (ready.state, scan.agreement.status, Signature.objects.count()) == (State.SUBMISSION, "paper", 0)
    assert (scan.content_type, scan.pages, scan.note, scan.read()) == (
        "application/pdf",
        2,
        "By hand.",
        scans.pdf(),
    )
    assert gaps(Application(ready)) == []
    events = Event.objects.filter(verb__in=("paper_scan_uploaded", "sign_agreement"))
    assert [(event.verb, str(event.user)) for event in events] == [
        ("paper_scan_uploaded", "Dana Whitfield"), ("sign_agreement", "Dana Whitfield"),
    ]  # fmt: skip
    for path in ("/onboarding/", "/onboarding/agreement/", "/onboarding/approval/", "/papers/", PAGE):
        assert "aper, not yet confirmed" in owner_client.get(path).content.decode(), path
    assert [row.attachments.count() for row in Notification.objects.filter(name="paper_uploaded")] == [0]
    assert not Notification.objects.filter(name="agreement_signed").exists()


def test_paper_to_print_carries_its_code_on_every_page(owner_client: Client) -> None:
    work_off_everything()
    document = Document.objects.get(kind="employer_agreement")
    page = owner_client.get(PAGE).content.decode()
    assert (document.code in page, "Sign it by hand" in page) == (True, True)
    said = subprocess.run(["pdftotext", "-", "-"], input=document.read(), capture_output=True, check=True)
    pages = said.stdout.decode().rstrip("\f").split("\f")
    assert [document.code in page for page in pages] == [True] * document.pages


@pytest.mark.parametrize("name", scans.BAD)
def test_bad_files_are_refused_in_words_and_the_note_stays(owner_client: Client, name: str) -> None:
    make, words = scans.BAD[name]
    before = everything()
    page = upload(owner_client, make(), name, note="Please be kind.")
    text = page.content.decode()
    assert (page.status_code, words in text, "Please be kind." in text) == (422, True, True)
    assert everything() == before


def test_nothing_chosen_is_said(owner_client: Client) -> None:
    page = owner_client.post(PAGE, {"note": "Soon."})
    assert (page.status_code, "Choose the scan." in page.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (scans.photograph(), "photo.jpg"),
        (scans.picture("PNG", mode="RGBA"), "scan.png"),
        (scans.picture("PNG", mode="1"), "scan.png"),
        (scans.picture("JPEG", mode="CMYK"), "scan.pdf"),
    ],
    ids=["turned-jpeg", "transparent-png", "black-and-white", "mislabeled"],
)
def test_pictures_are_drawn_anew_without_metadata(owner_client: Client, content: bytes, name: str) -> None:
    assert upload(owner_client, content, name).status_code == 302
    scan = PaperScan.objects.get()
    image = Image.open(BytesIO(scan.read()))
    assert (scan.content_type, image.format, image.size) == ("image/jpeg", "JPEG", (850, 1100))
    assert (dict(image.getexif()), b"Secret Camera" in scan.read()) == ({}, False)
    assert scan.file.name.startswith(f"scans/{scan.pk.hex}/")
    assert "photo" not in scan.file.name


def test_only_the_owner_uploads(
    owner_client: Client, ready: Onboarding, outsider: User, reviewer: User
) -> None:
    before = everything()
    for role in (Role.VIEWER, Role.EDITOR):
        client = browser(colleague_of(ready.employer, role))
        assert (upload(client, scans.pdf()).status_code, client.post(f"{PAGE}start/").status_code) == (
            403,
            403,
        )
        assert 'type="file"' not in client.get(PAGE).content.decode()
    for stranger in (outsider, reviewer):
        assert upload(browser(stranger), scans.pdf())["Location"] == "/begin/"
    assert upload(Client(), scans.pdf())["Location"].startswith("/accounts/login/")
    assert PaperScan.objects.count() == 0
    assert before["employers_agreement"] == everything()["employers_agreement"]


def test_scan_is_read_by_its_people_and_reviewers_only(
    owner_client: Client, in_review: Onboarding, outsider: User, reviewer: User
) -> None:
    url = f"/papers/scans/{PaperScan.objects.get().pk}/"
    viewer = browser(colleague_of(in_review.employer, Role.VIEWER))
    for client in (owner_client, viewer, browser(reviewer)):
        answer = client.get(url)
        assert (answer.status_code, b"".join(answer.streaming_content)) == (200, scans.pdf())
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
        assert answer["Cache-Control"] == "private, no-store"
    assert browser(outsider).get(url).status_code == 404
    assert Client().get(url)["Location"].startswith("/accounts/login/")
    assert browser(reviewer).get("/papers/scans/5b0c1a5e-0000-4000-8000-000000000000/").status_code == 404
    assert Event.objects.filter(verb="paper_scan_opened").count() == 3


def test_a_scan_stands_for_no_other_move_and_no_other_agreement(
    owner_client: Client, ready: Onboarding
) -> None:
    upload(owner_client, scans.pdf())
    scan = PaperScan.objects.get()
    assert permissions.may(EDGE_BY_NAME["sign_agreement"], ready, scan)
    assert not permissions.may(EDGE_BY_NAME["sign_agreement"], Onboarding(employer_id=None), scan)
    assert not permissions.may(EDGE_BY_NAME["submit"], ready, scan)
    assert not permissions.may(EDGE_BY_NAME["approve"], ready, scan)


def test_uploading_twice_keeps_one_and_another_scan_replaces_it(owner_client: Client) -> None:
    first = scans.pdf()
    for _click in range(2):
        upload(owner_client, first)
    assert (PaperScan.objects.count(), Event.objects.filter(verb="sign_agreement").count()) == (1, 1)
    upload(owner_client, scans.picture("JPEG"), "better.jpg")
    assert [scan.is_waiting for scan in PaperScan.objects.order_by("uploaded_at")] == [False, True]
    assert Event.objects.filter(verb="sign_agreement").count() == 1


def test_scan_of_a_text_that_changed_is_not_taken(owner_client: Client, journey: Journey) -> None:
    old = Agreement.objects.current().get().sha256

    def rename(onboarding: Onboarding) -> None:
        onboarding.employer.legal_name = "Lakeside, Incorporated"
        onboarding.employer.save()

    journey.save(Part.PROFILE, rename)
    file = SimpleUploadedFile("scan.pdf", scans.pdf())
    page = owner_client.post(PAGE, {"file": file, "sha256": old}, follow=True)
    assert "The text changed since you opened this page" in page.content.decode()
    assert PaperScan.objects.count() == 0


def test_upload_ends_the_open_link(journey: Journey, ready: Onboarding) -> None:
    client = browser(journey.owner)
    client.post("/onboarding/agreement/link/", {"do": "send"})
    client.post(f"{PAGE}start/")
    upload(client, scans.pdf())
    assert SigningLink.objects.open().count() == 0


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


def test_withdrawing_declining_and_editing_end_the_scan(in_review: Onboarding, journey: Journey) -> None:
    advance(in_review, "withdraw", by=journey.owner, reason="Budget")
    scan = PaperScan.objects.get()
    assert (scan.is_waiting, scan.ended_at is None, scan.agreement.status) == (False, False, "void")


def test_editing_what_is_printed_asks_and_ends_the_scan(owner_client: Client, journey: Journey) -> None:
    upload(owner_client, scans.pdf())

    def rename(onboarding: Onboarding) -> None:
        onboarding.employer.legal_name = "Lakeside, Incorporated"
        onboarding.employer.save()

    from employers.editing import VoidsSignature, save_part

    onboarding = Onboarding.objects.get()
    version = onboarding.part_versions.get(part="profile").version
    with pytest.raises(VoidsSignature):
        save_part(onboarding, Part.PROFILE, rename, version=version, by=journey.owner)
    save_part(onboarding, Part.PROFILE, rename, version=version, by=journey.owner, voids_signature=True)
    assert (PaperScan.objects.get().is_waiting, Onboarding.objects.get().state) == (False, State.AGREEMENT)


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


@pytest.mark.parametrize("kind", ["pdf", "picture"])
def test_final_paper_carries_the_scan_under_a_valid_seal(
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
        assert {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()} == {
            scan.filename: scan.read()
        }
        assert (
            pdf.attachments[scan.filename].description
            == "Scan of the agreement, signed by hand by Chris Chief"
        )
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=True).stdout
    assert ("Signature is Valid." in said, "Total document signed" in said) == (True, True)
    assert subprocess.run(["qpdf", "--check", file], capture_output=True, check=False).returncode == 0
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    words = " ".join(text.split())
    for expected in ("Signed by hand on paper", "By hand on paper; the scan was confirmed by AAMI", "by Rosalind Meyer",
                     scan.document.code, scan.filename):  # fmt: skip
        assert expected in words
    assert scan.sha256 in "".join(text.split())
    recipients = {message.to[0] for message in mail.outbox if message.attachments}
    assert {"chief@hospital.example", journey.owner.email} <= recipients
