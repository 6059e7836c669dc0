"""The final paper of a whole journey, judged by independent tools: poppler, qpdf and a reader of PDF structure."""

import hashlib
import json
import re
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core import mail
from django.test import Client

from apprenticeship.documents.models import Document
from apprenticeship.documents.verifying import by_content
from apprenticeship.program.models import Program
from apprenticeship.records.queues import work_off_everything
from employers.models import Employer, Onboarding, Signature
from employers.onboarding import Part, State
from employers.samples.journey import Journey
from tests.employers.answers import mailed_code, step_url
from tests.employers.stored import StoredJourney
from tests.pages import Page, fill_in, visit
from tests.people import browser

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SIGNER = "chief@hospital.example"
# What the certificate tells of either signer, in this order.
EVIDENCE = [
    "Name, as typed", "Title", "E-mail", "Authority", "Identified by", "Code or second factor", "Consent", "Intent",
    "Signed", "IP address", "Browser (user agent)", "SHA-256 shown",
]  # fmt: skip


@pytest.fixture
def tool(tmp_path: Path) -> Callable[..., str]:
    """Return a function that says what a program prints about a PDF."""

    def run(content: bytes, *command: str) -> str:
        path = tmp_path / "final.pdf"
        path.write_bytes(content)
        end = ["-"] if command[0] == "pdftotext" else []
        return subprocess.run([*command, str(path), *end], check=True, capture_output=True, text=True).stdout

    return run


def final_of(journey: Journey) -> Document:
    """Countersign what is in review and return the sealed paper."""
    journey.onboarding = Onboarding.objects.get()
    if journey.onboarding.state == State.SUBMISSION:
        journey.submit()
    journey.approve()
    work_off_everything()
    document: Document = Document.objects.get(kind="final_agreement")
    assert (document.status, document.error) == ("done", "")
    return document


def words(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


@pytest.fixture
def final(journey: StoredJourney) -> Document:
    """The sealed paper of the sample employer."""
    journey.to(State.REGISTRATION)
    journey.work_off()
    return Document.objects.get(kind="final_agreement")


def test_seal_is_valid_and_covers_the_whole_document(final: Document, tool: Callable[..., str]) -> None:
    said = tool(final.read(), "pdfsig", "-nocert")
    assert said.count("Signature #") == 1
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert re.search(r"Signature Type: (ETSI\.CAdES\.detached)", said)
    assert "No syntax or stream encoding errors found" in tool(final.read(), "qpdf", "--check")


def test_text_is_read_in_order_from_agreement_to_certificate(
    final: Document, tool: Callable[..., str], journey: Journey
) -> None:
    agreement = final.subject
    clauses = [row["heading"] for row in agreement.terms["template"]["statements"]]  # type: ignore[union-attr]
    order = [
        "Employer Agreement, final",
        "Preamble and definitions",
        *clauses,
        "Schedule A: Standards and documents acknowledged",
        "Schedule B: Wage Schedule",
        "Schedule C: Sites",
        "For the Employer",
        "For the Sponsor",
        "Progressively increasing wages",
        "Minimum wage at each site",
        "Checks",
        "Certificate of signature",
        "SHA-256 of the text signed",
        "Identified by",
        "What happened",
        "Check this paper",
        "Disclosure on electronic signing",
        "was shown this text and agreed to it before signing",
        f"Contact: {Program.objects.current().contact}",
    ]
    spoken = " ".join(re.findall(r'^\s*"(.*)"$', tool(final.read(), "pdfinfo", "-struct-text"), re.MULTILINE))
    for said in (tool(final.read(), "pdftotext"), spoken):
        text, at, places = words(said), 0, []
        for line in order:
            at = text.index(line, at)
            places.append(at)
        assert places == sorted(places)
    assert journey.owner.name in words(tool(final.read(), "pdftotext", "-raw"))


def test_structure_title_language_and_bookmarks_are_there(final: Document, tool: Callable[..., str]) -> None:
    with pikepdf.open(BytesIO(final.read())) as pdf:
        assert (bool(pdf.Root.MarkInfo.Marked), str(pdf.Root.Lang)) == (True, "en-us")
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo["/Title"]) == "Employer Agreement, final"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert [titles[0], *titles[-2:]] == [
        "Employer Agreement, final",
        "Wage schedule, version 1",
        "Certificate of signature",
    ]
    structure = tool(final.read(), "pdfinfo", "-struct")
    for tag in ("Document", "H1", "H2", "H3", "P", "L", "LI", "Table", "TH", "TD", "Figure"):
        assert re.search(rf"^\s*{tag}\b", structure, re.MULTILINE), tag
    assert len(re.findall(r"^\s*H1\b", structure, re.MULTILINE)) == 3


def test_certificate_tells_how_each_party_was_identified(
    final: Document, tool: Callable[..., str], journey: Journey
) -> None:
    text = words(tool(final.read(), "pdftotext", "-raw").partition("Certificate of signature")[2])
    assert "Signed in to the portal, and a code mailed to the signer's address" in text
    assert "Signed in to the portal with a second factor; identity confirmed within" in text
    assert "Six-digit code, mailed to the address above on" in text
    assert "Code of an authenticator app, typed in on" in text
    employer, sponsor = final.data["certificate"]["signers"]
    assert [row["label"] for row in employer["rows"]] == [row["label"] for row in sponsor["rows"]] == EVIDENCE
    assert "–" not in [row["value"] for party in (employer, sponsor) for row in party["rows"]]
    order = ["Text frozen and presented", "Code to sign mailed to the signer", "Signed", "Countersigned"]
    happened = text.partition("What happened")[2]
    places = [happened.index(line) for line in order]
    assert places == sorted(places)
    assert happened.count("UTC") >= 4


def test_auditor_recomputes_the_hash_of_the_text_from_the_file_alone(
    final: Document, tool: Callable[..., str], tmp_path: Path
) -> None:
    printed = words(tool(final.read(), "pdftotext", "-raw").partition("Certificate of signature")[2])
    found = re.search(
        r"SHA-256 of the text signed (\w{64}) The bytes .* attached to this file as (\S+\.json)\.", printed
    )
    assert found
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, tmp_path / "final.pdf"], check=True)
    content = (tmp_path / found[2]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == found[1]
    assert printed.count(found[1]) == 3  # the text, and what each of the two was shown
    said = json.loads(content)
    shown = tool(final.read(), "pdftotext", "-raw")
    for clause in said["template"]["statements"]:
        assert words(clause["text"]) in words(shown)
    facts = json.loads((tmp_path / "agreement-v1-certificate.json").read_bytes())
    assert facts["sha256"] == found[1]
    assert facts["signers"][0]["rows"][0]["value"] in printed


# Hostile and foreign words ------------------------------------------------------------------------------------


@pytest.fixture
def lure() -> Iterator[tuple[str, list[str]]]:
    """A web server that nobody should call: its address, and who called."""
    calls: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    visitor, _address = server.accept()
                except TimeoutError:
                    continue
                calls.append(visitor.recv(200).decode(errors="replace"))
                visitor.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", calls
        done.set()
        thread.join()


def test_markup_and_addresses_in_every_printed_field_open_nothing(
    journey: Journey, tool: Callable[..., str], lure: tuple[str, list[str]]
) -> None:
    host, calls = lure
    short = f"<img src=//{host}/a>"
    hostile = f'"><img src=http://{host}/x><link rel=attachment href="file:///etc/passwd">'
    journey.to(State.AGREEMENT)

    def spoil(onboarding: Onboarding) -> None:
        employer: Employer = onboarding.employer
        employer.legal_name, employer.dba_name, employer.street = hostile, hostile, hostile[:120]
        employer.city, employer.county = short, short
        employer.save()
        employer.sites.update(name=hostile[:100], street=hostile[:120], city=short)

    journey.save(Part.PROFILE, spoil)
    journey.onboarding = Onboarding.objects.get()
    journey.build_wages()
    owner = browser(journey.owner)
    fill_in(
        owner, step_url("agreement"),
        {"signatory_name": short, "signatory_title": hostile[:120], "signatory_email": journey.owner.email},
    )  # fmt: skip
    page = Page(owner.post("/onboarding/agreement/present/", follow=True))
    act = {"consent": "on", "has_authority": "on", "title": hostile[:120], "full_name": short}
    typed = page.fields() | act
    owner.post("/onboarding/agreement/sign/", typed)
    owner.post(
        "/onboarding/agreement/sign/last/", typed | {"code": mailed_code()}, headers={"User-Agent": hostile}
    )
    document = final_of(journey)
    text = words(tool(document.read(), "pdftotext", "-raw")).replace(" ", "")
    assert text.count(short.replace(" ", "")) > 5
    assert "root:x:0" not in text
    with pikepdf.open(BytesIO(document.read())) as pdf:
        assert len(pdf.attachments) == 2  # the text signed and the certificate, as data
    assert calls == []
    for url in ("/onboarding/agreement/", "/papers/", f"/verify/{document.code}/"):
        assert visit(owner, url).tree.xpath(f"//img[contains(@src, '{host}')]") == []


def test_organization_name_of_five_thousand_characters_is_refused_at_its_field(journey: Journey) -> None:
    journey.to(State.GET_STARTED)
    long = "Lakeside " * 555 + "Inc. "
    page = fill_in(browser(journey.owner), step_url("get-started"), {"legal_name": long})
    assert (page.status, "id_legal_name" in page.problems) == (422, True)
    assert page.fields()["legal_name"] == long
    assert len(Employer.objects.get().legal_name) < 100


@pytest.mark.parametrize("letters", [5000, 150])
def test_paper_with_a_name_without_end_is_made_and_sealed(
    letters: int, journey: Journey, tool: Callable[..., str]
) -> None:
    """Even a name that came past the form."""
    from apprenticeship.documents.orders import order
    from tests.documents import papers

    facts = papers.final_agreement()
    facts["employer"] = facts["schedule"]["employer"] = papers.EMPLOYER | {"legal_name": "W" * letters}
    document = order(
        "final_agreement", subject=journey.onboarding.employer, data=facts, title="Final", version=1,
        effect_key=f"long:{letters}", by=None,
    )  # fmt: skip
    work_off_everything()
    document.refresh_from_db()
    assert (document.status, by_content(document.read()).verdict.value) == ("done", "genuine")
    assert "WWWW" in tool(document.read(), "pdftotext", "-raw")


@pytest.mark.parametrize("name", ["יעל כהן محمد علي", "王小明 山田 太郎 김민준 Ólafur Þórsson"])
def test_signatory_of_any_script_signs_and_is_printed(
    name: str, journey: Journey, tool: Callable[..., str], client: Client
) -> None:
    from employers import signatory

    journey.to(State.AGREEMENT)
    journey.build_wages()
    Onboarding.objects.update(signatory_name=name, signatory_title="CEO", signatory_email=SIGNER)
    signatory.send_link(Onboarding.objects.get(), by=journey.owner)
    work_off_everything()
    found = next(filter(None, (re.search(r"/sign/([\w-]{40,})/", str(m.body)) for m in mail.outbox)))
    path = f"/sign/{found[1]}/"
    act: dict[str, Any] = {"consent": "on", "has_authority": "on", "title": "CEO", "full_name": name}
    typed = visit(client, path).fields() | act
    client.post(path, typed)
    assert client.post(f"{path}sign/", typed | {"code": mailed_code()})["Location"] == "/sign/done/"
    assert Signature.objects.get().name == name
    document = final_of(journey)
    text = tool(document.read(), "pdftotext", "-raw")
    marks = "\u202a\u202b\u202c\u200e\u200f\u2066\u2067\u2069"
    letters = {char for char in text if char not in marks}
    assert set(name.replace(" ", "")) <= letters
    assert "\ufffd" not in text
    assert by_content(document.read()).verdict.value == "genuine"
