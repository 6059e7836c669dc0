"""An officer's last page: the text itself, what is kept, and a code for whoever has no second factor."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from apprenticeship.accounts.models import User
from employers.forms.signatory import CONSENT
from employers.models import Agreement, Onboarding, Signature
from employers.onboarding import State
from employers.samples.journey import Journey
from employers.signing import INTENT, SPONSOR_AUTHORITY
from tests.accounts.factors import set_up_app
from tests.employers.answers import OPEN_DISCLOSURE, mailed_code
from tests.employers.desk_fixtures import LAST_PAGE, current, decide_at, page_of, typed
from tests.pages import Page
from tests.people import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    """An application in review."""
    return journey.to(State.REVIEW)


@pytest.fixture
def desk(reviewer: User) -> Client:
    """The reviewer's browser, asked again just now."""
    return browser(reviewer)


def post(client: Client, case: Onboarding, by: User, **more: str) -> Any:
    return client.post(decide_at(case, "approve"), typed(case, "approve", by) | more)


def is_countersigned() -> bool:
    return Signature.objects.filter(party=Signature.Party.SPONSOR).exists()


def test_last_page_shows_the_text_and_what_is_kept_and_signs_nothing(
    case: Onboarding, desk: Client, reviewer: User
) -> None:
    page = Page(post(desk, case, reviewer))
    agreement = Agreement.objects.get()
    clauses = [row["heading"] for row in agreement.terms["template"]["statements"]]
    assert (page.status, page.words("//h1")[-1], is_countersigned()) == (200, LAST_PAGE, False)
    assert page.words("//article//ol/li/h3") == clauses
    rows = dict(zip(page.words("//form//dt"), page.words("//form//dd"), strict=True))
    assert (rows["As"], rows["With authority"]) == ("Rosalind Meyer, Director", SPONSOR_AUTHORITY)
    assert (rows["Intent"], rows["SHA-256 of the text"]) == (INTENT, agreement.sha256)
    assert rows["Consent"].startswith(str(CONSENT))
    assert page.words(OPEN_DISCLOSURE)[1:] == agreement.terms["template"]["consent_text"]
    assert re.search(r":\d\d [AP]M UTC \(", rows["Time"])


def test_code_signs_and_a_wrong_or_missing_one_does_not(
    case: Onboarding, desk: Client, reviewer: User
) -> None:
    post(desk, case, reviewer)
    code = mailed_code()
    assert mail.outbox[-1].to == [reviewer.email]
    for wrong in ("", "999999" if code != "999999" else "111111"):
        page = Page(post(desk, case, reviewer, confirm="yes", code=wrong))
        assert (page.status, page.words("//h1")[-1], is_countersigned()) == (422, LAST_PAGE, False)
    assert post(desk, case, reviewer, confirm="yes", code=code)["Location"] == page_of(case)
    assert current(case).state == State.REGISTRATION
    signature = Signature.objects.get(party=Signature.Party.SPONSOR)
    assert (signature.method, signature.proof) == ("code", "mailed_code")


def test_second_factor_stands_for_the_code(case: Onboarding, desk: Client, reviewer: User) -> None:
    set_up_app(desk)
    sent = len(mail.outbox)
    page = Page(post(desk, case, reviewer))
    assert (page.words("//h1")[-1], page.tree.xpath("//input[@name='code']")) == (LAST_PAGE, [])
    assert len(mail.outbox) == sent
    assert post(desk, case, reviewer, confirm="yes")["Location"] == page_of(case)
    assert Signature.objects.get(party=Signature.Party.SPONSOR).method == "factor"


def test_way_back_keeps_what_was_typed(case: Onboarding, desk: Client, reviewer: User) -> None:
    page = Page(post(desk, case, reviewer, title="Vice President", back="yes"))
    form = page.tree.get_element_by_id("desk-form")
    assert (form.fields["title"], form.fields["consent"], is_countersigned()) == (
        "Vice President", "on", False,
    )  # fmt: skip


def test_text_that_changed_is_refused_without_a_last_page(
    case: Onboarding, desk: Client, reviewer: User
) -> None:
    page = Page(post(desk, case, reviewer, sha256="0" * 64, confirm="yes"))
    assert (page.status, is_countersigned()) == (409, False)
