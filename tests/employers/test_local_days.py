"""Days and moments of an application are those of its first site's zone, on pages and papers alike."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.documents import rendering
from apprenticeship.documents.models import Document
from employers.models import Acknowledgment, Onboarding
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.employers.answers import step_url
from tests.pages import visit
from tests.people import browser

pytestmark = pytest.mark.django_db
EVENING = dt.datetime(2030, 12, 1, 1, 23, 52, tzinfo=dt.UTC)


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    """An application in Duluth whose documents were acknowledged late in the evening."""
    case = journey.to(State.SUBMISSION)
    Acknowledgment.objects.update(at=EVENING)
    return case


def days_in(text: str) -> set[str]:
    return set(re.findall(r"Acknowledged by .+? on (\w+ \d+, \d{4})", text))


def test_acknowledgment_has_the_day_of_the_employer(case: Onboarding, owner: User) -> None:
    client = browser(owner)
    assert days_in(visit(client, step_url("approval")).text) == {"Nov 30, 2030"}
    assert days_in(visit(client, reverse("employers:printout")).text) == {"Nov 30, 2030"}


def test_printed_page_and_paper_say_as_of_when(case: Onboarding, owner: User) -> None:
    with time_machine.travel(EVENING, tick=False):
        client = browser(owner)
        assert "As of Nov 30, 2030, 7:23 PM CST." in visit(client, reverse("employers:printout")).text
        client.post(reverse("employers:order-printout"))
    paper = Document.objects.get(title="Application, as of Nov 30, 2030")
    html = rendering.body_html(paper.kind, paper.data)
    assert "December 1, 2030 at 1:23:52 AM UTC (November 30, 2030 at 7:23:52 PM UTC−06:00)" in html
    assert days_in(html) == {"Nov 30, 2030"}
