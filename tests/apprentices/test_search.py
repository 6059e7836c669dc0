"""The partners' search: who is found, in which order, page by page, and never a name."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apprentices import opening, origins, own, search
from apprentices.models import Candidate
from apprentices.search import Filters, Key, find
from apprenticeship import hidden_text
from apprenticeship.accounts.models import User
from employers import desk
from employers.models import Role
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.apprentices.people import candidate
from tests.employers.conftest import journey, manager, owner, program_documents, reviewer  # noqa: F401
from tests.pages import Page, visit
from tests.people import browser, colleague_of

pytestmark = pytest.mark.django_db

SEARCH = "/candidates/"


def names(filters: Filters) -> list[str]:
    """Return the first names of everybody found, over all pages."""
    found, after = [], None
    while True:
        page = find(filters, after)
        found += [Candidate.objects.get(pk=row.candidate.pk).name for row in page.rows]
        if not page.next_key:
            return found
        after = Key.of(page.next_key)


def test_every_filter_finds_its_people(db: None) -> None:
    candidate("Ada", "55805", days=1, available=0, education=2, service="veteran", knows_electronics=True)
    candidate("Bob", "53202", days=2, available=3, education=5, moving="anywhere", knows_it=True)
    candidate("Cyd", "10001", days=3, available=12, moving="no", service="none", about="I repair old radios")
    candidate(
        "Dan", "09012", days=4, knows_clinical=True, about="Radios and infusion pumps", service="serving"
    )
    found = {
        "all": Filters(),
        "region": Filters(region=5),
        "state": Filters(state="NY"),
        "now": Filters(available=0),
        "quarter": Filters(available=3),
        "moves": Filters(moves=True),
        "school": Filters(education=2),
        "degree": Filters(education=5),
        "served": Filters(served=True),
        "electronics": Filters(electronics=True),
        "it": Filters(it=True),
        "clinical": Filters(clinical=True),
        "words": Filters(words="radios"),
        "two words": Filters(words="Radios pumps"),
        "words and state": Filters(words="radios", state="NY"),
        "region and state": Filters(region=1, state="WI"),
    }
    assert {name: names(filters) for name, filters in found.items()} == {
        "all": ["Ada", "Bob", "Cyd", "Dan"],
        "region": ["Ada", "Bob"],
        "state": ["Cyd"],
        "now": ["Ada"],
        "quarter": ["Ada", "Bob"],
        "moves": ["Bob"],
        "school": ["Ada", "Bob"],
        "degree": ["Bob"],
        "served": ["Ada", "Dan"],
        "electronics": ["Ada"],
        "it": ["Bob"],
        "clinical": ["Dan"],
        "words": ["Cyd", "Dan"],
        "two words": ["Dan"],
        "words and state": ["Cyd"],
        "region and state": [],
    }


def test_distance_finds_the_nearest_first(db: None) -> None:
    for name, zip_code in {
        "Ada": "55407",
        "Bob": "55811",
        "Cyd": "55805",
        "Dan": "54880",
        "Eve": "09012",
    }.items():
        candidate(name, zip_code)
    near = Filters(origin="55805", miles=50)
    assert names(near) == ["Cyd", "Bob", "Dan"]
    assert [round(row.miles or 0) for row in find(near).rows] == [0, 5, 7]
    assert names(Filters(origin="55805", miles=250)) == ["Cyd", "Bob", "Dan", "Ada"]
    assert find(Filters(origin="55805", miles=250)).states == {"MN": 3, "WI": 1}
    assert names(Filters(origin="55805", miles=50, newest_first=True)) == ["Dan", "Cyd", "Bob"]


@pytest.mark.parametrize("by_distance", [True, False])
def test_pages_by_key_show_everybody_once(
    by_distance: bool, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PAGE", 3)
    monkeypatch.setattr(search, "FIRST_CODES", 1)
    same = timezone.now() - dt.timedelta(days=1)
    for number in range(17):
        candidate(f"P{number:02}", ("55805", "55811", "54880")[number % 3])
    Candidate.objects.filter(name__lt="P09").update(confirmed_at=same)  # equal moments
    filters = Filters(origin="55805" if by_distance else "")
    everybody = names(filters)
    assert sorted(everybody) == [f"P{number:02}" for number in range(17)]
    page = find(filters, Key.of(find(filters).next_key))
    own.stop(page.rows[0].candidate)  # somebody leaves while a partner reads
    rest = [name for name in everybody if Candidate.objects.shown().filter(name=name).exists()]
    assert names(filters) == rest


@pytest.mark.parametrize(
    "text", ["", "x", "1-2", "1-2-3", "55805-x-y", "55805-99999999999999999999-" + "0" * 32]
)
def test_a_key_that_was_tampered_with_is_no_key(text: str) -> None:
    for key in (text, f"55805-1-{'0' * 32}", hidden_text.hide(text, search.HIDDEN_AS)):
        assert Key.of(key) is None


def test_address_of_the_next_page_tells_nobodys_place(
    partner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PAGE", 1)
    first, second = candidate("Ada", "55811", days=1), candidate("Bob", "55720", days=2)
    page = visit(partner, f"{SEARCH}?zip_code=55805")
    (address,) = page.tree.xpath("//nav[@aria-label='Pages']/a/@href")
    assert [text for text in ("55811", first.pk.hex) if text in address] == []
    (link,) = visit(partner, address).tree.xpath("//ul[@class='candidate-list']//a/@href")
    assert link.startswith(f"{SEARCH}{second.pk}/?from=55805&")


def test_way_back_from_somebody_leads_to_the_search(partner: Client) -> None:
    row = candidate("Ada", "55811", about="Radios & pumps", moving="state")
    page = visit(partner, f"{SEARCH}?zip_code=55805&words=pumps&moves=on")
    (link,) = page.tree.xpath("//ul[@class='candidate-list']//a/@href")
    back = visit(partner, link).tree.xpath("//a[starts-with(., '←')]/@href")
    assert back == [f"{SEARCH}?zip_code=55805&moves=on&words=pumps&miles=50"]
    html = visit(partner, f"{SEARCH}{row.pk}/?search=%22%3E%3Cscript%3E//evil.example").html
    assert "<script>//" not in html
    assert f'href="{SEARCH}?' in html


def test_count_is_capped_honestly(partner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        candidate(f"P{number}")
    monkeypatch.setattr(search, "COUNTED", 4)
    assert visit(partner, SEARCH).words("//h2")[0:1] == ["4 people match"]
    monkeypatch.setattr(search, "COUNTED", 3)
    page = visit(partner, f"{SEARCH}?state=MN")
    assert "More than 3 people match" in page.text
    assert "The map shows the newest 3." in page.text


@pytest.mark.parametrize("by_distance", [True, False])
def test_rare_choices_are_counted_among_so_many_and_all_pages_still_show_everybody(
    by_distance: bool, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COUNTED_PEOPLE", 6)
    monkeypatch.setattr(search, "COUNTED_CODES", 1)
    monkeypatch.setattr(search, "CROWD", 3)
    monkeypatch.setattr(search, "PAGE", 2)
    for number in range(12):
        code = ("55805", "55811", "54880")[number // 4]
        candidate(f"P{number:02}", code, days=number + 1, available=0, knows_it=number % 3 == 0)
    one = Filters(origin="55805" if by_distance else "", it=True)
    rare = dataclasses.replace(one, available=0)
    assert (one.is_rare, rare.is_rare) == (False, True)
    assert names(rare) == names(one) == ["P00", "P03", "P06", "P09"]
    assert [(found.count, found.is_more) for found in map(find, (one, rare))] == [(4, False), (3, True)]
    monkeypatch.setattr(search, "COUNTED_PEOPLE", 12)
    monkeypatch.setattr(search, "CROWD", 4)
    assert (find(rare).count, find(rare).is_more) == (4, False)
    everybody = dataclasses.replace(rare, miles=0, state="ZZ")
    assert (find(everybody).count, find(everybody).is_more) == (0, False)


HIDDEN = {
    "Una": {"status": "unconfirmed"},
    "Stan": {"status": "stopped"},
    "Exa": {"status": "expired"},
    "Sil": {"days": 91},
}


def test_who_does_not_share_is_nowhere(partner: Client, journey: Journey) -> None:
    for name, said in HIDDEN.items():
        row = candidate(f"{name} Hidden", **said)
        assert partner.get(f"{SEARCH}{row.pk}/").status_code == 404
        assert partner.post(f"{SEARCH}{row.pk}/", {"purpose": "opening"}).status_code == 404
    for query in ("", "?zip_code=55805", "?words=e", "?state=MN&sort=newest"):
        assert "0 people match" in visit(partner, SEARCH + query).text
    assert Candidate.objects.shown().count() == 0


def test_profiles_are_blind(partner: Client) -> None:
    secrets = {
        "name": "Ada Ortiz",
        "phone": "218-555-0142",
        "about": "I repair radios",
        "current_employer": "Acme",
    }
    row = candidate(zip_code="55811", **secrets)
    for url in (
        SEARCH,
        f"{SEARCH}?words=radios",
        f"{SEARCH}?zip_code=55805",
        f"{SEARCH}{row.pk}/?from=55805",
    ):
        html = visit(partner, url).html
        found = [text for text in (*secrets.values(), "ada@example.org", "55811", "Duluth") if text in html]
        assert found in ([], ["Duluth"]), url  # a site of theirs stands in Duluth
        assert "Minnesota" in html
    html = visit(partner, f"{SEARCH}{row.pk}/").html
    assert "Duluth" not in html


def test_distances_are_told_as_circles(partner: Client) -> None:
    for name, zip_code in {"Ada": "55811", "Bob": "55720", "Cyd": "55407", "Dan": "10001"}.items():
        candidate(name, zip_code)
    origin = "55805"

    def places(query: str) -> list[str]:
        return visit(partner, f"{SEARCH}?{query}").words("//ul[@class='candidate-list']//b")

    assert places(f"zip_code={origin}&miles=250") == [
        "Minnesota, within 10 miles", "Minnesota, within 25 miles", "Minnesota, within 250 miles",
    ]  # fmt: skip
    assert places("state=NY") == ["New York"]
    dan = Candidate.objects.get(name="Dan")
    told = {
        query: visit(partner, f"{SEARCH}{dan.pk}/{query}").headline
        for query in ("", "?from=55805", "?from=x")
    }
    assert told == {"": "New York", "?from=55805": "New York, farther than 250 miles", "?from=x": "New York"}


def test_partner_measures_from_so_many_places_a_day(
    partner: Client, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(origins, "MOST", 2)
    row = candidate("Ada", "55811")
    site = journey.onboarding.employer.sites.get(zip_code="55805")
    for query in ("zip_code=53202", "zip_code=10001", "zip_code=53202", "zip_code=55805", f"near={site.pk}"):
        assert visit(partner, f"{SEARCH}?{query}").problems == {}
    assert visit(partner, f"{SEARCH}?zip_code=94103").problems == {
        "id_zip_code": "or ZIP code: Your organization has searched around 2 ZIP codes today, the most for a day, "
        "so that nobody’s home can be worked out. Your sites and today’s ZIP codes still work."
    }
    told = {
        code: visit(partner, f"{SEARCH}{row.pk}/?from={code}").headline
        for code in ("94103", "55805", "10001")
    }
    assert told == {
        "94103": "Minnesota", "55805": "Minnesota, within 10 miles", "10001": "Minnesota, farther than 250 miles",
    }  # fmt: skip


@pytest.mark.parametrize("state", [State.GET_STARTED, State.POSITION, State.REVIEW, State.REGISTRATION])
def test_employer_on_its_way_sees_numbers_by_state_from_five(journey: Journey, state: State) -> None:
    journey.to(state)
    client = browser(journey.owner)
    rows = [candidate(f"M{number}", "55805", about="secret") for number in range(5)]
    [candidate(f"W{number}", "53202") for number in range(4)]
    page = visit(client, f"{SEARCH}?state=WI&words=secret")
    assert page.words("//table//tr")[1:] == ["Minnesota5"]
    assert "Wisconsin" not in page.text
    assert "9" not in page.words("//figure")[0]
    own.stop(rows[0])
    assert "too few people yet" in visit(client, SEARCH).text
    for path in (f"{SEARCH}{rows[1].pk}/", f"{SEARCH}opened/", f"{SEARCH}opened.csv"):
        assert visit(client, path).url == SEARCH
    assert Page(client.post(f"{SEARCH}{rows[1].pk}/", {"purpose": "opening"}, follow=True)).url == SEARCH


def test_suspended_partner_sees_nothing(partner: Client, journey: Journey, manager: User) -> None:
    row = candidate()
    opening.open_details(row.pk, journey.onboarding.employer, "opening", by=journey.owner)
    assert "Ada Ortiz" in visit(partner, f"{SEARCH}{row.pk}/").text
    desk.suspend(journey.onboarding, by=journey.manager, reason="Late papers.")
    for path in ("", f"{row.pk}/", "opened/", "opened.csv"):
        page = visit(partner, SEARCH + path)
        assert (page.url, page.headline) == (SEARCH, "The search is closed for you")
        assert "Ada" not in page.html


def test_viewer_searches_but_opens_nobody(partner: Client, journey: Journey) -> None:
    row, viewer = candidate(), browser(colleague_of(journey.onboarding.employer, Role.VIEWER))
    page = visit(viewer, f"{SEARCH}{row.pk}/")
    assert "Owners and editors open details" in page.text
    assert viewer.post(f"{SEARCH}{row.pk}/", {"purpose": "opening"}).status_code == 403
    opening.open_details(row.pk, journey.onboarding.employer, "opening", by=journey.owner)
    assert "ada@example.org" in visit(viewer, f"{SEARCH}{row.pk}/").text
    assert viewer.post(f"{SEARCH}{row.pk}/", {"mark": "hired", "note": ""}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_search_costs_few_queries(partner: Client, django_assert_num_queries: Any, rows: int) -> None:
    for number in range(rows):
        candidate(f"P{number}", "55811")
    for query, queries in (("", 8), ("?zip_code=55805", 10)):
        partner.get(SEARCH + query)
        with django_assert_num_queries(queries):
            partner.get(SEARCH + query)
