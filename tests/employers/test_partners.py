"""The page of participating employers: who is on it, the filter, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.pages import visit

pytestmark = pytest.mark.django_db


def partner(name: str, *states: str, state: str = "active", card: str = "approved", **facts: Any) -> None:
    """Store an employer with sites, an onboarding in a state and a card in a status."""
    from employers.models import Employer, LogoCard, Onboarding, Site

    employer = Employer.objects.create(legal_name=f"{name}, Inc.")
    Onboarding.objects.create(employer=employer, state=state)
    Site.objects.bulk_create(Site(employer=employer, name=code, state=code) for code in states)
    LogoCard.objects.create(employer=employer, display_name=name, status=card, **facts)


def listed(query: str = "") -> list[str]:
    return visit(Client(), f"/partners/{query}").words("//table[contains(@class, 'stack')]/tbody/tr/th")


@pytest.fixture
def several(db: None) -> None:
    """Four who are shown, and one of each kind that is not."""
    partner("Lakeside", "MN", "WI", website="https://lakeside.example.org", logo="a" * 64, alt_text="A wave")
    partner("Aurora", "MN")
    partner("Zenith", "PR")
    partner("Nowhere <b>General</b>")
    partner("Resting", "MN", state="suspended")
    partner("Gone", "MN", state="ended")
    partner("In review", "MN", state="review")
    for status in ("draft", "waiting", "refused", "ended"):
        partner(status.title(), "MN", card=status)


def test_only_active_partners_that_chose_to_and_are_approved_appear(several: None) -> None:
    page = visit(Client(), "/partners/")
    assert listed() == ["Aurora", "Lakeside", "Nowhere <b>General</b>", "Zenith"]
    assert page.words("//ul[contains(@class, 'logo-wall')]/li") == listed()
    link = page.tree.xpath("//ul[contains(@class, 'logo-wall')]//a")
    assert [(row.get("href"), row.get("rel")) for row in link] == [
        ("https://lakeside.example.org", "noopener")
    ]
    image = page.tree.xpath("//ul[contains(@class, 'logo-wall')]//img")[0]
    assert (image.get("src"), image.get("srcset"), image.get("alt"), image.get("width"), image.get("height")) == (
        f"/logos/{'a' * 64}-1x.webp",
        f"/logos/{'a' * 64}-1x.webp 1x, /logos/{'a' * 64}-2x.webp 2x", "A wave", "240", "120",
    )  # fmt: skip


def test_map_counts_employers_by_state_and_leads_to_them(several: None) -> None:
    page = visit(Client(), "/partners/")
    tiles = page.tree.xpath("//svg/a") or page.tree.xpath("//*[local-name()='svg']//*[local-name()='a']")
    links = [(tile.get("href"), tile.get("aria-label")) for tile in tiles]
    assert links == [
        ("/partners/?state=WI#list", "WI 1: employers in Wisconsin"),
        ("/partners/?state=MN#list", "MN 2: employers in Minnesota"),
        ("/partners/?state=PR#list", "PR 1: employers in Puerto Rico"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "names", "headline"),
    [
        ("?state=MN", ["Aurora", "Lakeside"], "2 employers in Minnesota"),
        ("?state=wi", ["Lakeside"], "1 employer in Wisconsin"),
        ("?state=TX", [], "0 employers in Texas"),
        ("?state=XX", ["Aurora", "Lakeside", "Nowhere <b>General</b>", "Zenith"], "4 employers"),
        ("?state=%00%27", ["Aurora", "Lakeside", "Nowhere <b>General</b>", "Zenith"], "4 employers"),
    ],
)
def test_filter_works_by_its_address_alone(
    several: None, query: str, names: list[str], headline: str
) -> None:
    page = visit(Client(), f"/partners/{query}")
    assert (listed(query), page.words("//h2[@id='list-title']")) == (names, [headline])
    chosen = headline.partition(" in ")[2]
    assert page.words("//select[@name='state']/option[@selected]") == ([chosen] if chosen else [])


def test_nobody_yet_is_said_on_both_pages(db: None) -> None:
    assert "Check back soon" in visit(Client(), "/partners/").text
    assert "Check back soon for our participating employers." in visit(Client(), "/").text


@pytest.mark.parametrize("count", [1, 3, 300])
def test_pages_cost_the_same_with_any_number_of_partners(
    db: None, count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    from employers.models import Employer, LogoCard, Onboarding, Site

    employers = Employer.objects.bulk_create(Employer(legal_name=f"No. {n}") for n in range(count))
    Onboarding.objects.bulk_create(Onboarding(employer=row, state="active") for row in employers)
    Site.objects.bulk_create(Site(employer=row, state=code) for row in employers for code in ("TX", "OK"))
    LogoCard.objects.bulk_create(
        LogoCard(employer=row, display_name=row.legal_name, status="approved", logo="b" * 64, alt_text="B")
        for row in employers
    )
    client = Client()
    with django_assert_num_queries(3):
        page = client.get("/partners/?state=TX")
    assert page.content.decode().count("<img") == count
    with django_assert_num_queries(2):
        page = client.get("/")
    assert page.content.decode().count("<img") == min(count, 8)
