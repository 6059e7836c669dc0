"""What a signatory does instead of signing: ask, decline, name somebody else."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.test import Client

from apprenticeship.records.queues import work_off_everything
from employers import signatory
from employers.models import Agreement, Signature, SigningLink
from employers.samples.journey import Journey
from employers.views.signatory import FORWARDED
from tests.employers.by_link import SIGNER, mailed_code, mailed_token, sign
from tests.pages import Page, visit
from tests.people import browser

pytestmark = pytest.mark.django_db


def test_question_and_refusal_reach_the_owner(token: str, client: Client, journey: Journey) -> None:
    client.post(f"/sign/{token}/ask/", {"ask-reason": "Who pays for the exam?"})
    client.post(f"/sign/{token}/decline/", {"decline-reason": "Not this year."})
    work_off_everything()
    sent = {str(message.subject): message for message in mail.outbox if message.to == [journey.owner.email]}
    asked = sent["Chris Chief asks about the Employer Agreement"]
    assert asked.message()["Reply-To"] == SIGNER
    said = " ".join(str(asked.body).split())
    assert f"Chris Chief, Chief Executive ({SIGNER}), has read" in said
    assert "Who pays for the exam?" in said
    assert "Not this year." in str(sent["Chris Chief declined to sign"].body)
    assert client.get(f"/sign/{token}/").status_code == 410
    assert "Not this year." in browser(journey.owner).get("/onboarding/agreement/").content.decode()


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


def test_forwarded_link_tells_to_whom_only_where_that_was_done(token: str, client: Client) -> None:
    link = SigningLink.objects.get()
    with time_machine.travel(
        dt.datetime(2026, 11, 27, 3, tzinfo=dt.UTC), tick=False
    ):  # the evening before, in Duluth
        signatory.forward(link, name="Pat President", title="President", email="pat@hospital.example")
    stranger = visit(client, f"/sign/{token}/")
    assert (stranger.status, stranger.headline) == (410, "This link was forwarded")
    assert "forwarded it on November 26, 2026 to somebody else who may sign" in stranger.text
    assert not [told for told in ("President", "Pat", "pat@", "Chris", "Lakeside") if told in stranger.text]
    session = client.session
    session[FORWARDED] = str(link.pk)
    session.save()
    forwarder = visit(client, f"/sign/{token}/").text
    assert "You forwarded it to Pat President, President, on November 26, 2026." in forwarder
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
