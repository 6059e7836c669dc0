"""What an amendment may propose, wages and sites before all, and what becomes of it."""

from decimal import Decimal

import pytest
from django.test import Client

from apprenticeship.accounts.models import User
from employers import amending
from employers.application import Application
from employers.completeness import gaps
from employers.models import (
    Employer,
    Mentor,
    Onboarding,
    Site,
    WageSchedule,
)
from employers.onboarding import Part
from employers.samples.journey import Journey
from tests.employers.amending import (
    OVERVIEW,
    PARTIES,
    SITES,
    START,
    WAGES,
    amendment,
    decide,
    sign_in_portal,
    statuses,
)
from tests.pages import Page, fill_in, press, visit
from tests.people import browser

pytestmark = pytest.mark.django_db


def test_failing_wages_block_and_live_wages_stay(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    fill_in(owner_client, WAGES, {"periods-0-rate": "30.00"})
    page = visit(owner_client, OVERVIEW)
    assert any(
        "Each rate is higher than the one before" in gap
        for gap in page.words("//*[@class='error-summary mb-4']//li")
    )
    assert Page(owner_client.post("/onboarding/agreement/present/", follow=True)).url == OVERVIEW
    assert statuses() == ["in_force"]
    live = Application(Onboarding.objects.get()).wage_schedule
    assert live is not None
    assert live.periods.first().rate == Decimal("21.00")


def test_wages_set_back_to_what_is_in_force_are_no_change(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    fill_in(owner_client, WAGES, {"periods-0-rate": "22.00"})
    assert amendment().wage_schedule is not None
    fill_in(owner_client, WAGES, {"periods-0-rate": "21.00"})
    assert (amendment().wage_schedule, WageSchedule.objects.count()) == (None, 1)
    assert "Nothing yet." in visit(owner_client, OVERVIEW).text


def test_withdrawn_wages_never_become_the_live_ones(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    fill_in(owner_client, WAGES, {"periods-0-rate": "22.00"})
    sign_in_portal(owner_client, journey.owner.name)
    amending.withdraw(amendment(), by=journey.owner, reason="Not now.")
    live = Application(Onboarding.objects.get()).wage_schedule
    assert live is not None
    assert (live.version, live.periods.first().rate) == (1, Decimal("21.00"))
    owner_client.post(START)
    fill_in(owner_client, WAGES, {"periods-0-rate": "23.00"})
    sign_in_portal(owner_client, journey.owner.name)
    decide(browser(journey.reviewer), "countersign", journey.reviewer)
    live = Application(Onboarding.objects.get()).wage_schedule
    assert live is not None
    assert (live.version, live.periods.first().rate, statuses()) == (
        3,
        Decimal("23.00"),
        ["superseded", "void", "in_force"],
    )


def test_new_site_joins_and_removed_one_leaves_its_people_without_a_place(
    journey: Journey, owner_client: Client
) -> None:
    employer = Employer.objects.get()
    main, clinic = employer.sites.order_by("pk")
    Mentor.objects.create(
        employer=employer, site=clinic, name="Kim Mentor", title="T", email="k@example.org", years=3
    )
    owner_client.post(START)
    page = visit(owner_client, SITES)
    added = press(owner_client, page, {"sites-1-DELETE": "on"}, "add=sites")
    new = {"name": "East wing", "street": "5 B Street", "city": "Duluth", "state": "MN", "zip_code": "55805",
           "journeyworkers": "2", "gi_bill": "unknown"}  # fmt: skip
    page = press(owner_client, added, {f"sites-2-{name}": value for name, value in new.items()})
    assert page.url == OVERVIEW
    assert "Superior clinic: mentors there: Kim Mentor." in page.text
    assert list(employer.sites.values_list("name", flat=True)) == ["Main campus", "Superior clinic"]
    # What is not printed goes on being edited meanwhile.
    Site.objects.filter(pk=main.pk).update(journeyworkers=9)
    sign_in_portal(owner_client, journey.owner.name)
    decide(browser(journey.reviewer), "countersign", journey.reviewer)
    sites = employer.sites.order_by("pk")
    assert [(site.name, site.journeyworkers, site.time_zone) for site in sites] == [
        ("Main campus", 9, "America/Chicago"),
        ("East wing", 2, "America/Chicago"),
    ]
    mentor = Mentor.objects.get(name="Kim Mentor")
    assert mentor.site is None
    assert "Mentor 2: enter the site." in [
        gap.message for gap in gaps(Application(Onboarding.objects.get()), Part.MENTOR)
    ]
    assert "Mentor 2: enter the site." in visit(owner_client, "/organization/").text


def test_last_site_cannot_go(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    fill_in(owner_client, SITES, {"sites-0-DELETE": "on", "sites-1-DELETE": "on"})
    page = visit(owner_client, OVERVIEW)
    assert "Add at least one site where apprentices will train." in page.text


def test_sites_of_others_cannot_be_named(journey: Journey, owner_client: Client, outsider: User) -> None:
    from employers.people import found_employer

    other = Site.objects.create(employer=found_employer(outsider, "Other").employer, name="Theirs")
    owner_client.post(START)
    fill_in(owner_client, SITES, {"sites-0-site": str(other.pk)})
    names = [(row["id"], row["name"]) for row in amendment().proposal["sites"]]
    assert other.pk not in [key for key, _name in names]
    other.refresh_from_db()
    assert other.name == "Theirs"


@pytest.mark.parametrize("zip_code", ["99999", "5580", "55805"])
def test_bad_addresses_are_told_at_the_field(zip_code: str, journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    page = fill_in(owner_client, PARTIES, {"zip_code": zip_code, "state": "WI"})
    assert (page.status, list(page.problems)) == (422, ["id_zip_code"])
    assert page.fields()["zip_code"] == zip_code


def test_amendment_that_changes_nothing_cannot_be_signed(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    page = Page(owner_client.post("/onboarding/agreement/present/", follow=True))
    assert page.notices == ["Nothing is changed yet: the agreement in force says the same."]
    assert statuses() == ["in_force"]
