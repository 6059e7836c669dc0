"""The lists of an application, read in one statement, are what Django reads list by list."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import models

from apprenticeship.together import read_together
from employers.application import Application
from employers.lists import LISTS
from employers.models import Mentor, Site
from employers.onboarding import State
from employers.samples.journey import Journey

pytestmark = pytest.mark.django_db
Counter = Callable[[int], Any]


def values(rows: Any) -> list[list[str]]:
    """Every stored value of every row, with its type and scale."""
    return [[repr(getattr(row, field.attname)) for field in row._meta.concrete_fields] for row in rows]


@pytest.mark.parametrize("state", [State.GET_STARTED, State.FUNDING, State.AGREEMENT, State.CHANGES])
def test_lists_read_together_are_the_lists_read_alone(
    state: State, journey: Journey, django_assert_num_queries: Counter
) -> None:
    onboarding = journey.to(state)
    alone = {name: values(rows(onboarding)) for name, rows in LISTS.items()}
    with django_assert_num_queries(1):
        together = read_together(**{name: rows(onboarding) for name, rows in LISTS.items()})
    prepared = Application(onboarding).read().rows
    assert {name: values(rows) for name, rows in together.items()} == alone
    assert {name: values(rows) for name, rows in prepared.items()} == alone


def test_application_reads_what_hangs_together_in_one_query(
    journey: Journey, django_assert_num_queries: Counter
) -> None:
    application = Application(journey.to(State.CHANGES))
    with django_assert_num_queries(1):
        application.read()
        assert application.wage_schedule is not None
        assert application.open_request is not None
        periods = application.wage_schedule.as_schedule().periods
        parts = [row.part for row in application.open_request.flagged_parts.all()]
        sites = [row.site.pk for row in (*application.positions, *application.mentors)]
    newest = application.employer.wage_schedules.get()
    assert [(row.number, row.rate) for row in periods] == [
        (row.number, row.rate) for row in newest.periods.all()
    ]
    request = application.onboarding.change_requests.get()
    assert parts == [row.part for row in request.flagged_parts.all()]
    rows = (*application.employer.positions.all(), *application.employer.mentors.all())
    assert sites == [row.site_id for row in rows]


@pytest.mark.parametrize(
    "text", ["", 'a "quoted" \\ text', "line\nbreak\t", "Zażółć 病院 🏥", "null", "[1]", "%s %(x)s {0}"]
)
def test_any_text_survives_being_read_together(text: str, journey: Journey) -> None:
    site = journey.to(State.STANDARDS).employer.sites.first()
    Site.objects.filter(pk=site.pk).update(
        name=text, local_minimum_wage=Decimal("15.50"), journeyworkers=None
    )
    [read] = read_together(sites=Site.objects.filter(name=text, pk=site.pk))["sites"]
    assert (read.name, str(read.local_minimum_wage), read.journeyworkers) == (text, "15.50", None)


def test_row_read_together_is_saved_as_any_other(journey: Journey) -> None:
    onboarding = journey.to(State.SUBMISSION)
    mentor = Application(onboarding).read().mentors[0]
    mentor.name = "Somebody Else"
    mentor.save()
    assert Mentor.objects.filter(employer=onboarding.employer, name="Somebody Else").count() == 1


def test_list_without_rows_is_empty(journey: Journey, django_assert_num_queries: Counter) -> None:
    journey.to(State.GET_STARTED)
    none: models.QuerySet[Site] = Site.objects.filter(name="no such site")
    with django_assert_num_queries(1):
        assert read_together(sites=none, same=none) == {"sites": [], "same": []}
