"""Reviewers and their regions: set in the admin, read by the desk."""

import pytest

from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
from apprenticeship.program.models import ReviewerRegions
from apprenticeship.program.regions import region_of
from apprenticeship.records.models import Notification
from employers.models import Employer, Onboarding
from employers.onboarding import State
from employers.samples.journey import Journey
from employers.serving import reviewers_for
from tests.employers.desk_fixtures import page_of
from tests.pages import Page, visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db
URL = "/admin/program/reviewerregions/add/"


@pytest.fixture
def reviewers(db: None) -> list[User]:
    return [person(f"{name}@example.org", name.title(), staff=REVIEWERS) for name in ("ada", "ben", "cleo")]


def names(state: str) -> list[str]:
    return [user.name for user in reviewers_for(region_of(state))]


def test_region_is_served_by_those_ticked_and_everybody_where_nobody_is(reviewers: list[User]) -> None:
    manager = browser(person("manager@example.org", "Manager", staff=MANAGERS))
    page = Page(manager.get(URL))
    offered = page.words("//select[@name='user']/option")
    assert offered == [
        "---------",
        *(str(user) for user in User.objects.filter(is_staff=True).order_by("pk")),
    ]
    fields = {"user": reviewers[1].pk, "regions": ["chicago", "boston"], "_save": "Save"}
    assert manager.post(URL, fields).status_code == 302
    assert ReviewerRegions.objects.get().names == "Boston, Chicago"
    assert (names("MN"), names("CA"), names("")) == (
        ["Ben"],
        ["Ada", "Ben", "Cleo", "Manager"],
        ["Ada", "Ben", "Cleo", "Manager"],
    )


def test_row_without_a_region_or_with_an_invented_one_is_refused(reviewers: list[User]) -> None:
    manager = browser(person("manager@example.org", "Manager", staff=MANAGERS))
    for regions in ([], ["atlantis"]):
        page = Page(manager.post(URL, {"user": reviewers[0].pk, "regions": regions, "_save": "Save"}))
        assert len(page.words("//ul[contains(@class, 'errorlist')]/li")) == 1
    assert ReviewerRegions.objects.count() == 0


def test_fewest_open_cases_come_first_and_who_is_gone_not_at_all(reviewers: list[User]) -> None:
    ReviewerRegions.objects.bulk_create(ReviewerRegions(user=user, regions=["chicago"]) for user in reviewers)
    Onboarding.objects.create(
        employer=Employer.objects.create(legal_name="A"), state=State.REVIEW, reviewer=reviewers[0]
    )
    User.objects.filter(pk=reviewers[1].pk).update(is_active=False)
    assert names("MN") == ["Cleo", "Ada"]


def test_mail_of_a_submission_goes_to_who_serves_its_region(journey: Journey, reviewers: list[User]) -> None:
    ReviewerRegions.objects.create(user=reviewers[1], regions=["chicago"])
    ReviewerRegions.objects.create(user=reviewers[2], regions=["boston"])
    journey.to(State.REVIEW)
    told = Notification.objects.filter(recipient__in=[user.email for user in [*reviewers, journey.reviewer]])
    assert [mail.recipient for mail in told] == ["ben@example.org"]


def test_case_is_offered_first_to_who_serves_its_region(journey: Journey, reviewers: list[User]) -> None:
    ReviewerRegions.objects.create(user=reviewers[1], regions=["chicago"])
    page = visit(browser(journey.manager), page_of(journey.to(State.REVIEW)))
    groups = page.tree.xpath("//select[@id='hand-to']/optgroup")
    offered = {group.get("label"): [option.text for option in group] for group in groups}
    assert offered == {
        "Serve Chicago": ["Ben"],
        "Other regions": ["Ada", "Cleo", "Rosalind Meyer", "Terrence Blake"],
    }
