"""Gaps: each is listed with a link, and each link leads to something on the page of its step."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from apprenticeship.accounts.models import User
from employers.application import Application
from employers.completeness import Gap, gaps, gaps_in
from employers.models import Employer, FundingSource, Mentor, Onboarding, Position, Site, WageSchedule
from employers.onboarding import STEPS, Part, State
from employers.people import found_employer
from employers.samples.journey import Journey
from tests.employers.answers import step_url
from tests.pages import visit
from tests.people import browser

pytestmark = pytest.mark.django_db


def dead_links(user: User, found: list[Gap]) -> list[tuple[str, str]]:
    """Return the gaps whose anchor does not exist on the page of their step."""
    client = browser(user)
    ids = {url: visit(client, url).ids for url in {gap.url.partition("#")[0] for gap in found}}
    return [(gap.url, gap.message) for gap in found if gap.anchor not in ids[gap.url.partition("#")[0]]]


def application(onboarding: Onboarding) -> Application:
    return Application(Onboarding.objects.select_related("employer").get(pk=onboarding.pk))


@pytest.fixture
def empty(program_documents: None, owner: User) -> Onboarding:
    """An application without any answer."""
    onboarding = found_employer(owner, "")
    Employer.objects.update(contact_name="", contact_email="")
    return onboarding


@pytest.fixture
def half_filled(empty: Onboarding) -> Onboarding:
    """An application whose lists have rows with nothing, or the wrong thing, in them."""
    employer = empty.employer
    Site.objects.create(employer=employer)
    california = Site.objects.create(
        employer=employer, name="Harbor Bay", state="CA", gi_bill="yes", journeyworkers=1
    )
    Position.objects.create(employer=employer)
    start = timezone.localdate() + dt.timedelta(days=60)
    Position.objects.create(
        employer=employer, branch="new", site=california, openings=5, planned_start=start, hours_per_week=40
    )
    Position.objects.create(employer=employer, branch="incumbent", openings=1)
    FundingSource.objects.create(employer=employer)
    FundingSource.objects.create(employer=employer, kind="budget", amount=Decimal(100))
    Mentor.objects.create(employer=employer)
    Mentor.objects.create(employer=employer, site=california, apprentices_carried=1)
    schedule = WageSchedule.objects.create(
        employer=employer, term_hours=4000, journeyworker_rate=Decimal("9.00")
    )
    schedule.periods.create(number=1, hours_from=0, hours_to=2000, rate=Decimal("5.00"))
    schedule.periods.create(number=2, hours_from=2500, hours_to=4000, rate=Decimal("5.00"))
    return empty


def test_gap_of_an_empty_application_leads_to_its_field(empty: Onboarding, owner: User) -> None:
    found = gaps(application(empty))
    assert {gap.part for gap in found} == set(Part)
    assert dead_links(owner, found) == []


def test_gap_of_a_half_filled_application_leads_to_its_field(half_filled: Onboarding, owner: User) -> None:
    found = gaps(application(half_filled))
    assert len(found) == len({(gap.part, gap.anchor, gap.message) for gap in found})
    assert {gap.part for gap in found} == set(Part)
    assert dead_links(owner, found) == []


@pytest.mark.parametrize("at_state", [State.AGREEMENT, State.SUBMISSION])
def test_gap_of_an_application_under_way_leads_to_its_field(at_state: State, journey: Journey) -> None:
    onboarding = journey.to(at_state)
    expected = {State.AGREEMENT: {Part.WAGES, Part.AGREEMENT}, State.SUBMISSION: set()}[at_state]
    found = gaps(application(onboarding))
    assert {gap.part for gap in found} == expected
    assert dead_links(journey.owner, found) == []


def test_check_your_answers_lists_every_gap_with_a_link(journey: Journey) -> None:
    onboarding = journey.to(State.SUBMISSION)
    onboarding.employer.mentors.all().delete()
    onboarding.employer.wage_schedules.update(journeyworker_rate="20.00")
    onboarding.employer.sites.filter(name="Superior clinic").update(street="", gi_bill="")
    found = gaps(application(onboarding))
    page = visit(browser(journey.owner), step_url("approval"))
    links = page.tree.xpath("//div[contains(@class, 'error-summary')]//li/a")
    assert [(link.get("href"), link.text_content()) for link in links] == [
        (gap.url, gap.message) for gap in found
    ]
    assert {gap.part for gap in found} == {Part.PROFILE, Part.MENTOR, Part.WAGES, Part.AGREEMENT}
    assert dead_links(journey.owner, found) == []
    assert page.tree.xpath("//button[@value='submit']/@disabled") == ["disabled"]


@pytest.mark.parametrize("step", [step for step in STEPS if step.parts], ids=lambda step: step.slug)
def test_gaps_are_named_only_after_somebody_asked_to_complete(
    step: object, half_filled: Onboarding, owner: User
) -> None:
    url = step_url(step.slug)  # type: ignore[attr-defined]
    assert visit(browser(owner), url).problems == {}


def test_incumbent_position_asks_for_initials_and_others_for_openings(empty: Onboarding) -> None:
    row = Position.objects.create(employer=empty.employer, branch="incumbent", openings=1)
    anchors = [gap.anchor for gap in gaps_in(application(empty), Part.POSITION)]
    assert "id_positions-0-incumbent_initials" in anchors
    Position.objects.filter(pk=row.pk).update(branch="new", openings=None)
    anchors = [gap.anchor for gap in gaps_in(application(empty), Part.POSITION)]
    assert anchors == ["id_positions-0-site", "id_positions-0-planned_start", "id_positions-0-hours_per_week",
                       "id_positions-0-openings", "id_confirms_hiring"]  # fmt: skip


@pytest.mark.parametrize(
    ("openings", "carried", "journeyworkers", "messages"),
    [
        (2, 0, 2, []),
        (2, 1, 9, ["Lakeside has mentors for 1 more apprentice, but 2 are planned."]),
        (2, 3, 9, ["Lakeside has mentors for 0 more apprentices, but 2 are planned."]),
        (
            2, 0, 1,
            ["Lakeside has 1 journeyworker on staff, enough for 1 apprentice; "
             "2 would train there (29 CFR 29.5(b)(7))."],
        ),
    ],
)  # fmt: skip
def test_ratios_of_mentors_and_journeyworkers(
    openings: int, carried: int, journeyworkers: int, messages: list[str], empty: Onboarding
) -> None:
    site = Site.objects.create(employer=empty.employer, name="Lakeside", journeyworkers=journeyworkers)
    Position.objects.create(employer=empty.employer, branch="new", site=site, openings=openings)
    Mentor.objects.create(employer=empty.employer, site=site, name="Robin", title="Lead", email="r@example.org",
                          years=4, apprentices_carried=carried)  # fmt: skip
    assert [gap.message for gap in gaps_in(application(empty), Part.MENTOR)] == messages


def test_site_with_a_position_needs_a_mentor_of_its_own(journey: Journey) -> None:
    onboarding = journey.to(State.SUBMISSION)
    second = onboarding.employer.sites.get(name="Superior clinic")
    onboarding.employer.positions.create(branch="new", site=second, openings=1)
    assert [gap.message for gap in gaps_in(application(onboarding), Part.MENTOR)] == [
        "Appoint a mentor for Superior clinic, where you plan a position."
    ]
