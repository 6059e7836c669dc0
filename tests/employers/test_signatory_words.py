"""What a signatory does instead of signing: ask, decline, name somebody else."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from apprenticeship.documents.models import Document
from apprenticeship.program.models import Program
from apprenticeship.records.models import Event, Notification
from apprenticeship.records.queues import work_off_everything
from employers import signatory
from employers.application import zone_of
from employers.certificate import certificate_of
from employers.certified_events import WHAT
from employers.models import Agreement, Onboarding, Signature, SigningLink
from employers.onboarding import Part
from employers.samples.journey import Journey
from employers.views.signatory import FORWARDED
from tests.employers.answers import OPEN_DISCLOSURE
from tests.employers.by_link import SIGNER, act, mailed_code, mailed_token, sign
from tests.employers.stored import StoredJourney
from tests.pages import Page, visit
from tests.people import browser

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HANDED_OVER = "Mail with the link to sign handed to the mail server"
AGREED = str(WHAT["signing_consent_given"])


def test_question_and_refusal_reach_the_owner(token: str, client: Client, journey: Journey) -> None:
    client.post(f"/sign/{token}/ask/", {"ask-reason": "Who pays for the exam?"})
    refusal = {"decline-reason": "Not this year."}
    asked_for_code = Page(client.post(f"/sign/{token}/decline/", refusal))
    assert ("Nothing is declined yet" in asked_for_code.text, asked_for_code.status) == (True, 200)
    client.post(f"/sign/{token}/decline/", refusal | {"confirm": "yes", "code": mailed_code()})
    work_off_everything()
    sent = {str(message.subject): message for message in mail.outbox if message.to == [journey.owner.email]}
    asked = sent["Chris Chief asks about the Employer Agreement"]
    assert asked.message()["Reply-To"] == SIGNER
    said = " ".join(str(asked.body).split())
    assert f"Chris Chief, Chief Executive ({SIGNER}), has read" in said
    assert "Who pays for the exam?" in said
    assert "Not this year." in str(sent["Chris Chief declined to sign the Employer Agreement"].body)
    assert client.get(f"/sign/{token}/").status_code == 410
    assert "Not this year." in browser(journey.owner).get("/onboarding/agreement/").content.decode()


def test_disclosure_stands_open_above_the_tick_and_on_the_last_page(token: str, client: Client) -> None:
    text = Agreement.objects.get().terms["template"]
    contact = Program.objects.current()
    assert f"{contact.contact_name}, {contact.contact_email}" in text["consent_text"][2]
    said = [
        f"What electronic signing means (disclosure, version {text['consent_version']})",
        *text["consent_text"],
    ]
    assert visit(client, f"/sign/{token}/").words(OPEN_DISCLOSURE) == said
    assert Page(client.post(f"/sign/{token}/", act())).words(OPEN_DISCLOSURE) == said


def test_nobody_declines_without_the_code_for_declining(token: str, client: Client) -> None:
    refusal = {"decline-reason": "Not this year.", "confirm": "yes"}
    client.post(f"/sign/{token}/", act())
    to_sign = mailed_code()
    for code in ("000000", "", to_sign):
        page = Page(client.post(f"/sign/{token}/decline/", refusal | {"code": code}))
        assert (page.status, page.fields()["decline-reason"]) == (422, "Not this year.")
    assert (SigningLink.objects.open().count(), Event.objects.filter(verb="signing_declined").count()) == (
        1,
        0,
    )
    client.post(f"/sign/{token}/decline/", {"decline-reason": "Not this year."})
    to_decline = mailed_code()
    assert client.post(f"/sign/{token}/sign/", act() | {"code": to_decline}).status_code == 422
    done = Page(client.post(f"/sign/{token}/decline/", refusal | {"code": to_decline}))
    assert (done.headline, Signature.objects.count()) == ("You declined to sign", 0)
    link, told = (
        SigningLink.objects.get(),
        Event.objects.filter(verb__in=("declining_code_sent", "signing_declined")),
    )
    assert (link.declined_at is not None, link.declined_reason) == (True, "Not this year.")
    assert [(row.verb, row.data) for row in told] == [
        ("declining_code_sent", {"link": str(link.pk)}), ("signing_declined", {"link": str(link.pk)}),
    ]  # fmt: skip


@pytest.mark.parametrize("act", ["ask", "decline", "forward"])
def test_empty_act_is_said_at_the_top_and_at_its_field(token: str, client: Client, act: str) -> None:
    page = Page(client.post(f"/sign/{token}/{act}/", {}))
    fields = ["name", "title", "email"] if act == "forward" else ["reason"]
    assert (page.status, list(page.problems)) == (422, [f"id_{act}-{field}" for field in fields])
    assert page.problems.keys() <= page.ids


def test_forwarding_prints_the_new_person_and_ends_the_first_link(token: str, client: Client) -> None:
    other = {
        "forward-name": "Pat President",
        "forward-title": "President",
        "forward-email": "pat@hospital.example",
    }
    asked = client.post(f"/sign/{token}/forward/", other).content.decode()
    assert "so that nobody else can forward your link" in asked
    wrong = client.post(f"/sign/{token}/forward/", other | {"confirm": "yes", "code": "12"})
    assert (wrong.status_code, SigningLink.objects.count()) == (422, 1)
    done = client.post(f"/sign/{token}/forward/", other | {"confirm": "yes", "code": mailed_code()})
    assert done["Location"] == f"/sign/{token}/"
    fresh = mailed_token("pat@hospital.example")
    assert client.post(f"/sign/{token}/forward/", other).status_code == 410
    facts = Agreement.objects.get(status="presented").terms["facts"]["representative"]
    assert facts == {"name": "Pat President", "title": "President"}
    assert sign(client, fresh, full_name="Pat President")["Location"] == "/sign/done/"


def test_code_to_forward_signs_nothing_and_the_paper_tells_who_forwarded(
    token: str, client: Client, journey: StoredJourney
) -> None:
    other = {
        "forward-name": "Pat President",
        "forward-title": "President",
        "forward-email": "pat@hospital.example",
    }
    client.post(f"/sign/{token}/forward/", other)
    assert mail.outbox[-1].subject == "Your code to forward the Employer Agreement"
    to_forward = mailed_code()
    client.post(f"/sign/{token}/", act())
    assert mail.outbox[-1].subject == "Your code to sign the Employer Agreement"
    assert client.post(f"/sign/{token}/sign/", act() | {"code": to_forward}).status_code == 422
    assert Signature.objects.count() == 0
    client.post(f"/sign/{token}/forward/", other | {"confirm": "yes", "code": to_forward})
    fresh = mailed_token("pat@hospital.example")
    asked = next(m for m in mail.outbox if m.to == ["pat@hospital.example"])
    assert asked.subject.startswith("Chris Chief asks you to sign")
    sign(client, fresh, full_name="Pat President")
    certificate = certificate_of(Agreement.objects.latest("version"), since="")
    happened = [(row["what"], row["who"]) for row in certificate["events"]]
    assert happened == [
        ("Link to sign ordered by mail for the signatory (version 1)", "Dana Whitfield"),
        (HANDED_OVER, "to Chris Chief"),
        ("Code to forward the link mailed (version 1)", "Chris Chief"),
        ("Link to sign revoked (version 1)", "Chris Chief"),
        ("Forwarded to the person who may sign (version 1)", "Chris Chief"),
        ("Text frozen and presented for signature", "Dana Whitfield"),
        ("Link to sign ordered by mail for the signatory", "Chris Chief"),
        (HANDED_OVER, "to Pat President"),
        (AGREED, "Pat President"),
        ("Code to sign mailed to the signer", "Pat President"),
        ("Signed", "Pat President"),
    ]


def test_certificate_tells_acts_and_handed_over_mails_to_the_second_and_no_opening(
    token: str, client: Client, journey: StoredJourney
) -> None:
    for path in (f"/sign/{token}/", f"/sign/{token}/wages/", "/sign/done/"):
        client.get(path)  # a mail scanner
    sign(client, token)
    certificate = certificate_of(Agreement.objects.get(), since="")
    assert [row["what"] for row in certificate["events"]] == [
        "Text frozen and presented for signature", "Link to sign ordered by mail for the signatory", HANDED_OVER,
        AGREED, "Code to sign mailed to the signer", "Signed",
    ]  # fmt: skip
    moments = [dt.datetime.fromisoformat(row["at"]) for row in certificate["events"]]
    assert moments == sorted(moments)
    assert moments[2] == Notification.objects.get(name="signing_link").done_at
    assert {moment.utcoffset() for moment in moments} == {
        zone_of(Agreement.objects.get().employer).utcoffset(moments[0])
    }
    told = {row["number"]: row["hash"] for row in certificate["events"] if "number" in row}
    assert told == dict(Event.objects.filter(number__in=told).values_list("number", "hash"))
    last = Event.objects.latest("number")
    assert certificate["log"] == {"length": last.number, "head": last.hash}


def test_text_that_changes_under_a_link_is_no_second_mail(
    token: str, client: Client, journey: StoredJourney
) -> None:
    sent = len(mail.outbox)

    def rename(onboarding: Onboarding) -> None:
        onboarding.employer.legal_name = "Lakeside Health, Inc."
        onboarding.employer.save()

    journey.save(Part.PROFILE, rename)
    work_off_everything()
    told = Event.objects.filter(verb__startswith="signing_link").order_by("number")
    assert list(told.values_list("verb", flat=True)) == ["signing_link_sent", "signing_link_follows"]
    assert "Lakeside Health, Inc." in visit(client, f"/sign/{token}/").text
    assert [m.subject for m in mail.outbox[sent:] if m.to == [SIGNER]] == []


def test_downloads_by_link_are_logged(token: str, client: Client) -> None:
    paper = Document.objects.filter(kind="employer_agreement", status="done").get()
    answer = client.get(f"/sign/{token}/papers/{paper.pk}/")
    assert b"".join(answer.streaming_content) == paper.read()  # type: ignore[attr-defined]
    event = Event.objects.get(verb="document_downloaded")
    assert (event.user, event.data, event.subject_id) == (
        None, {"link": str(SigningLink.objects.get().pk)}, str(paper.pk),
    )  # fmt: skip


def test_forwarded_link_tells_to_whom_only_where_that_was_done(token: str, client: Client) -> None:
    link = SigningLink.objects.get()
    tomorrow = timezone.now().date() + dt.timedelta(days=1)
    at_three = dt.datetime.combine(tomorrow, dt.time(3), dt.UTC)  # the evening before, in Duluth
    day = date_format(tomorrow - dt.timedelta(days=1), "F j, Y")
    with time_machine.travel(at_three, tick=False):
        signatory.forward(link, name="Pat President", title="President", email="pat@hospital.example")
    stranger = visit(client, f"/sign/{token}/")
    assert (stranger.status, stranger.headline) == (410, "This link was forwarded")
    assert f"forwarded it on {day} to somebody else who may sign" in stranger.text
    assert not [told for told in ("President", "Pat", "pat@", "Chris", "Lakeside") if told in stranger.text]
    session = client.session
    session[FORWARDED] = str(link.pk)
    session.save()
    forwarder = visit(client, f"/sign/{token}/").text
    assert f"You forwarded it to Pat President, President, on {day}." in forwarder
    assert "pat@hospital.example" not in forwarder
    session[FORWARDED] = "another link"
    session.save()
    assert "Pat" not in visit(client, f"/sign/{token}/").text


def test_link_forwarded_twice_leaves_the_last_person_alone_able_to_sign(token: str, client: Client) -> None:
    links = [token]
    for name in ("Pat President", "Vic Vicepresident"):
        other = {
            "forward-name": name,
            "forward-title": "Officer",
            "forward-email": f"{name[:3]}@hospital.example",
        }
        client.post(f"/sign/{links[-1]}/forward/", other)
        client.post(f"/sign/{links[-1]}/forward/", other | {"confirm": "yes", "code": mailed_code()})
        links.append(mailed_token(f"{name[:3]}@hospital.example"))
    assert [client.get(f"/sign/{link}/").status_code for link in links] == [410, 410, 200]
    other = {"forward-name": "Eve", "forward-title": "E", "forward-email": "eve@evil.example"}
    assert [client.post(f"/sign/{link}/forward/", other).status_code for link in links[:2]] == [410, 410]
    assert sign(client, links[-1], full_name="Vic Vicepresident")["Location"] == "/sign/done/"
    assert Signature.objects.get().name == "Vic Vicepresident"
