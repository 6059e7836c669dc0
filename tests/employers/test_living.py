"""An active or suspended partner edits what the agreement does not print, freely and logged, and nothing else."""

import pytest
from django.test import Client

from apprenticeship.records.models import Event
from employers import desk
from employers.models import Agreement, Employer, Onboarding, Position, Role, Site
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.employers.answers import step_url
from tests.pages import fill_in, press, visit
from tests.people import browser, colleague_of

pytestmark = pytest.mark.django_db
ORGANIZATION = "/organization/"


def test_contact_and_staffing_are_edited_freely_and_logged(journey: Journey, owner_client: Client) -> None:
    typed = {
        "contact_name": "New Contact",
        "sites-0-journeyworkers": "11",
        "sites-1-local_minimum_wage": "15.50",
    }
    page = fill_in(owner_client, step_url("get-started"), typed)
    assert (page.url, page.notices) == (ORGANIZATION, ["Saved."])
    employer = Employer.objects.get()
    first, second = employer.sites.order_by("pk")
    assert (employer.contact_name, first.journeyworkers, str(second.local_minimum_wage)) == (
        "New Contact",
        11,
        "15.50",
    )
    assert (Onboarding.objects.get().state, Agreement.objects.get().status) == ("active", "in_force")
    event = Event.objects.filter(verb="part_saved").latest("number")
    assert (event.user, event.data["part"]) == (journey.owner, "profile")


@pytest.mark.parametrize(
    "typed",
    [
        {"legal_name": "Forged, Inc."}, {"street": "9 Forged St"}, {"ein": "12-3456789"}, {"dba_name": "Forged"},
        {"sites-0-name": "Forged"}, {"sites-0-street": "9 Forged St"}, {"sites-0-DELETE": "on"},
        {"sites-TOTAL_FORMS": "3", "sites-2-name": "Forged", "sites-2-state": "MN", "sites-2-id": ""},
        {"sites-TOTAL_FORMS": "3", "sites-INITIAL_FORMS": "1"},
    ],
)  # fmt: skip
def test_forged_posts_do_not_change_what_the_agreement_prints(
    typed: dict[str, str], journey: Journey, owner_client: Client
) -> None:
    before = Employer.objects.values().get(), list(Site.objects.values())
    fill_in(owner_client, step_url("get-started"), typed)
    assert (Employer.objects.values().get(), list(Site.objects.values())) == before


@pytest.mark.parametrize("slug", ["standards", "agreement"])
def test_printed_parts_say_that_an_amendment_changes_them(
    slug: str, journey: Journey, owner_client: Client
) -> None:
    page = visit(owner_client, step_url(slug))
    assert "it changes by an amendment that both sign" in page.text
    assert owner_client.post(step_url(slug), {"version": "1", "signatory_name": "Forged"}).status_code == 409
    assert Onboarding.objects.get().signatory_name == "Dana Whitfield"


def test_wages_are_closed_too(journey: Journey, owner_client: Client) -> None:
    page = fill_in(owner_client, "/onboarding/agreement/wages/", {"periods-0-rate": "22.00"})
    assert (page.status, Employer.objects.get().wage_schedules.count()) == (409, 1)


def test_positions_and_mentors_are_edited_and_gaps_are_listed(journey: Journey, owner_client: Client) -> None:
    page = fill_in(owner_client, step_url("position"), {"positions-0-openings": "9"})
    assert (page.url, Position.objects.get().openings, Onboarding.objects.get().state) == (
        ORGANIZATION,
        9,
        "active",
    )
    gaps = page.words("//section[contains(@class, 'notice')]//li")
    assert [gap[:31] for gap in gaps] == [
        "$7,400.00 of $33,300.00 is cove",
        "Main campus has mentors for 2 m",
        "Main campus has 6 journeyworker",
    ]


def test_suspended_partner_keeps_its_data_and_papers(journey: Journey, owner_client: Client) -> None:
    desk.suspend(Onboarding.objects.get(), by=journey.manager, reason="The mentor left.")
    page = fill_in(owner_client, step_url("mentor"), {"mentors-0-name": "Kim Successor"})
    assert (page.url, Employer.objects.get().mentors.get().name) == (ORGANIZATION, "Kim Successor")
    assert [visit(owner_client, path).status for path in ("/papers/", "/agreement/", "/amendment/")] == [
        200,
        200,
        200,
    ]


def test_ended_partner_edits_nothing(journey: Journey, owner_client: Client) -> None:
    desk.end(Onboarding.objects.get(), by=journey.manager, reason="Over.")
    assert fill_in(owner_client, step_url("mentor"), {"mentors-0-name": "Late"}).status == 409
    assert visit(owner_client, ORGANIZATION).url == "/onboarding/"
    assert visit(owner_client, "/papers/").status == 200


def test_viewer_reads_and_changes_nothing(journey: Journey, owner_client: Client) -> None:
    viewer = browser(colleague_of(Employer.objects.get(), Role.VIEWER))
    page = visit(viewer, ORGANIZATION)
    assert (page.status, page.words("//a[starts-with(., 'Change')]")) == (200, [])
    assert viewer.post(step_url("mentor"), {"version": "1"}).status_code == 403


def test_two_people_at_once_keep_both_texts(journey: Journey, owner_client: Client) -> None:
    tab = visit(owner_client, step_url("get-started"))
    fill_in(owner_client, step_url("get-started"), {"contact_title": "Director"})
    page = press(owner_client, tab, {"contact_title": "Manager"})
    assert (page.status, page.fields()["contact_title"]) == (409, "Manager")


def test_navigation_shows_the_organization_to_partners_only(journey: Journey) -> None:
    journey.to(State.SUBMISSION)
    client = browser(journey.owner)
    links = "//nav[contains(@class, 'masthead-nav')]//a"
    page = visit(client, "/onboarding/")
    assert "Organization" not in page.words(links)
    assert len(page.tree.xpath("//a[@href='/papers/' and not(ancestor::main)]")) == 1
    journey.submit()
    journey.onboarding = Onboarding.objects.select_related("employer").get()
    journey.approve()
    journey.onboarding = Onboarding.objects.select_related("employer").get()
    journey.register()
    assert "Organization" in visit(client, "/onboarding/").words(links)
