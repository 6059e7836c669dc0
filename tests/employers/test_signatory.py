"""Signing by the mailed link: the act, its code, and what stops it."""

import datetime as dt
import subprocess

import pytest
import time_machine
from django.core import mail
from django.test import Client

from apprenticeship.records.models import Event, Notification
from apprenticeship.records.queues import work_off_everything
from employers import signing
from employers.application import Application
from employers.completeness import gaps
from employers.models import Agreement, Onboarding, Signature, SigningLink
from employers.onboarding import Part, State
from employers.samples.journey import Journey
from tests.employers.by_link import SIGNER, act, mailed_code, mailed_token, sign
from tests.pages import Page
from tests.people import browser

pytestmark = pytest.mark.django_db


def test_signatory_signs_with_the_mailed_code(token: str, client: Client, waiting: Onboarding) -> None:
    answer = sign(client, token)
    assert (answer.status_code, answer["Location"]) == (302, "/sign/done/")
    signature = Signature.objects.get()
    done = Page(client.get("/sign/done/"))
    assert done.headline == "Signed. Thank you."
    assert {signature.sha256, "Chris Chief, Chief Executive"} <= set(done.words("//dd"))
    elsewhere = Page(Client().get("/sign/done/"))
    assert (elsewhere.headline, "Thank you" in elsewhere.text) == ("Nothing was signed here", False)
    assert (signature.method, signature.user, signature.email, signature.name) == (
        "link",
        None,
        SIGNER,
        "Chris Chief",
    )
    waiting.refresh_from_db()
    assert waiting.state == State.SUBMISSION
    assert list(Event.objects.filter(verb__startswith="sign").values_list("verb", flat=True)) == [
        "signing_link_sent",
        "signing_consent_given",
        "signing_code_sent",
        "sign_agreement",
    ]


def test_preparer_cannot_sign_for_the_signatory(token: str, journey: Journey) -> None:
    owner = browser(journey.owner)
    assert owner.get("/onboarding/agreement/sign/").status_code == 403
    assert owner.post("/onboarding/agreement/sign/", act()).status_code == 403
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("wrong", ["000000", "", "abc", "٣٤٥٦٧٨"])
def test_wrong_code_signs_nothing_and_keeps_what_was_typed(token: str, client: Client, wrong: str) -> None:
    client.post(f"/sign/{token}/", act())
    if mailed_code() == wrong:
        return
    page = client.post(f"/sign/{token}/sign/", act() | {"code": wrong})
    assert (page.status_code, Signature.objects.count()) == (422, 0)
    assert 'value="Chris Chief"' in page.content.decode()


def test_code_dies_after_five_tries_and_after_fifteen_minutes(token: str, client: Client) -> None:
    client.post(f"/sign/{token}/", act())
    code = mailed_code()
    for _try in range(5):
        client.post(f"/sign/{token}/sign/", act() | {"code": "999999" if code != "999999" else "111111"})
    assert client.post(f"/sign/{token}/sign/", act() | {"code": code}).status_code == 422
    wrong = Event.objects.filter(verb="wrong_code_typed")
    assert [(row.user, row.data) for row in wrong] == [
        (None, {"link": str(SigningLink.objects.get().pk)})
    ] * 5
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1), tick=True):
        client.post(f"/sign/{token}/sign/", act() | {"again": "yes"})
        fresh = mailed_code()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=17), tick=True):
        assert client.post(f"/sign/{token}/sign/", act() | {"code": fresh}).status_code == 422
    assert Signature.objects.count() == 0


def test_code_mailed_before_the_revocation_signs_nothing_after_it(
    token: str, client: Client, journey: Journey
) -> None:
    typed = act()
    client.post(f"/sign/{token}/", typed)
    code = mailed_code()
    browser(journey.owner).post("/onboarding/agreement/link/", {"do": "revoke"})
    late = client.post(f"/sign/{token}/sign/", typed | {"code": code})
    assert (late.status_code, "have taken it back" in late.content.decode()) == (410, True)
    assert Signature.objects.count() == 0


def test_clock_in_the_form_is_ignored(token: str, client: Client) -> None:
    forged = {
        "signed_at": "2020-01-01T00:00:00Z",
        "date": "2020-01-01",
        "ip": "192.0.2.99",
        "method": "paper",
    }
    before = dt.datetime.now(dt.UTC)
    assert sign(client, token, **forged)["Location"] == "/sign/done/"
    signature = Signature.objects.get()
    assert before <= signature.signed_at <= dt.datetime.now(dt.UTC)
    assert (signature.ip, signature.method) == ("127.0.0.1", "link")


def test_code_of_one_address_does_not_sign_for_another(token: str, client: Client, journey: Journey) -> None:
    from employers import codes

    link = SigningLink.objects.get()
    theirs = codes.issue(link.agreement, journey.owner) or ""
    page = client.post(f"/sign/{token}/sign/", act() | {"code": theirs})
    assert (page.status_code, Signature.objects.count()) == (422, 0)


def test_link_sent_again_after_the_last_code_mails_codes_again(
    token: str, client: Client, journey: Journey
) -> None:
    start = dt.datetime.now(dt.UTC)
    for minute in range(11):
        with time_machine.travel(start + dt.timedelta(minutes=minute), tick=True):
            client.post(f"/sign/{token}/", act())
    browser(journey.owner).post("/onboarding/agreement/link/", {"do": "send"})
    assert sign(client, mailed_token())["Location"] == "/sign/done/"


def test_edit_while_the_page_is_open_signs_nothing_and_shows_the_new_text(
    token: str, client: Client, journey: Journey, waiting: Onboarding
) -> None:
    opened = act()
    waiting.employer.legal_name = "Lakeside Medical Center, Incorporated"

    def rename(onboarding: Onboarding) -> None:
        onboarding.employer.legal_name = "Lakeside Medical Center, Incorporated"
        onboarding.employer.save()

    journey.save(Part.PROFILE, rename)
    page = client.post(f"/sign/{token}/", opened)
    assert page.status_code == 409
    text = page.content.decode()
    assert "Nothing was signed; please read it again" in text
    assert "Lakeside Medical Center, Incorporated" in text
    assert (Signature.objects.count(), Agreement.objects.filter(status="superseded").count()) == (0, 1)
    assert sign(client, token)["Location"] == "/sign/done/"


def test_both_get_a_copy_right_after_the_signature(token: str, client: Client, journey: Journey) -> None:
    sign(client, token)
    said = Page(client.get("/sign/done/")).text
    assert f"A copy, as you signed it, is on its way by mail to {SIGNER}." in said
    mail.outbox.clear()
    work_off_everything()
    copies = {m.to[0]: (m.subject, m.attachments) for m in mail.outbox if m.attachments}
    assert {to: subject for to, (subject, _papers) in copies.items()} == {
        SIGNER: "Your copy of the Employer Agreement of Lakeside Regional Medical Center",
        journey.owner.email: "Lakeside Regional Medical Center: Employer Agreement signed",
    }
    for _subject, [(name, content, kind)] in copies.values():
        assert (name, kind) == (
            "employer-agreement-lakeside-regional-medical-center-v1.pdf",
            "application/pdf",
        )
        printed = subprocess.run(
            ["pdftotext", "-", "-"], input=content, capture_output=True, check=True
        ).stdout
        words = " ".join(printed.decode().split())
        assert "Signed by the employer. Not in force until AAMI has countersigned." in words
        assert "Chris Chief" in words


def test_owner_who_signs_gets_one_mail_with_the_copy(journey: Journey) -> None:
    journey.to(State.SUBMISSION)
    [row] = Notification.objects.filter(name__startswith="agreement_signed")
    [paper] = row.attachments.all()
    signed = [signature["party"] for signature in paper.data["signatures"]]
    assert (row.name, row.recipient, signed) == ("agreement_signed", journey.owner.email, ["employer"])


def test_signatory_without_account_gets_the_final_paper(token: str, client: Client, journey: Journey) -> None:
    sign(client, token)
    journey.onboarding = Onboarding.objects.get()
    journey.submit()
    journey.approve()
    work_off_everything()
    final = {tuple(m.to): [a[0] for a in m.attachments] for m in mail.outbox if m.attachments}
    name = "final-agreement-lakeside-regional-medical-center-v1.pdf"
    assert final[(SIGNER,)] == final[(journey.owner.email,)] == final[(journey.reviewer.email,)] == [name]


def test_application_with_a_signed_link_has_no_gap(token: str, client: Client) -> None:
    sign(client, token)
    assert gaps(Application(Onboarding.objects.get())) == []
    assert signing.would_void(Application(Onboarding.objects.get())) is False


def test_a_step_that_broke_meanwhile_keeps_the_link_and_signs_nothing(
    token: str, client: Client, journey: Journey
) -> None:
    client.post(f"/sign/{token}/", act())
    code, typed = mailed_code(), act()

    def spend(onboarding: Onboarding) -> None:
        onboarding.employer.funding_sources.update(amount=1)

    journey.save(Part.FUNDING, spend)
    page = client.post(f"/sign/{token}/sign/", typed | {"code": code})
    assert (page.status_code, Signature.objects.count()) == (409, 0)
    assert "your link stays valid" in page.content.decode()


def test_eleventh_code_is_not_mailed(token: str, client: Client) -> None:
    start = dt.datetime.now(dt.UTC)
    for minute in range(11):
        with time_machine.travel(start + dt.timedelta(minutes=minute), tick=True):
            page = client.post(f"/sign/{token}/", act())
    codes = [
        message for message in mail.outbox if message.subject == "Your code to sign the Employer Agreement"
    ]
    assert (len(codes), "has mailed its last code" in page.content.decode()) == (10, True)
