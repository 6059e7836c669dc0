"""An amendment in two tabs, by two people and twice: nothing is lost, nothing happens again."""

import pytest
from django.test import Client

from apprenticeship.records.models import Notification
from employers import amending
from employers.models import (
    Amendment,
)
from employers.samples.journey import Journey
from tests.employers.amending import (
    OVERVIEW,
    PARTIES,
    START,
    amendment,
    decide,
    decide_at,
    draft,
    statuses,
    typed,
)
from tests.employers.answers import mailed_code
from tests.pages import Page, fill_in, press, visit
from tests.people import browser

pytestmark = pytest.mark.django_db


def test_stale_form_shows_both_and_loses_nothing(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    tab = visit(owner_client, PARTIES)
    fill_in(owner_client, PARTIES, {"dba_name": "Lakeside"})
    page = press(owner_client, tab, {"dba_name": "Lakeside Health"})
    assert (page.status, page.fields()["dba_name"]) == (409, "Lakeside Health")
    assert page.words("//table[contains(@class, 'compare')]//tbody/tr/td") == ["Lakeside Health", "Lakeside"]
    press(owner_client, page, {})
    assert amendment().proposal["employer"]["dba_name"] == "Lakeside Health"


def test_text_that_changed_while_it_was_open_signs_nothing(journey: Journey, owner_client: Client) -> None:
    draft(owner_client)
    page = Page(owner_client.post("/onboarding/agreement/present/", follow=True))
    fill_in(owner_client, PARTIES, {"legal_name": "Another Name"})
    assert statuses() == ["in_force", "superseded"]
    fields = page.fields() | {
        "consent": "on",
        "has_authority": "on",
        "title": "X",
        "full_name": journey.owner.name,
    }
    page = Page(owner_client.post("/onboarding/agreement/sign/", fields, follow=True))
    assert (page.url, amendment().status) == (OVERVIEW, "draft")
    assert page.notices[0].startswith("The text changed since you opened this page.")


def test_reviewer_who_comes_too_late_is_told(journey: Journey, signed_amendment: Amendment) -> None:
    client = browser(journey.reviewer)
    late = typed("countersign", journey.reviewer)
    amending.take_back(signed_amendment, by=journey.owner, reason="One more site.")
    page = Page(client.post(decide_at("countersign"), late))
    assert (page.status, amendment().status) == (409, "draft")
    assert "Somebody was quicker" in page.text


def test_second_click_countersigns_once(journey: Journey, signed_amendment: Amendment) -> None:
    client, facts = browser(journey.reviewer), typed("countersign", journey.reviewer)
    client.post(decide_at("countersign"), facts)
    facts |= {"confirm": "yes", "code": mailed_code()}
    answers = [client.post(decide_at("countersign"), facts).status_code for _click in range(2)]
    assert (answers, statuses()) == ([302, 409], ["superseded", "in_force"])
    assert Notification.objects.filter(name="amendment_in_force").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"typed_name": "Somebody Else"}, "typed_name"),
        ({"has_authority": ""}, "has_authority"),
        ({"title": ""}, "title"),
    ],
)  # fmt: skip
def test_incomplete_countersignature_says_why(
    changed: dict[str, str], field: str, journey: Journey, signed_amendment: Amendment
) -> None:
    page = decide(browser(journey.reviewer), "countersign", journey.reviewer, **changed)
    assert (page.status, list(page.problems), amendment().status) == (422, [f"countersign-{field}"], "signed")


def test_another_hash_is_not_countersigned(journey: Journey, signed_amendment: Amendment) -> None:
    page = decide(browser(journey.reviewer), "countersign", journey.reviewer, sha256="0" * 64)
    assert (page.status, statuses()) == (409, ["in_force", "signed"])
