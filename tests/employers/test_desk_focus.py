"""What a reviewer pressed is answered where they look: the page opens with the focus on its errors or its mail."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apprenticeship.accounts.models import User
from employers.models import Onboarding
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.employers.desk_fixtures import decide_at, page_of, typed
from tests.pages import Page
from tests.people import browser

pytestmark = pytest.mark.django_db
FOCUS = "(//*[@autofocus])[1]"
TODAY = timezone.now().date


@pytest.fixture
def desk(reviewer: User) -> Client:
    """The reviewer's browser."""
    return browser(reviewer)


@pytest.fixture
def sent_away(journey: Journey) -> Onboarding:
    """A case whose papers wait to be sent."""
    return journey.to(State.REGISTRATION)


def focus_of(answer: Any) -> list[str]:
    """Return the class of what a page opens with the focus on, or else its name."""
    return [row.get("class") or row.get("name") for row in Page(answer).tree.xpath(FOCUS)]


def test_sending_that_fails_or_is_previewed_has_the_focus(sent_away: Onboarding, desk: Client) -> None:
    address = reverse("admin:employers_onboarding_send", args=[sent_away.pk])
    sending = {"number": 1, "sent_on": (TODAY() + dt.timedelta(days=3)).isoformat(), "although": "on"}
    assert focus_of(desk.post(address, sending)) == ["error-summary"]
    sending |= {"sent_on": TODAY().isoformat(), "preview": "1"}
    assert focus_of(desk.post(address, sending)) == ["notice desk-preview"]
    assert focus_of(desk.get(page_of(sent_away))) == []


def test_preview_says_whose_words_the_mail_has(sent_away: Onboarding, desk: Client, reviewer: User) -> None:
    sending = {"number": 1, "sent_on": TODAY().isoformat(), "although": "on", "preview": "1"}
    send = reverse("admin:employers_onboarding_send", args=[sent_away.pk])
    own = (
        Page(desk.post(send, sending)),
        *(
            Page(desk.post(decide_at(sent_away, edge), typed(sent_away, edge, reviewer, preview="1")))
            for edge in ("register", "cancel_registration")
        ),
    )
    templates = "Its words are those of the program’s mail, which a manager edits under Mail texts."
    typed_below = "Change the text below as you like, then send it or look again."
    said = [page.words("//section[contains(@class, 'desk-preview')]/p") for page in own]
    assert said == [[templates], [templates], [typed_below]]
    [body] = own[1].tree.xpath("(//pre[@class='mail-text'])[1]")
    assert max(len(line) for line in body.text_content().splitlines()) > 72


def test_decision_that_fails_or_is_previewed_has_the_focus(
    sent_away: Onboarding, desk: Client, reviewer: User
) -> None:
    address = decide_at(sent_away, "register")
    wrong = typed(sent_away, "register", reviewer, program_number="")
    assert focus_of(desk.post(address, wrong)) == ["error-summary"]
    shown = typed(sent_away, "register", reviewer, preview="1")
    assert focus_of(desk.post(address, shown)) == ["notice desk-preview"]


def test_last_page_opens_with_the_text_and_with_a_wrong_code_in_its_field(
    journey: Journey, desk: Client, reviewer: User
) -> None:
    case = journey.to(State.REVIEW)
    act = typed(case, "approve", reviewer)
    assert focus_of(desk.post(decide_at(case, "approve"), act)) == []
    assert focus_of(desk.post(decide_at(case, "approve"), act | {"confirm": "yes", "code": ""})) == ["code"]


def test_is_it_still_you_opens_in_its_field(desk: Client) -> None:
    address = reverse("account_reauthenticate")
    page = Page(desk.get(address))
    assert [row.get("name") for row in page.tree.xpath(FOCUS)] == ["password"]
    assert focus_of(desk.post(address, {"password": "wrong"})) == ["error-summary"]
