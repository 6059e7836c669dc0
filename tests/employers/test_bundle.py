"""The papers for the agency: what is in the ZIP, that its sums hold, and who may take it."""

import csv
import hashlib
import io
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.program.models import Program
from apprenticeship.records import queues
from apprenticeship.records.events import first_broken
from apprenticeship.records.models import Event, Status
from employers import bundle, eta_671, owed, registering
from employers.models import Employer, Membership, Onboarding, RegistrationAttempt
from employers.onboarding import State
from employers.samples.journey import Journey
from employers.wages.wording import day
from tests.employers.desk_fixtures import QUEUE, page_of
from tests.pages import Page
from tests.people import BACKEND, browser

pytestmark = pytest.mark.django_db
KINDS = ("final_agreement", "wage_schedule", "eta_671")
NAMES = [
    "README.txt", "1-employer-agreement-sealed.pdf", "2-wage-schedule.pdf", "3-eta-671-sponsor-data.pdf",
    "3-eta-671-sponsor-data.csv", "4-acknowledged-standards.csv", "4-standards/national-standards-v1.pdf",
    "5-event-log.csv", "SHA256SUMS",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def approved(journey: Journey) -> Onboarding:
    """An approved case; its papers are still to be made."""
    return journey.to(State.REGISTRATION)


@pytest.fixture
def case(approved: Onboarding) -> Onboarding:
    """An approved case with papers that are made, but for what they say."""
    for paper in Document.objects.filter(kind__in=KINDS):
        content = f"%PDF-1.7 {paper.kind}".encode()
        paper.file.save("paper.pdf", ContentFile(content), save=False)
        paper.status, paper.file_sha256 = Status.DONE, hashlib.sha256(content).hexdigest()
        paper.save()
    return approved


def url_of(case: Onboarding) -> str:
    return f"{QUEUE}{case.pk}/registration/bundle/"


def attempt_of(case: Onboarding) -> RegistrationAttempt:
    attempt = RegistrationAttempt.objects.open_for(case)
    assert attempt is not None
    return attempt


def opened(content: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP by their path."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def bundled(case: Onboarding) -> dict[str, bytes]:
    """Return the files of a case's bundle by their path."""
    files = io.BytesIO()
    bundle.write(attempt_of(case), files)
    return opened(files.getvalue())


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_bundle_holds_every_paper_and_its_sums_hold(
    approved: Onboarding, reviewer: User, tmp_path: Path
) -> None:
    case, client = approved, browser(reviewer)
    for paper in Document.objects.filter(kind__in=KINDS):
        assert queues.work("documents", paper.pk)
    assert "One ZIP file to send to: State Apprenticeship Agency." in Page(client.get(url_of(case))).text
    response = client.post(url_of(case))
    folder = "bmet-registration-mn-lakeside-regional-medical-center-attempt-1"
    assert response["Content-Disposition"] == f'attachment; filename="{folder}.zip"'
    assert response["Content-Type"] == "application/zip"
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    content = b"".join(response.streaming_content)
    files = opened(content)
    assert list(files) == [f"{folder}/{name}" for name in NAMES]
    made = {row.kind: row for row in Document.objects.all()}
    for name, kind in ((NAMES[1], "final_agreement"), (NAMES[2], "wage_schedule"), (NAMES[3], "eta_671")):
        assert hashlib.sha256(files[f"{folder}/{name}"]).hexdigest() == made[kind].file_sha256
    assert b"/Sig" in files[f"{folder}/{NAMES[1]}"]
    assert files[f"{folder}/{NAMES[6]}"] == b"%PDF-1.7 sample"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path / folder, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert checked.stdout.count(": OK\n") == len(NAMES) - 1
    (tmp_path / folder / NAMES[1]).write_bytes(b"another")
    broken = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"], cwd=tmp_path / folder, capture_output=True, check=False
    )
    assert broken.returncode == 1
    event = Event.objects.get(verb="registration_bundle_taken")
    sums = hashlib.sha256(files[f"{folder}/SHA256SUMS"]).hexdigest()
    assert (event.user, event.data) == (reviewer, {"attempt": 1, "sums": sums})
    assert first_broken(case.employer.chain) is None


def test_tables_say_what_the_agency_needs_and_nobody_else(case: Onboarding, journey: Journey) -> None:
    Program.objects.update(sponsor_program_number="2021-DC-000000")
    content = {name.partition("/")[2]: data for name, data in bundled(case).items()}
    data = {(row[0], row[1]): row[2:] for row in table(content["3-eta-671-sponsor-data.csv"])}
    hospital = journey.hospital
    assert data["1b", "Employer"] == [hospital.name, ""]
    assert data["1", "Program number"] == ["", "not known to the portal; to be filled in"]
    assert data["2a", "RAPIDS code"] == ["0888HY", ""]
    assert data["4", "Term"] == ["24 months, 4,000 hours on the job", ""]
    assert data["6", "Credit for previous on-the-job learning"] == [
        "",
        "differs by apprentice, at enrollment",
    ]
    assert data["9b", "Wages paid during related instruction"] == ["yes", ""]
    assert data["10a", "Entry wage"] == ["$21.00 an hour", ""]
    assert data["10", "Period 2, hours 1,000 to 2,000"] == ["$24.00 an hour", ""]
    assert data["11", "E-mail"] == ["relations@example.org", ""]
    standards = table(content["4-acknowledged-standards.csv"])
    assert [(row[0], row[1], row[4]) for row in standards[1:]] == [
        ("National Standards", "1", "4-standards/national-standards-v1.pdf"),
        ("Training Objectives", "1", "https://example.org/objectives.pdf"),
    ]
    assert standards[1][5] == hashlib.sha256(content["4-standards/national-standards-v1.pdf"]).hexdigest()
    log = table(content["5-event-log.csv"])
    assert [row[2:4] for row in log[-2:]] == [
        ["Application submitted to AAMI", "the employer"],
        ["Approved by AAMI", "AAMI"],
    ]
    text = b"".join(data for name, data in content.items() if name.endswith((".csv", ".txt"))).decode()
    people = (journey.owner, journey.reviewer, journey.manager)
    private = [word for person in people for word in (person.name, person.email)]
    private += ["Robin Castellano", "robin@example.org", "555-555-0142"]
    assert [word for word in private if word in text] == []


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("圣路加医院", ""),
        ("../../etc/<passwd> & «Ño»", "etcpasswd-no"),
        ("=HYPERLINK(1)", "hyperlink1"),
        ("W" * 140, "w" * 60),
    ],
)
def test_name_of_any_kind_makes_plain_paths_and_no_formula(
    name: str, slug: str, case: Onboarding, journey: Journey
) -> None:
    Employer.objects.filter(pk=case.employer_id).update(legal_name=name, complaint_name="=1+1|cmd")
    Document.objects.filter(kind="eta_671").update(
        data=eta_671.data_of(eta_671.Application(Onboarding.objects.get(pk=case.pk)), attempt_of(case))
    )
    content = bundled(case)
    whose = slug or f"employer-{case.employer_id.hex[:8]}"
    folder = f"bmet-registration-mn-{whose}-attempt-1"
    assert {path.partition("/")[0] for path in content} == {folder}
    assert all(path.isascii() and ".." not in path and not path.startswith("/") for path in content)
    cells = [
        cell for path, data in content.items() if path.endswith(".csv") for row in table(data) for cell in row
    ]
    assert "'=1+1|cmd" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    told = content[f"{folder}/README.txt"].decode()
    assert name in told
    assert f"Attempt: 1, begun {day(attempt_of(case).begun_at)} (UTC)" in told
    assert "Sites in Wisconsin: Superior clinic (agency there: State Apprenticeship Agency)" in told


def test_paper_that_is_missing_or_changed_is_not_handed_out(case: Onboarding, reviewer: User) -> None:
    client = browser(reviewer)
    paper = Document.objects.get(kind="wage_schedule")
    Document.objects.filter(pk=paper.pk).update(file_sha256="0" * 64)
    page = Page(client.post(url_of(case), follow=True))
    assert "Wage schedule is not the file that was made (SHA-256)." in page.text
    Document.objects.filter(pk=paper.pk).update(status="pending")
    page = Page(client.post(url_of(case), follow=True))
    assert "Wage schedule is not made yet." in page.text
    assert page.tree.xpath("//div[@class='panel desk-narrow']//button/@disabled") == ["disabled"]
    assert not Event.objects.filter(verb="registration_bundle_taken").exists()


def test_only_reviewers_take_it_and_only_after_they_said_who_they_are(
    case: Onboarding, reviewer: User, owner: User, outsider: User
) -> None:
    for user in (owner, outsider):
        assert browser(user).post(url_of(case))["Location"].startswith("/admin/login/")
    stale = Client()
    stale.force_login(reviewer, backend=BACKEND)
    for method in (stale.get, stale.post):
        assert method(url_of(case))["Location"].startswith("/accounts/reauthenticate/?next=")
    Membership.objects.create(employer=case.employer, user=reviewer, role="viewer")
    assert browser(reviewer).post(url_of(case)).status_code == 403
    assert not Event.objects.filter(verb="registration_bundle_taken").exists()


def test_employer_does_not_see_the_data_of_the_form(case: Onboarding, owner: User, reviewer: User) -> None:
    paper = Document.objects.get(kind="eta_671")
    assert browser(owner).get(f"/documents/{paper.pk}/").status_code == 404
    response = browser(reviewer).get(f"/documents/{paper.pk}/")
    assert b"".join(response.streaming_content) == b"%PDF-1.7 eta_671"
    assert "ETA-671" not in Page(browser(owner).get("/papers/")).text


def test_data_of_an_attempt_without_any_is_ordered_by_the_sweep(case: Onboarding) -> None:
    Document.objects.filter(kind="eta_671").delete()
    assert (owed.order_owed(), owed.order_owed()) == (1, 0)
    assert Document.objects.get(kind="eta_671").subject == attempt_of(case)


def panel(client: Client, case: Onboarding) -> Page:
    return Page(client.get(page_of(case)))


def said(client: Client, case: Onboarding, path: str = "") -> list[str]:
    """Return what the registration panel says, or a part of it."""
    return panel(client, case).words(f"//section[@aria-labelledby='registration']{path}")


def press(client: Client, case: Onboarding, do: str, **typed: str) -> Any:
    """Post a form of the panel, as it is filled in on the day the attempt began."""
    sending = {"number": "1", "sent_on": f"{attempt_of(case).begun_at:%Y-%m-%d}", "how": "RAPIDS 77"}
    return client.post(f"{QUEUE}{case.pk}/registration/{do}/", sending | typed)


def leads_back(answer: Any, case: Onboarding) -> bool:
    return bool(answer["Location"] == f"{page_of(case)}#registration")


def test_panel_counts_the_checked_items_and_names_sites_elsewhere(case: Onboarding, reviewer: User) -> None:
    client = browser(reviewer)
    assert said(client, case, "/h2/span") == ["Being prepared"]
    assert "0 of 7 checked" in said(client, case)[0]
    assert said(client, case, "/div[@class='notice now']/ul/li") == [
        "Wisconsin: Superior clinic State Apprenticeship Agency"
    ]
    first = attempt_of(case).checks.all()[0]
    assert leads_back(press(client, case, "check", check=str(first.pk)), case)
    assert "1 of 7 checked" in said(client, case)[0]
    assert "Checked by Rosalind Meyer" in said(client, case, "//ul[@class='desk-ticks']/li")[0]


def test_sending_asks_for_the_list_is_previewed_and_counts_once(case: Onboarding, reviewer: User) -> None:
    client = browser(reviewer)
    refused = Page(press(client, case, "send"))
    assert (refused.status, "Check the list, or say" in refused.text) == (422, True)
    stale = Page(press(client, case, "send", although="on", number="2"))
    assert (stale.status, "or another attempt has begun" in stale.text) == (409, True)
    preview = Page(press(client, case, "send", although="on", preview="1"))
    assert "sent to the registration agency" in preview.text
    assert not attempt_of(case).is_sent
    assert leads_back(press(client, case, "send", although="on"), case)
    assert said(client, case, "/h2/span") == ["Sent to the agency"]
    assert "Rosalind Meyer · RAPIDS 77" in said(client, case)[0]
    late = Page(press(client, case, "send", although="on", how="By mail, tracking 5"))
    assert "By mail, tracking 5" in late.words("//section[@aria-labelledby='unsaved']")[0]
    assert (late.status, "Rosalind Meyer has marked it as sent already" in late.text) == (409, True)


def test_sending_is_taken_back_with_a_reason_and_leads_to_the_answer(
    case: Onboarding, reviewer: User
) -> None:
    client = browser(reviewer)
    press(client, case, "send", although="on")
    wrong = {"sent_on": "", "how": "", "reason": "It still lay on my desk."}
    assert Page(press(client, case, "correct", **wrong | {"reason": ""})).status == 422
    preview = Page(press(client, case, "correct", **wrong, preview="1"))
    assert "They have not been sent yet." in preview.text
    assert leads_back(press(client, case, "correct", **wrong), case)
    assert said(client, case, "/h2/span") == ["Being prepared"]
    assert "before, it said sent" in said(client, case)[0]
    assert "It still lay on my desk." in said(client, case)[0]
    twice = Page(press(client, case, "correct", **wrong))
    assert (twice.status, "the papers are not sent now" in twice.text) == (409, True)
    links = panel(client, case).tree.xpath("//section[@aria-labelledby='registration']//a/@href")
    assert f"{page_of(case)}?decide=register#decide-register" in links
    asked = Page(client.get(f"{page_of(case)}?decide=register"))
    assert len(asked.tree.xpath("//details[@open]/summary[@id='decide-register']")) == 1


def test_panel_costs_the_same_for_any_number_of_attempts(
    case: Onboarding, reviewer: User, journey: Journey, django_assert_num_queries: Any
) -> None:
    client = browser(reviewer)
    client.get(page_of(case))
    with django_assert_num_queries(22):
        client.get(page_of(case))
    for number in (2, 3):
        registering.end(Onboarding.objects.get(pk=case.pk), RegistrationAttempt.Status.RETURNED, by=reviewer)
        assert registering.begin(Onboarding.objects.get(pk=case.pk), by=reviewer).number == number
    with django_assert_num_queries(22):
        client.get(page_of(case))
