"""Whose case it is: claimed, released, handed over, and free again when the reviewer is gone."""

import datetime as dt

import pytest
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import REVIEWERS
from apprenticeship.records.models import Event, Notification
from employers import assignment
from employers.models import Membership, Onboarding
from employers.onboarding import State
from employers.permissions import NotAllowed
from employers.samples.journey import Journey
from tests.employers.desk_fixtures import current, decide, page_of, resubmitted
from tests.pages import Page
from tests.people import browser, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    """An application in review."""
    return journey.to(State.REVIEW)


@pytest.fixture
def second(db: None) -> User:
    """Another reviewer."""
    return person("second@example.org", "Ravi Second", staff=REVIEWERS)


def post(by: User, case: Onboarding, do: str, **typed: object) -> Page:
    """Press a button of the headline and return the page that follows."""
    return Page(browser(by).post(page_of(case).replace("change", do), typed, follow=True))


def said(page: Page) -> list[str]:
    return page.words("//ul[@class='messagelist']/li")


def verbs(case: Onboarding) -> list[str]:
    rows = Event.objects.filter(chain=case.employer.chain, verb__startswith="case_").order_by("number")
    return list(rows.values_list("verb", flat=True))


def test_reviewer_claims_and_releases(case: Onboarding, reviewer: User, second: User) -> None:
    assert said(post(reviewer, case, "claim")) == ["This is your case now."]
    assert said(post(second, case, "claim")) == ["Somebody was quicker: this case has a reviewer."]
    assert said(post(second, case, "release")) == ["Nothing changed: the case is not yours any more."]
    assert current(case).reviewer == reviewer
    assert said(post(reviewer, case, "release")) == ["The case is back in the pool."]
    assert (current(case).reviewer, verbs(case)) == (None, ["case_claimed", "case_released"])


def test_manager_hands_over_with_a_mail_that_says_the_age(
    case: Onboarding, reviewer: User, manager: User, second: User
) -> None:
    post(reviewer, case, "claim")
    Onboarding.objects.filter(pk=case.pk).update(state_since=timezone.now() - dt.timedelta(days=3))
    page = Page(browser(manager).get(page_of(case)))
    assert page.words("//select[@name='to']/option") == ["Ravi Second", "Terrence Blake"]
    page = post(manager, case, "reassign", to=second.pk, held_by=reviewer.pk)
    assert said(page) == ["This is the case of Ravi Second now; a mail tells them."]
    assert current(case).reviewer == second
    mail = Notification.objects.get(name="case_assigned")
    assert (mail.recipient, mail.context["by"], mail.context["age"]) == (
        "second@example.org", "Terrence Blake", "It has been there for 3 days; the target is 5 days.",
    )  # fmt: skip
    assert str(mail.context["action_url"]).endswith(page_of(case))


def test_hand_over_of_a_case_that_moved_on_changes_nothing(
    case: Onboarding, reviewer: User, manager: User, second: User
) -> None:
    post(second, case, "claim")
    page = post(manager, case, "reassign", to=reviewer.pk, held_by="")
    assert said(page) == ["Nothing changed: the case got another reviewer meanwhile."]
    assert said(post(manager, case, "reassign", to="nobody")) == ["Choose a reviewer to hand the case to."]
    assert current(case).reviewer == second
    assert not Notification.objects.filter(name="case_assigned").exists()


def test_manager_who_takes_a_case_writes_no_mail_to_themselves(case: Onboarding, manager: User) -> None:
    post(manager, case, "reassign", to=manager.pk, held_by="")
    assert current(case).reviewer == manager
    assert not Notification.objects.filter(name="case_assigned").exists()


def test_reviewer_hands_nothing_over(case: Onboarding, reviewer: User, second: User) -> None:
    assert post(reviewer, case, "reassign", to=second.pk, held_by="").status == 403
    with pytest.raises(NotAllowed):
        assignment.reassign(case, second, by=reviewer, seen=None)
    assert Page(browser(reviewer).get(page_of(case))).words("//select[@name='to']") == []


def test_case_is_not_handed_to_the_employers_own_people(
    case: Onboarding, manager: User, second: User
) -> None:
    Membership.objects.create(employer=case.employer, user=second, role="viewer")
    page = post(manager, case, "reassign", to=second.pk, held_by="")
    assert page.status == 403
    assert current(case).reviewer is None


@pytest.mark.parametrize("gone", ["deactivated", "no staff", "no role"])
def test_cases_of_a_reviewer_who_is_gone_return_to_the_pool(
    case: Onboarding, reviewer: User, second: User, owner: User, gone: str
) -> None:
    decide(browser(reviewer), case, "request_changes", reviewer)
    if gone == "no role":
        reviewer.groups.clear()
    User.objects.filter(pk=reviewer.pk).update(is_active=gone != "deactivated", is_staff=gone != "no staff")
    resubmitted(current(case), owner)
    mails = Notification.objects.filter(name="review_needed_again").order_by("recipient")
    assert [mail.recipient for mail in mails] == ["manager@example.org", "second@example.org"]
    assert (assignment.return_to_pool(), assignment.return_to_pool()) == (1, 0)
    assert (current(case).reviewer, verbs(case)[-1]) == (None, "case_pooled")
    assert said(post(second, case, "claim")) == ["This is your case now."]


def test_decision_by_another_reviewer_leaves_the_case_with_its_own(
    case: Onboarding, reviewer: User, second: User
) -> None:
    post(reviewer, case, "claim")
    assert decide(browser(second), case, "request_changes", second).status_code == 302
    assert current(case).reviewer == reviewer
    assert assignment.return_to_pool() == 0
