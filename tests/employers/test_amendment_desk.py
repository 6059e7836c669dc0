"""Amendments at the desk: the mail of a decision is read before it goes, and what list and page cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apprenticeship.records.models import Notification
from employers.models import Amendment, Site
from employers.onboarding import State
from employers.samples import hospitals
from employers.samples.amendment import draft
from employers.samples.journey import Journey
from tests.employers.amending import DESK, amendment, decide, statuses
from tests.pages import visit
from tests.people import browser, person
from tests.records.database import everything

pytestmark = pytest.mark.django_db
Counter = Callable[[int], Any]


@pytest.fixture
def desk(journey: Journey) -> Client:
    """The reviewer's browser."""
    return browser(journey.reviewer)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("countersign", "AAMI has countersigned"),
        ("send_back", "Name the county, please."),
        ("decline", "Name the county, please."),
    ],
)
def test_mail_of_a_decision_is_shown_first_and_its_words_can_still_change(
    name: str, said: str, signed_amendment: Amendment, desk: Client, journey: Journey
) -> None:
    before = everything()
    page = decide(desk, name, journey.reviewer, preview="1")
    assert (page.status, "Nothing is sent yet." in page.text) == (200, True)
    mails = page.words("//*[contains(@class, 'desk-preview')]//summary")
    assert any(line.startswith(f"To {journey.owner.email}: ") for line in mails)
    assert said in " ".join(page.words("//pre"))
    assert page.tree.xpath("boolean(//details[@open]/form[contains(@action, $name)])", name=f"/{name}/")
    assert {table: rows for table, rows in everything().items() if before[table] != rows} == {}
    assert (amendment().status, statuses()) == ("signed", ["in_force", "signed"])
    decide(desk, name, journey.reviewer, reason="Say which county.")
    sent = Notification.objects.filter(recipient=journey.owner.email).latest("created_at")
    assert sent.context["reason"] == ("" if name == "countersign" else "Say which county.")


def test_preview_of_what_cannot_be_decided_says_why(
    signed_amendment: Amendment, desk: Client, journey: Journey
) -> None:
    page = decide(desk, "send_back", journey.reviewer, preview="1", reason=" ")
    assert (page.status, list(page.problems), page.words("//pre")) == (422, ["send_back-reason"], [])
    page = decide(desk, "countersign", journey.reviewer, preview="1", sha256="0" * 64)
    assert (page.status, page.words("//pre"), statuses()) == (409, [], ["in_force", "signed"])
    assert (
        browser(journey.owner)
        .post(f"{DESK}{signed_amendment.pk}/decide/decline/", {"preview": "1"})
        .status_code
        == 302
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_with_one_amendment_and_with_three(
    rows: int, signed_amendment: Amendment, desk: Client, journey: Journey, django_assert_num_queries: Counter
) -> None:
    for number, hospital in enumerate((hospitals.PRAIRIE, hospitals.SUMMIT)[: rows - 1]):
        owner = person(f"other{number}@example.org", hospital.owner)
        other = Journey(hospital, owner, journey.reviewer, journey.manager)
        other.to(State.ACTIVE)
        draft(other)
    desk.get(DESK)
    with django_assert_num_queries(6):
        page = visit(desk, DESK)
    assert len(page.words("//table[@id='result_list']/tbody/tr")) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_for_any_number_of_rows(
    rows: int, signed_amendment: Amendment, desk: Client, journey: Journey, django_assert_num_queries: Counter
) -> None:
    clinics = [row for row in signed_amendment.proposal["sites"] if row["id"] is None]
    for number in range(rows):
        name = f"Clinic {number}"
        Site.objects.create(
            employer=signed_amendment.employer, name=f"Site {number}", street="1 A Street", city="Duluth", state="MN",
            zip_code="55805",
        )  # fmt: skip
        signed_amendment.proposal["sites"].append(clinics[0] | {"name": name})
    signed_amendment.save()
    address = f"{DESK}{signed_amendment.pk}/change/"
    desk.get(address)
    with django_assert_num_queries(16):
        page = visit(desk, address)
    assert page.headline == "Lakeside Regional Medical Center"
