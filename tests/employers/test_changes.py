"""The sentence of a step back names the change that broke the step, kind by kind, through the pages."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone

from apprenticeship.program.models import MinimumWage, Program, ProgramDocument
from employers.changes import NEEDS_ANOTHER_LOOK, Fact, differences
from employers.models import FundingSource, Mentor, Onboarding, Position, Site
from employers.onboarding import Part, State
from employers.samples.journey import Journey
from tests.employers.answers import step_url
from tests.pages import fill_in
from tests.people import browser

pytestmark = pytest.mark.django_db


def said(journey: Journey, slug: str, typed: dict[str, str | None]) -> str:
    """Return the first notice after a save, once the mail and the move say the same."""
    page = fill_in(browser(journey.owner), step_url(slug), typed)
    move = Onboarding.objects.get().moves.filter(edge="step_back").latest("at")
    assert page.notices == [move.reason, "Draft saved."]
    return page.notices[0]


@pytest.mark.parametrize(
    ("slug", "typed", "sentence"),
    [
        (
            "funding",
            {"sources-0-amount": "7399.99"},
            "Funding needs another look: the amount of Operating budget fell from $7,400.00 to $7,399.99. "
            "$7,399.99 of $7,400.00 is covered; $0.01 is missing.",
        ),
        (
            "funding",
            {"sources-1-DELETE": "on", "sources-0-amount": "7399"},
            "Funding needs another look: the amount of Operating budget fell from $7,400.00 to $7,399.00 and "
            "the source State grant was removed. $7,399.00 of $7,400.00 is covered; $1.00 is missing.",
        ),
        (
            "mentor",
            {"mentors-0-DELETE": "on"},
            "Your mentors need another look: the mentor Robin Castellano was removed. "
            "Appoint a mentor for Main campus, where you plan a position.",
        ),
        (
            "mentor",
            {"mentors-0-apprentices_carried": "1"},
            "Your mentors need another look: the apprentices that Robin Castellano already mentors rose from 0 to 1. "
            "Main campus has mentors for 1 more apprentice, but 2 are planned.",
        ),
        (
            "get-started",
            {"sites-0-journeyworkers": "1"},
            "Your mentors need another look: journeyworkers at Main campus fell from 6 to 1. "
            "Main campus has 1 journeyworker on staff, enough for 1 apprentice; "
            "2 would train there (29 CFR 29.5(b)(7)).",
        ),
        (
            "get-started",
            {"sites-0-gi_bill": "yes"},
            "Your organization needs another look: GI Bill approval of Main campus changed from Don't know yet "
            "to Approved. Main campus: enter the GI Bill facility code.",
        ),
        (
            "get-started",
            {"sites-0-DELETE": "on", "sites-1-DELETE": "on"},
            "Your organization needs another look: the site Main campus was removed and the site Superior clinic "
            "was removed. Add at least one site where apprentices will train.",
        ),
        (
            "position",
            {"positions-0-DELETE": "on"},
            "Your position needs another look: openings fell from 2 to 0. Add at least one position.",
        ),
        (
            "get-started",
            {"county": ""},
            "Your organization needs another look: Enter the county.",
        ),
    ],
)
def test_sentence_names_the_change(
    slug: str, typed: dict[str, str | None], sentence: str, journey: Journey
) -> None:
    onboarding = journey.to(State.AGREEMENT)
    FundingSource.objects.create(employer=onboarding.employer, kind="state", name="State grant", amount=1)
    if "sources-1-DELETE" not in typed:
        FundingSource.objects.filter(name="State grant").delete()
    assert said(journey, slug, typed) == sentence


def test_position_moved_to_another_site_names_the_openings_there(journey: Journey) -> None:
    journey.to(State.AGREEMENT)
    clinic = Site.objects.get(name="Superior clinic")
    assert said(journey, "position", {"positions-0-site": str(clinic.pk)}) == (
        "Your mentors need another look: openings at Main campus fell from 2 to 0 and "
        "openings at Superior clinic rose from 0 to 2. Appoint a mentor for Superior clinic, where you plan a position."
    )


def test_mentor_who_moves_is_named_with_both_sites(journey: Journey) -> None:
    journey.to(State.AGREEMENT)
    clinic = Site.objects.get(name="Superior clinic")
    assert said(journey, "mentor", {"mentors-0-site": str(clinic.pk)}) == (
        "Your mentors need another look: the site of Robin Castellano changed from Main campus to Superior clinic. "
        "Appoint a mentor for Main campus, where you plan a position."
    )


def test_local_minimum_wage_above_the_schedule_is_named(journey: Journey) -> None:
    journey.to(State.SUBMISSION)
    sentence = said(journey, "get-started", {"sites-0-local_minimum_wage": "21.50"})
    assert sentence.startswith(
        "The wage schedule needs another look: the local minimum wage at Main campus was set to $21.50. "
    )


def test_later_start_under_a_higher_minimum_wage_is_named(journey: Journey) -> None:
    journey.to(State.SUBMISSION)
    start, later = Position.objects.get().planned_start, timezone.localdate() + dt.timedelta(days=700)
    MinimumWage.objects.create(
        jurisdiction="MN", rate=Decimal("40"), effective_from=later - dt.timedelta(days=30),
        source_name="Test", source_url="https://example.org", verified_on=timezone.localdate(),
    )  # fmt: skip
    sentence = said(
        journey, "position", {"positions-0-planned_start": f"{later}", "positions-0-hours_per_week": "38.5"}
    )
    assert sentence.startswith(
        "The wage schedule needs another look: the planned start of position 1 changed from "
        f"{start:%b} {start.day}, {start.year} to {later:%b} {later.day}, {later.year} and "
        "the hours per week of position 1 fell from 40 to 38.5. "
    )


def publish(kind: str, version: int, title: str) -> None:
    ProgramDocument.objects.create(
        kind=kind, title=title, version=version, published_at=timezone.now(), link="https://example.org/a.pdf"
    )


@pytest.mark.parametrize(
    ("publishes", "sentence"),
    [
        (
            lambda: publish("objectives", 2, "Training Objectives"),
            "The program documents need another look: AAMI published version 2 of Training Objectives. "
            "Read and acknowledge Training Objectives, version 2.",
        ),
        (
            lambda: publish("pledge", 1, "EEO Pledge"),
            "The program documents need another look: AAMI added EEO Pledge. "
            "Read and acknowledge EEO Pledge, version 1.",
        ),
        (
            lambda: Program.objects.update(related_instruction_cost=Decimal("4000")),
            "Funding needs another look: AAMI's cost of related instruction per apprentice rose from $3,700.00 to "
            "$4,000.00. $7,400.00 of $8,000.00 is covered; $600.00 is missing.",
        ),
    ],
)
def test_what_aami_changed_is_named_whatever_was_saved(
    publishes: Callable[[], None], sentence: str, journey: Journey
) -> None:
    journey.to(State.AGREEMENT)
    publishes()
    assert said(journey, "get-started", {"contact_phone": "555-555-0100"}) == sentence


def test_change_that_matters_to_another_step_is_left_out(journey: Journey) -> None:
    """Both the start and the openings changed; only the openings cost money."""
    onboarding = journey.to(State.AGREEMENT)
    Mentor.objects.create(employer=onboarding.employer, site=onboarding.employer.sites.first(), name="Second",
                          title="T", email="second@example.org", years=3)  # fmt: skip
    typed = {"positions-0-openings": "3", "positions-0-hours_per_week": "36"}
    assert said(journey, "position", typed) == (
        "Funding needs another look: openings rose from 2 to 3. "
        "$7,400.00 of $11,100.00 is covered; $3,700.00 is missing."
    )


def test_many_changes_are_counted(journey: Journey) -> None:
    onboarding = journey.to(State.AGREEMENT)
    for number in range(5):
        FundingSource.objects.create(
            employer=onboarding.employer, kind="other", name=f"Gift {number}", amount=1
        )
    typed: dict[str, str | None] = {f"sources-{row}-DELETE": "on" for row in range(1, 6)}
    assert said(journey, "funding", typed | {"sources-0-amount": "1"}) == (
        "Funding needs another look: the amount of Operating budget fell from $7,400.00 to $1.00, the source Gift 0 "
        "was removed, the source Gift 1 was removed and 3 more changes. "
        "$1.00 of $7,400.00 is covered; $7,399.00 is missing."
    )


def test_names_are_escaped_on_the_page(journey: Journey) -> None:
    onboarding = journey.to(State.AGREEMENT)
    Mentor.objects.filter(employer=onboarding.employer).update(name="<b>Ana</b> & Co")
    assert "the mentor <b>Ana</b> & Co was removed." in said(journey, "mentor", {"mentors-0-DELETE": "on"})


def test_differences_compare_plain_values() -> None:
    funding = (Part.FUNDING,)
    before = {
        1: Fact("a", funding, 2, "2"),
        2: Fact("b", funding, is_row=True),
        3: Fact("c", funding, None, ""),
    }
    after = {1: Fact("a", funding, 1, "1"), 3: Fact("c", funding, 5, "5"), 4: Fact("d", funding, is_row=True)}
    assert list(differences(before, after, Part.FUNDING)) == [
        "a fell from 2 to 1",
        "b was removed",
        "c was set to 5",
        "d was added",
    ]
    assert list(differences(before, after, Part.MENTOR)) == []
    assert list(differences(before, before, Part.FUNDING)) == []
    assert set(NEEDS_ANOTHER_LOOK) == set(Part)
