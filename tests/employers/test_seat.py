"""The user of a request comes with their seat, and a seat that was taken away is gone at the next request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from apprenticeship.accounts.models import User
from employers.models import Membership, Role
from employers.onboarding import State
from employers.permissions import seat_of
from employers.samples.journey import Journey
from employers.sign_in import SeatBackend
from tests.people import browser, colleague_of

pytestmark = pytest.mark.django_db


def test_member_comes_with_employer_and_onboarding_in_one_query(
    journey: Journey, django_assert_num_queries: Callable[[int], Any]
) -> None:
    onboarding = journey.to(State.MENTOR)
    former = Membership.objects.get(user=journey.owner)
    Membership.objects.create(user=journey.owner, employer=former.employer, role=Role.VIEWER, is_active=False)
    with django_assert_num_queries(1):
        user = SeatBackend().get_user(journey.owner.pk)
        assert user is not None
        seat = seat_of(user)
        assert seat is not None
        assert (seat, seat.role, seat.user) == (former, Role.OWNER, journey.owner)
        assert seat.employer.onboarding == onboarding


def test_person_without_a_seat_is_known_to_have_none(
    reviewer: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(1):
        user = SeatBackend().get_user(reviewer.pk)
        assert user is not None
        assert seat_of(user) is None


def test_deactivated_person_is_nobody(owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert SeatBackend().get_user(owner.pk) is None
    assert SeatBackend().get_user(0) is None


def test_removed_colleague_loses_the_seat_at_the_next_request(journey: Journey) -> None:
    colleague = colleague_of(journey.to(State.MENTOR).employer, Role.EDITOR)
    client = browser(colleague)
    assert client.get("/onboarding/").status_code == 200
    Membership.objects.filter(user=colleague).update(is_active=False)
    assert client.get("/onboarding/")["Location"] == "/begin/"
