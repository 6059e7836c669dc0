"""The partners' search as a form: what is said at which field, live and without script, and what counts."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from apprentices.forms.search import SearchForm
from employers.samples.journey import Journey
from tests.apprentices.people import candidate
from tests.employers.conftest import journey, manager, owner, program_documents, reviewer  # noqa: F401
from tests.pages import Page, visit

pytestmark = pytest.mark.django_db

SEARCH = "/candidates/"


def test_page_speaks_of_bad_input_and_keeps_it(partner: Client) -> None:
    page = visit(partner, f"{SEARCH}?zip_code=00000&words=pumps&state=ZZ")
    assert page.problems == {
        "id_zip_code": "or ZIP code: We don’t know this ZIP code. "
        "Enter a U.S. ZIP code of five digits, for example 53202.",
        "id_state": "State: Select a valid choice. ZZ is not one of the available choices.",
    }
    assert page.fields()["words"] == "pumps"
    assert "has no place on the map" in visit(partner, f"{SEARCH}?zip_code=09012").text
    for query in ("?words=%00", "?near=x", "?miles=7", f"?words={'x' * 10000}", "?after=%ff", "?region=9"):
        assert partner.get(SEARCH + query).status_code == 200


def test_filters_stand_in_the_address_live_and_without_script(partner: Client, journey: Journey) -> None:
    candidate("Ada", "55811", available=0)
    candidate("Bob", "55811", available=6)
    site = journey.onboarding.employer.sites.get(zip_code="55805")
    query = {"near": site.pk, "miles": "25", "available": "0", "zip_code": "", "words": ""}
    full = Page(partner.get(SEARCH, query))
    live = partner.get(SEARCH, query, HTTP_HX_REQUEST="true")
    assert "1 person matches" in full.text
    assert "1 person matches" in live.content.decode()
    assert "<html" not in live.content.decode()
    assert live["HX-Push-Url"] == f"/candidates/?near={site.pk}&available=0&miles=25"
    again = partner.get(SEARCH, query, HTTP_HX_REQUEST="true", HTTP_HX_HISTORY_RESTORE_REQUEST="true")
    assert "<html" in again.content.decode()
    assert "no-store" in live["Cache-Control"]


def test_live_answer_speaks_at_the_field_and_of_the_filters(partner: Client) -> None:
    candidate("Ada", "55811", moving="state")

    def said(**query: str) -> dict[str, str]:
        answer = Page(partner.get(SEARCH, query, HTTP_HX_REQUEST="true"))
        parts = answer.tree.xpath("//*[@hx-swap-oob]")
        return {part.get("id"): text for part in parts if (text := " ".join(part.text_content().split()))}

    unknown = "We don’t know this ZIP code. Enter a U.S. ZIP code of five digits, for example 53202."
    assert said(zip_code="00000") == {
        "filters-said": "one of them needs another look",
        "found-said": f"or ZIP code: {unknown}",
        "id_zip_code_said": unknown,
    }
    assert said(zip_code="55805", moves="on", miles="10") == {
        "filters-said": "within 10 miles of 55805 · Would move",
        "found-said": "1 person matches",
    }
    page = visit(partner, f"{SEARCH}?zip_code=00000")
    fields = {
        field.get("name"): field.get("aria-describedby") for field in page.tree.xpath("//input | //select")
    }
    assert (fields["zip_code"], fields["sort"]) == (
        "id_zip_code_said id_zip_code_error", "id_sort_helptext id_sort_said",
    )  # fmt: skip
    unfolded = "//details[contains(@class, 'filters')][@open]"
    assert [len(seen.tree.xpath(unfolded)) for seen in (page, visit(partner, SEARCH))] == [1, 0]


NOTHING_BUT_SIGNS = (
    "Words about their experience: Signs alone find nobody. Type a word, for example “soldering”."
)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("%'\"(", NOTHING_BUT_SIGNS),
        ("one two three four five six seven eight nine",
         "Words about their experience: Use at most 8 words; all of them must match."),
        ("radios", None),
        ("C# & IT", None),
    ],
)  # fmt: skip
def test_words_that_cannot_find_anybody_are_refused(partner: Client, words: str, problem: str | None) -> None:
    page = visit(partner, f"{SEARCH}?{urlencode({'words': words})}")
    assert page.problems == ({"id_words": problem} if problem else {})


def test_small_words_are_refused_where_the_search_keeps_none(partner: Client) -> None:
    candidate("Ada", "55811", about="I am the one")
    page = visit(partner, f"{SEARCH}?words=the&region=5")
    if connection.vendor == "postgresql":
        assert list(page.problems) == ["id_words"]
        assert "Such small words" in page.problems["id_words"]
    else:
        assert "1 person matches" in page.text


def test_what_does_not_count_is_said_at_its_field(partner: Client, journey: Journey) -> None:
    candidate("Ada", "55811")
    site = journey.onboarding.employer.sites.get(zip_code="55805")

    def notes(**query: Any) -> dict[str, str]:
        parts = visit(partner, f"{SEARCH}?{urlencode(query)}").tree.xpath(
            "//div[@class='said'][normalize-space()]"
        )
        return {part.get("id"): " ".join(part.text_content().split()) for part in parts}

    assert notes(near=site.pk, zip_code="53202") == {
        "id_near_said": "Does not count: a ZIP code is typed below."
    }
    assert notes(miles=25) == {"id_miles_said": "Choose a site or type a ZIP code too: miles from where?"}
    assert notes(region=1, state="WI") == {
        "id_state_said": "This state is not in the region chosen above, so nobody can match."
    }
    assert notes(near=site.pk, miles=25, region=5, state="WI") == notes(miles=50) == notes() == {}
    live = partner.get(SEARCH, {"near": site.pk, "zip_code": "53202"}, HTTP_HX_REQUEST="true")
    assert live["HX-Push-Url"] == "/candidates/?zip_code=53202&miles=50"


def test_search_is_said_in_words(partner: Client, journey: Journey) -> None:
    employer = journey.onboarding.employer
    site = employer.sites.get(zip_code="55805")

    def words(**data: Any) -> list[str]:
        form = SearchForm(data, employer=employer)
        assert form.is_valid(), form.errors
        return form.in_words

    assert words() == []
    assert words(near=site.pk, miles=25, sort="newest") == [f"within 25 miles of {site}, newest first"]
    assert words(
        zip_code="55805", region=5, state="MN", available="0", education=2, moves="on", it="on", words="radios"
    ) == [
        "within 50 miles of 55805", "Chicago region", "Minnesota", "Could start: Right away",
        "Education, at least: High school or GED", "Would move", "Knows IT", "“radios”",
    ]  # fmt: skip


def test_other_employers_site_is_no_choice(partner: Client, journey: Journey) -> None:
    journey.onboarding.employer.sites.all()
    assert visit(partner, f"{SEARCH}?near=999999").problems.keys() == {"id_near"}
