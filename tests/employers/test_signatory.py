"""The signatory's link: who sees it, what opening changes, the code, and every way it ends."""

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

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
from employers.reminders import remind
from employers.samples.journey import Journey
from tests.pages import Page
from tests.people import browser
from tests.records.database import everything, tables_with

pytestmark = pytest.mark.django_db

SIGNER = "chief@hospital.example"
DULUTH = ZoneInfo("America/Chicago")  # where the sample employer is
SENT = re.compile(r"/sign/([\w-]{40,})/")
ACT = {"consent": "on", "has_authority": "on", "title": "Chief Executive", "full_name": "Chris Chief"}


@pytest.fixture
def waiting(journey: Journey) -> Onboarding:
    """An application at step 6 whose wages hold and whose signatory is somebody else."""
    onboarding = journey.to(State.AGREEMENT)
    journey.build_wages()
    return Onboarding.objects.get(pk=onboarding.pk)


def name_signatory(
    owner: Client, onboarding: Onboarding, name: str = "Chris Chief", email: str = SIGNER
) -> None:
    version = onboarding.part_versions.filter(part="agreement").values_list("version", flat=True).first() or 0
    typed = {"signatory_name": name, "signatory_title": "Chief Executive", "signatory_email": email}
    owner.post("/onboarding/agreement/", typed | {"version": version, "action": "draft"})


def mailed_token(to: str = SIGNER) -> str:
    """Return the token in the newest mail to an address, after the worker has sent it."""
    work_off_everything()
    bodies = [
        str(message.body) for message in mail.outbox if message.to == [to] and SENT.search(str(message.body))
    ]
    found = SENT.search(bodies[-1])
    assert found
    return found[1]


@pytest.fixture
def token(journey: Journey, waiting: Onboarding) -> str:
    """The token that the signatory was mailed."""
    owner = browser(journey.owner)
    name_signatory(owner, waiting)
    owner.post("/onboarding/agreement/link/", {"do": "send"})
    return mailed_token()


def act(**changed: str) -> dict[str, str]:
    return ACT | {"sha256": Agreement.objects.get(status="presented").sha256} | changed


def mailed_code() -> str:
    found = re.search(r"^ +(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def sign(client: Client, token: str, **changed: str) -> Any:
    client.post(f"/sign/{token}/", act(**changed))
    return client.post(f"/sign/{token}/sign/", act(**changed) | {"code": mailed_code()})


def test_signatory_signs_with_the_mailed_code(token: str, client: Client, waiting: Onboarding) -> None:
    answer = sign(client, token)
    assert (answer.status_code, answer["Location"]) == (302, "/sign/done/")
    signature = Signature.objects.get()
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
        "signing_code_sent",
        "sign_agreement",
    ]


def test_opening_the_link_changes_nothing(token: str, client: Client) -> None:
    before = everything()
    page = client.get(f"/sign/{token}/")
    assert page.status_code == 200
    assert "Opening this page signs nothing" in page.content.decode()
    assert everything() == before


def test_link_is_nowhere_but_in_the_mail(token: str, journey: Journey) -> None:
    assert tables_with(token) == set()
    owner = browser(journey.owner)
    for path in ("/onboarding/agreement/", "/mail/", "/onboarding/", "/papers/"):
        assert token not in owner.get(path).content.decode()
    assert "[this link stands only in the mail itself]" in Notification.objects.get(name="signing_link").body


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
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1), tick=True):
        client.post(f"/sign/{token}/sign/", act() | {"again": "yes"})
        fresh = mailed_code()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=17), tick=True):
        assert client.post(f"/sign/{token}/sign/", act() | {"code": fresh}).status_code == 422
    assert Signature.objects.count() == 0


def test_used_link_cannot_be_replayed(token: str, client: Client) -> None:
    sign(client, token)
    again = client.get(f"/sign/{token}/")
    assert (again.status_code, "You have signed it" in again.content.decode()) == (410, True)
    assert client.post(f"/sign/{token}/sign/", ACT | {"code": "123456"}).status_code == 410
    assert Signature.objects.count() == 1


def test_guessed_link_is_not_known(client: Client, db: None) -> None:
    assert client.get("/sign/" + "a" * 43 + "/").status_code == 410


def test_revoked_and_expired_links_say_what_to_do(token: str, client: Client, journey: Journey) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=14, minutes=1), tick=True):
        assert "Ask the person who sent it for a new one" in client.get(f"/sign/{token}/").content.decode()
    browser(journey.owner).post("/onboarding/agreement/link/", {"do": "revoke"})
    assert "have taken it back" in client.get(f"/sign/{token}/").content.decode()
    assert client.post(f"/sign/{token}/sign/", ACT | {"code": "123456"}).status_code == 410


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


def test_sending_again_ends_the_last_link(token: str, client: Client, journey: Journey) -> None:
    browser(journey.owner).post("/onboarding/agreement/link/", {"do": "send"})
    fresh = mailed_token()
    assert fresh != token
    assert (client.get(f"/sign/{token}/").status_code, client.get(f"/sign/{fresh}/").status_code) == (
        410,
        200,
    )
    assert SigningLink.objects.count() == 1


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


def test_question_and_refusal_reach_the_owner(token: str, client: Client, journey: Journey) -> None:
    client.post(f"/sign/{token}/ask/", {"ask-reason": "Who pays for the exam?"})
    client.post(f"/sign/{token}/decline/", {"decline-reason": "Not this year."})
    work_off_everything()
    bodies = {
        message.subject: str(message.body) for message in mail.outbox if message.to == [journey.owner.email]
    }
    assert "Who pays for the exam?" in bodies["Chris Chief asks about the Employer Agreement"]
    assert "Not this year." in bodies["Chris Chief declined to sign"]
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
    client.post(f"/sign/{token}/forward/", other | {"confirm": "yes", "code": mailed_code()})
    fresh = mailed_token("pat@hospital.example")
    assert client.get(f"/sign/{token}/").status_code == 410
    assert client.post(f"/sign/{token}/forward/", other).status_code == 410
    facts = Agreement.objects.get(status="presented").terms["facts"]["representative"]
    assert facts == {"name": "Pat President", "title": "President"}
    assert sign(client, fresh, full_name="Pat President")["Location"] == "/sign/done/"


def test_reminders_go_out_after_three_and_seven_days_and_stop(token: str, client: Client) -> None:
    start, sent = dt.datetime.now(DULUTH).replace(hour=14), []
    for day in range(14):
        with time_machine.travel(start + dt.timedelta(days=day), tick=True):
            remind()
            remind()
            sent.append(Notification.objects.filter(name="signing_reminder").count())
    assert sent == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]
    assert sign(client, mailed_token())["Location"] == "/sign/done/"


def test_withdrawing_ends_the_link(token: str, client: Client, journey: Journey) -> None:
    browser(journey.owner).post("/onboarding/move/withdraw/", {"reason": "Budget"})
    assert client.get(f"/sign/{token}/").status_code == 410


def test_link_cannot_sign_another_employers_agreement(token: str, journey: Journey) -> None:
    from employers.onboarding import EDGE_BY_NAME
    from employers.permissions import may

    link, other = SigningLink.objects.get(), Onboarding(employer_id=None)
    assert may(EDGE_BY_NAME["sign_agreement"], link.agreement.employer.onboarding, link)
    assert not may(EDGE_BY_NAME["sign_agreement"], other, link)
    assert not may(EDGE_BY_NAME["submit"], link.agreement.employer.onboarding, link)


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


def test_renaming_the_signatory_ends_the_link_of_the_one_before(
    token: str, client: Client, journey: Journey, waiting: Onboarding
) -> None:
    owner = browser(journey.owner)
    name_signatory(owner, waiting, email="right@hospital.example")
    assert client.get(f"/sign/{token}/").status_code == 410
    owner.post("/onboarding/agreement/link/", {"do": "send"})
    fresh = mailed_token("right@hospital.example")
    name_signatory(owner, waiting, name="Bob Boss", email="right@hospital.example")
    assert client.get(f"/sign/{fresh}/").status_code == 410
    assert Signature.objects.count() == 0


def test_link_without_an_address_is_refused_in_words(journey: Journey, waiting: Onboarding) -> None:
    owner = browser(journey.owner)
    name_signatory(owner, waiting, email="")
    page = owner.post("/onboarding/agreement/link/", {"do": "send"}, follow=True).content.decode()
    assert "Name the person who signs first, with their e-mail address." in page
    assert SigningLink.objects.count() == 0


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


def test_tokens_never_reach_the_log(token: str, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    from apprenticeship.masking import MaskTokens

    caplog.handler.addFilter(MaskTokens())
    client.post(f"/sign/{token}/", {"title": "President"})
    assert token not in caplog.text
    assert "/sign/…" in caplog.text


def test_eleventh_code_is_not_mailed(token: str, client: Client) -> None:
    start = dt.datetime.now(dt.UTC)
    for minute in range(11):
        with time_machine.travel(start + dt.timedelta(minutes=minute), tick=True):
            page = client.post(f"/sign/{token}/", act())
    codes = [
        message for message in mail.outbox if message.subject == "Your code to sign the Employer Agreement"
    ]
    assert (len(codes), "has mailed its last code" in page.content.decode()) == (10, True)
