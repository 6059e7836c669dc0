"""The life of an amendment: by account, by link and on paper, until it is in force or ended."""

import re

import pytest
from django.core import mail
from django.test import Client

from apprenticeship.documents.models import Document
from apprenticeship.documents.rendering import render_html
from apprenticeship.records.models import Notification
from employers.application import Application
from employers.models import (
    Agreement,
    Employer,
    Onboarding,
    PaperScan,
    Signature,
    SigningLink,
)
from employers.samples.journey import Journey
from employers.signatory import ask, decline, forward, remind
from employers.terms import still_says_the_same
from tests.employers.amending import (
    DESK,
    OVERVIEW,
    PARTIES,
    VERSIONS,
    amendment,
    decide,
    draft,
    scan_facts,
    sealed,
    sign_in_portal,
    sign_on_paper,
    statuses,
)
from tests.pages import Page, fill_in, visit
from tests.people import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(journey: Journey) -> Client:
    """The reviewer's browser."""
    return browser(journey.reviewer)


def in_force(journey: Journey, owner: Client, desk: Client) -> Page:
    """Sign what is drafted and countersign it."""
    sign_in_portal(owner, journey.owner.name)
    return decide(desk, "countersign", journey.reviewer)


def test_amendment_lives_from_draft_to_force(journey: Journey, owner_client: Client, desk: Client) -> None:
    page = draft(owner_client)
    assert (page.url, page.headline) == (OVERVIEW, "Amendment 1")
    assert page.words("//table[contains(@class, 'differences')]//tbody/tr[1]/*")[:3] == [
        "Legal name Changed",
        "Lakeside Regional Medical Center",
        "Lakeside Health, Inc.",
    ]
    page = sign_in_portal(owner_client, journey.owner.name)
    assert (page.url, page.notices) == (OVERVIEW, ["Signed. The papers are being prepared."])
    assert (amendment().status, statuses()) == ("signed", ["in_force", "signed"])
    assert Employer.objects.get().legal_name == "Lakeside Regional Medical Center"
    page = decide(desk, "countersign", journey.reviewer)
    assert "Amendment countersigned by AAMI and in force." in page.text
    assert (amendment().status, statuses()) == ("in_force", ["superseded", "in_force"])
    assert (Employer.objects.get().legal_name, Onboarding.objects.get().state) == (
        "Lakeside Health, Inc.",
        "active",
    )
    first, second = Agreement.objects.order_by("version")
    assert (first.ended_reason, second.amendment, second.signatures.count()) == (
        "Replaced by version 2",
        amendment(),
        2,
    )
    assert still_says_the_same(second, Application(Onboarding.objects.get()))


def test_superseded_paper_and_new_one_say_so_at_verify(
    journey: Journey, owner_client: Client, desk: Client, client: Client
) -> None:
    draft(owner_client)
    in_force(journey, owner_client, desk)
    sealed()
    old, new = Document.objects.filter(kind="final_agreement").order_by("version")
    pages = [Page(client.post("/verify/", {"sha256": paper.file_sha256})) for paper in (old, new)]
    assert [page.words("//*[@data-verdict]/h2") for page in pages] == [
        ["Genuine, but replaced by a newer version"],
        ["Genuine and in force"],
    ]
    day = old.subject.ended_at.strftime("%b %-d, %Y")
    assert f"Version 2 of the agreement replaced it on {day} (UTC)." in pages[0].text
    sent = Notification.objects.filter(name__in=("amendment_in_force", "amendment_countersigned"))
    assert {(row.name, row.recipient): [paper.pk for paper in row.attachments.all()] for row in sent} == {
        ("amendment_in_force", journey.owner.email): [new.pk],
        ("amendment_countersigned", journey.reviewer.email): [new.pk],
    }
    versions = visit(owner_client, VERSIONS)
    assert "Lakeside Health, Inc." in versions.text
    assert versions.words("//section[starts-with(@id, 'version-')]//p/span[@class='why']") == [
        new.code,
        old.code,
    ]
    said = f"Employer Agreement, version 1, document code {old.code}, as of"
    assert " ".join(render_html(new).split()).count(said) == 2  # on the first page and on the certificate
    assert said not in render_html(old)


def test_list_of_papers_tells_apart_what_is_of_one_version(
    journey: Journey, owner_client: Client, desk: Client
) -> None:
    draft(owner_client)
    in_force(journey, owner_client, desk)
    new = Document.objects.get(kind="final_agreement", version=2)
    page = visit(owner_client, "/papers/")
    told = [
        (line.split(" · ")[1], line.split(" · ")[-1])
        for line in page.words("//div[@class='why']")
        if " · version" in line
    ]
    sealed_one, alone = (
        "signed by both, with its certificate, sealed",
        "signed by the employer alone, not sealed",
    )
    assert [line for line in told if line[1].startswith("signed by")] == [
        ("version 2", f"{sealed_one}: the one to keep"), ("version 2", alone),
        ("version 1", sealed_one), ("version 1", alone),
    ]  # fmt: skip
    marks = [line.partition(" on ")[0] for line in page.words("//div[span[text()='Replaced']]")]
    assert marks == [f"Replaced by version 2, {new.code},"] * 3


AMENDMENT = "Amendment 1 to the Employer Agreement"


def test_every_mail_names_the_employer_by_the_name_in_force(
    journey: Journey, owner_client: Client, desk: Client, client: Client
) -> None:
    old, new = "Lakeside Regional Medical Center", "Lakeside Health, Inc."
    draft(owner_client, new)
    signer = {"signatory_name": "Chris Chief", "signatory_title": "CEO", "signatory_email": "chief@h.example"}
    fill_in(owner_client, PARTIES, signer)
    owner_client.post("/onboarding/agreement/link/", {"do": "send"})
    link = SigningLink.objects.get()
    remind(link)
    ask(link, "From which day on?")
    link = forward(link, name="Priya Stone", title="General Counsel", email="chief@h.example")
    decline(link, "Not now.")
    fill_in(owner_client, PARTIES, {"signatory_name": journey.owner.name, "signatory_title": "President",
                                    "signatory_email": journey.owner.email})  # fmt: skip
    sign_in_portal(owner_client, journey.owner.name)
    decide(desk, "send_back", journey.reviewer)
    sign_in_portal(owner_client, journey.owner.name)
    names = {
        "signing_link", "signing_reminder", "signing_question", "signing_forwarded", "signing_declined",
        "amendment_signed", "amendment_to_countersign", "amendment_sent_back",
    }  # fmt: skip
    told = Notification.objects.filter(name__in=names).values_list("name", "context__employer")
    assert set(told) == {(name, old) for name in names}
    codes = [message for message in mail.outbox if "code" in message.subject]
    assert codes
    assert [message for message in codes if new in f"{message.subject} {message.body}"] == []
    before = Notification.objects.count()
    decide(desk, "countersign", journey.reviewer)
    sealed()
    after = Notification.objects.order_by("created_at")[before:]
    assert {(row.name, row.context["employer"]) for row in after} == {
        ("amendment_in_force", new), ("amendment_countersigned", new),
    }  # fmt: skip
    said = f"Until now, {new} was {old} here."
    assert said in " ".join(Notification.objects.get(name="amendment_in_force").body.split())
    assert said in " ".join(Notification.objects.get(name="amendment_countersigned").body.split())


def test_amendment_signed_by_link(
    journey: Journey, owner_client: Client, desk: Client, client: Client
) -> None:
    draft(owner_client)
    signer = {"signatory_name": "Chris Chief", "signatory_title": "CEO", "signatory_email": "chief@h.example"}
    fill_in(owner_client, PARTIES, signer)
    page = Page(owner_client.post("/onboarding/agreement/link/", {"do": "send"}, follow=True))
    assert (page.url, page.notices) == (OVERVIEW, ["The link is on its way to chief@h.example."])
    sealed()
    token = re.findall(
        r"/sign/([\w-]{40,})/", str([m for m in mail.outbox if m.to == ["chief@h.example"]][-1].body)
    )[0]
    letter = next(message for message in mail.outbox if message.to == ["chief@h.example"])
    subject = f"Dana Whitfield asks you to sign {AMENDMENT} of Lakeside Regional Medical Center"
    assert letter.subject == subject
    replaced = "Once both have signed, it replaces version 1 of the agreement."
    assert replaced in " ".join(str(letter.body).split())
    page = visit(client, f"/sign/{token}/")
    assert page.words("//h1") == ["Amendment 1 to the Employer Agreement of Lakeside Regional Medical Center"]
    assert "What changed since the version that Dana Whitfield signed" in page.text
    assert replaced in page.text
    typed = page.fields() | {
        "consent": "on",
        "has_authority": "on",
        "full_name": "Chris Chief",
        "title": "CEO",
    }
    client.post(f"/sign/{token}/ask/", {"ask-reason": "From which day on?"})
    last = Page(client.post(f"/sign/{token}/", typed))
    assert last.words("//main//form//button")[0] == f"Sign {AMENDMENT}"
    assert mail.outbox[-1].subject == f"Your code to sign {AMENDMENT}"
    code = re.findall(r"^ +(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)[0]
    assert client.post(f"/sign/{token}/sign/", typed | {"code": code})["Location"] == "/sign/done/"
    assert (amendment().status, Onboarding.objects.get().signatory_name) == ("signed", "Dana Whitfield")
    decide(desk, "countersign", journey.reviewer)
    assert (amendment().status, Onboarding.objects.get().signatory_name) == ("in_force", "Chris Chief")
    assert set(Notification.objects.filter(recipient="chief@h.example").values_list("name", flat=True)) == {
        "signing_link",
        "agreement_signed_copy",
        "agreement_in_force",
    }
    sealed()
    told = {str(message.subject): " ".join(str(message.body).split()) for message in mail.outbox}
    assert f"has read {AMENDMENT} of " in told[f"Chris Chief asks about {AMENDMENT}"]
    copies = [subject for subject in told if subject.startswith(f"Your copy of {AMENDMENT} of ")]
    assert [f"You signed {AMENDMENT} of " in told[subject] for subject in copies] == [True]
    assert any(f"AAMI has countersigned {AMENDMENT} of " in body for body in told.values())


def test_missing_reason_is_said_once(journey: Journey, owner_client: Client) -> None:
    draft(owner_client)
    page = Page(owner_client.post("/amendment/move/withdraw/", {"reason": ""}))
    assert (page.status, len(page.words("//*[@class='error-summary']/h2"))) == (422, 1)


def test_amendment_signed_on_paper(journey: Journey, owner_client: Client, desk: Client) -> None:
    assert sign_on_paper(owner_client)["Location"] == OVERVIEW
    assert (amendment().status, statuses()) == ("signed", ["in_force", "paper"])
    text = visit(owner_client, OVERVIEW).text
    assert ("waits for AAMI's confirmation" in text, "Signed for your organization" in text) == (True, False)
    page = decide(desk, "countersign", journey.reviewer)
    assert "Confirm the scan of the signed paper first" in page.text
    scan = PaperScan.objects.get()
    address = f"{DESK}{amendment().pk}/scans/{scan.pk}/confirm/"
    assert desk.post(address, scan_facts("BMET-2222-2222")).status_code == 422
    desk.post(address, scan_facts(scan.document.code))
    assert statuses() == ["in_force", "signed"]
    decide(desk, "countersign", journey.reviewer)
    signature = Signature.objects.get(agreement__version=2, party="employer")
    assert (amendment().status, signature.method) == ("in_force", "paper")


def test_page_says_what_stands_after_the_link_has_ended(owner_client: Client) -> None:
    draft(owner_client)
    signer = {"signatory_name": "Lee Stone", "signatory_title": "CEO", "signatory_email": "lee@h.example"}
    fill_in(owner_client, PARTIES, signer)

    def standing() -> str:
        return " ".join(
            visit(owner_client, OVERVIEW).words("//p[contains(@class, 'text-secondary')]")[0].split()
        )

    for do, said in (
        ("send", "Waiting for the signature: the text was presented as version 2 on"),
        ("revoke", "The link to Lee Stone was revoked on"),
        ("send", "Waiting for the signature: the text was presented as version 2 on"),
    ):
        owner_client.post("/onboarding/agreement/link/", {"do": do})
        assert standing().startswith(said)
    decline(SigningLink.objects.open().get(), "Not these wages.")
    assert standing().startswith("Lee Stone declined to sign version 2 on")
    assert standing().endswith("Send a new link or change the text.")
    fill_in(owner_client, PARTIES, {"legal_name": "Lakeside Care, Inc."})
    assert standing().startswith("Being prepared.")


def test_rejected_scan_sends_the_amendment_back(journey: Journey, owner_client: Client, desk: Client) -> None:
    sign_on_paper(owner_client)
    scan = PaperScan.objects.get()
    desk.post(f"{DESK}{amendment().pk}/scans/{scan.pk}/reject/", scan_facts(""))
    assert (amendment().status, amendment().reason, statuses()) == (
        "draft",
        "The last page is missing.",
        ["in_force", "void"],
    )
    # The review page of the application has no word on it.
    address = f"/admin/employers/onboarding/{journey.onboarding.pk}/scans/{scan.pk}/confirm/"
    assert desk.post(address, scan_facts(scan.document.code)).status_code == 404
