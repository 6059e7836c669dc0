"""The signatory's link: who sees it, what opening changes, and every way it ends."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from apprenticeship.records.models import Notification
from employers.models import Agreement, Onboarding, Signature, SigningLink
from employers.reminders import remind
from employers.samples.journey import Journey
from tests.employers.by_link import ACT, mailed_token, name_signatory, sign
from tests.pages import Page, visit
from tests.people import browser
from tests.records.database import everything, tables_with

pytestmark = pytest.mark.django_db
DULUTH = ZoneInfo("America/Chicago")  # where the sample employer is


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


def test_sending_again_ends_the_last_link(token: str, client: Client, journey: Journey) -> None:
    browser(journey.owner).post("/onboarding/agreement/link/", {"do": "send"})
    fresh = mailed_token()
    assert fresh != token
    assert (client.get(f"/sign/{token}/").status_code, client.get(f"/sign/{fresh}/").status_code) == (
        410,
        200,
    )
    assert SigningLink.objects.count() == 1


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


def test_tokens_never_reach_the_log(token: str, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    from apprenticeship.masking import MaskTokens

    caplog.handler.addFilter(MaskTokens())
    client.post(f"/sign/{token}/", {"title": "President"})
    assert token not in caplog.text
    assert "/sign/…" in caplog.text


def test_link_cannot_sign_another_employers_agreement(token: str, journey: Journey) -> None:
    from employers.onboarding import EDGE_BY_NAME
    from employers.permissions import may

    link, other = SigningLink.objects.get(), Onboarding(employer_id=None)
    assert may(EDGE_BY_NAME["sign_agreement"], link.agreement.employer.onboarding, link)
    assert not may(EDGE_BY_NAME["sign_agreement"], other, link)
    assert not may(EDGE_BY_NAME["submit"], link.agreement.employer.onboarding, link)


def test_event_log_names_the_link_that_acted_to_the_second(
    token: str, client: Client, journey: Journey
) -> None:
    sign(client, token)
    chain, desk = Onboarding.objects.get().employer.chain, browser(journey.reviewer)
    events = Page(desk.get("/admin/records/event/", {"q": chain}))
    columns = [events.words(f"//*[contains(@class, 'field-{name}')]") for name in ("what", "who", "moment")]
    rows = zip(*columns, strict=True)
    by_link = [(what, moment) for what, who, moment in rows if who == "signing link (Chris Chief)"]
    assert [what for what, _moment in by_link] == [
        "Employer Agreement signed by the employer", "Agreement signed", "Code to sign mailed",
        "Agreed to sign electronically; the last page was shown",
    ]  # fmt: skip
    assert all(re.fullmatch(r"\w{3} \d+, \d{4}, \d\d:\d\d:\d\d UTC", moment) for _what, moment in by_link)
    history = Page(desk.get(f"/admin/employers/onboarding/{Onboarding.objects.get().pk}/history/"))
    assert history.text.count("· signing link (Chris Chief)") == 4


def test_wage_schedule_is_a_page_that_the_link_opens(token: str, client: Client, journey: Journey) -> None:
    before = everything()
    (address,) = set(visit(client, f"/sign/{token}/").tree.xpath("//a[contains(@href, '/wages/')]/@href"))
    page = visit(client, address)
    rates = Agreement.objects.get().terms["facts"]["wages"]["periods"]
    assert page.words("//table[contains(@class, 'wages')]//tr[not(@class)]/td[2]") == [
        f"${row['rate']}" for row in rates
    ]
    assert page.tree.xpath("//article//*[local-name()='svg'][@role='img']/@aria-label")
    assert {"Minimum wage at each site", "Checks", "Sites"} <= set(page.words("//article//h2"))
    assert "at the sites with openings; sites without are not listed here" in page.text
    assert everything() == before
    browser(journey.owner).post("/onboarding/agreement/link/", {"do": "revoke"})
    assert client.get(address).status_code == 410
    assert browser(journey.owner).get("/onboarding/agreement/sign/wages/").status_code == 403
