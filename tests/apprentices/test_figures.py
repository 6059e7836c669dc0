"""Candidates in figures: every figure counts the list it leads to, in constant queries; nobody else's business."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from apprentices import interest, opening
from apprentices.figures import FUNNEL, figures
from apprentices.models import Candidate, ConsentText
from apprentices.places import place_of
from apprentices.tasks import count_figures
from apprenticeship.accounts.models import User
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.apprentices.people import candidate
from tests.desk_figures import compare_with_lists
from tests.employers.conftest import journey, manager, owner, program_documents, reviewer  # noqa: F401
from tests.pages import visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db

PAGE = "/admin/apprentices/candidate/figures/"
NOW = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)


def form_of(name: str, zip_code: str = "53202") -> Candidate:
    """Return somebody who sent the form."""
    place, consent = place_of(zip_code), ConsentText.objects.latest("version")
    assert place
    email = f"{name.lower()}@example.org"
    interest.express(interest.Answers(name=name, email=email, place=place, asked_age=16, consent=consent))
    return Candidate.objects.get(email=email)


@pytest.fixture
def partner(journey: Journey) -> Journey:
    """An active partner."""
    journey.to(State.ACTIVE)
    return journey


@pytest.fixture
def people(partner: Journey) -> None:
    """People who came to every step, in several regions and months; one of them was deleted."""
    employer, owner = partner.onboarding.employer, partner.owner
    for name in ("Ada", "Bob", "Cyd", "Dan"):
        row = form_of(name)
        if name != "Dan":
            assert interest.confirm(row)
    for name in ("Ada", "Bob"):
        row = Candidate.objects.get(name=name)
        opening.open_details(row.pk, employer, "opening", by=owner)
        for _twice in range(2):
            opening.note_progress(
                employer, row, mark="hired" if name == "Ada" else "contacted", note="", by=owner
            )
    interest.erase(Candidate.objects.get(name="Ada"), by=None)
    candidate("Eve", "55805", days=40, heard_from="school", phone="218-555-0142")
    candidate("Eva", "10001", days=200, heard_from="school", phone="218-555-0142", status="expired")
    candidate("Fay", "09012", heard_from="online", status="stopped")


def test_every_figure_counts_the_list_it_leads_to(people: None, manager: User) -> None:
    client = browser(manager)
    page = visit(client, PAGE)
    assert compare_with_lists(client, page) > 30
    assert page.words("//ul[@class='desk-strip']/li") == [
        "3 share", "1 have to confirm their address", "1 hidden: did not reconfirm", "1 stopped sharing",
        "2 look double",
    ]  # fmt: skip
    assert page.words("//section[@aria-labelledby='joined']//tbody/tr/th") == [
        "Boston", "Philadelphia", "Atlanta", "Dallas", "Chicago", "San Francisco", "Outside the regions",
    ]  # fmt: skip
    states = visit(client, f"{PAGE}?region=5")
    assert states.words("//section[@aria-labelledby='joined']//tbody/tr/th") == ["Minnesota", "Wisconsin"]
    assert compare_with_lists(client, states) > 20
    assert visit(client, f"{PAGE}?region=nonsense").headline == page.headline


def test_funnel_counts_a_person_once_a_step_also_after_deletion(people: None) -> None:
    assert [figures().funnel[verb] for verb in FUNNEL] == [4, 3, 2, 1]


def test_months_and_regions_are_counted_in_utc() -> None:
    with time_machine.travel(dt.datetime(2026, 10, 31, 23, 59, tzinfo=dt.UTC), tick=False):
        interest.confirm(form_of("Ada"))
        candidate("Bob", "10001", days=365)
    with time_machine.travel(dt.datetime(2026, 11, 1, 0, 1, tzinfo=dt.UTC), tick=False):
        interest.confirm(form_of("Cyd"))
    with time_machine.travel(NOW, tick=False):
        found = figures()
    assert found.joined == {(5, "WI"): (*(0,) * 10, 1, 1)}
    assert (found.started, found.confirmed) == ((*(0,) * 10, 1, 1),) * 2


@pytest.mark.parametrize(
    ("twin", "is_double"),
    [
        ({"name": "ada ortiz"}, True),
        ({"name": "Ada Ortiz", "zip_code": "53202"}, False),
        ({"name": "Adam Ortiz"}, False),
        ({"name": "Bob", "phone": "218-555-0142"}, True),
        ({"name": "Bob", "phone": ""}, False),
    ],
)
def test_look_alikes_share_name_and_zip_code_or_phone(
    twin: dict[str, Any], is_double: bool, db: None
) -> None:
    candidate("Ada Ortiz", "55805", phone="218-555-0142")
    candidate("Zoe", "55805", phone="")
    Candidate.objects.filter(name="Ada Ortiz").update(email="ada.ortiz@example.org")
    candidate(**{"zip_code": "55805"} | twin)
    assert Candidate.objects.look_alikes().count() == (2 if is_double else 0)


def test_page_is_for_those_who_read_candidates(client: Client, people: None) -> None:
    somebody = person("una@example.org", "Una")
    User.objects.filter(pk=somebody.pk).update(is_staff=True)
    assert browser(User.objects.get(pk=somebody.pk)).get(PAGE).status_code == 403


@pytest.mark.parametrize("count", [0, 300])
def test_page_costs_the_same_for_any_number_of_people(
    count: int, manager: User, django_assert_num_queries: Any
) -> None:
    consent = ConsentText.objects.latest("version")
    Candidate.objects.bulk_create(
        Candidate(
            name="Ada", email=f"ada{number}@example.org", zip_code="53202", state="WI", region=number % 6 + 1,
            is_of_age=True, asked_age=16, consent=consent, consented_at=NOW, status="confirmed", confirmed_at=NOW,
        )
        for number in range(count)
    )  # fmt: skip
    client = browser(manager)
    with django_assert_num_queries(14):
        visit(client, PAGE)
    with django_assert_num_queries(6):  # once they are kept
        visit(client, PAGE)
    Candidate.objects.all().delete()
    count_figures()  # as the worker does
    assert visit(client, PAGE).words("//ul[@class='desk-strip']/li")[0] == "0 share"
