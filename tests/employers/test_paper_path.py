"""Signing on paper: the upload, what is refused, what ends a scan."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

import subprocess
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.records.models import Event, Notification
from apprenticeship.records.queues import work_off_everything
from employers import permissions
from employers.application import Application
from employers.completeness import gaps
from employers.models import Agreement, Onboarding, PaperScan, Role, Signature, SigningLink
from employers.onboarding import EDGE_BY_NAME, Part, State
from employers.samples.journey import Journey
from employers.transitions import advance
from tests.employers import scans
from tests.employers.by_hand import (  # noqa: F401  # fixtures
    PAGE,
    in_review,
    owner_client,
    ready,
    upload,
)
from tests.people import browser, colleague_of
from tests.records.database import everything

pytestmark = pytest.mark.django_db


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


def test_pdf_that_nobody_can_draw_in_time_is_refused(
    owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("employers.scans.SECONDS_TO_DRAW", 2)
    before = everything()
    page = upload(owner_client, scans.laughing())
    assert (page.status_code, "cannot be shown as pictures" in page.content.decode()) == (422, True)
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
