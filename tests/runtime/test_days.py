"""Rows are named also while their day is a text or not there yet."""

import datetime as dt
from typing import Any

import pytest

from apprentices.models import InvitationList
from apprenticeship.program.models import MinimumWage
from employers.models import ChangeRequest, Employer, Message, Onboarding
from employers.models.registration import RegistrationAttempt, SendingCorrection

DAY = dt.datetime(2026, 1, 2, 15, 4, tzinfo=dt.UTC)
CASE = Onboarding(employer=Employer(legal_name="Lakeside"))


@pytest.mark.parametrize(
    ("moment", "day", "to_the_minute"),
    [
        (DAY, "Jan 2, 2026", "Jan 2, 2026, 15:04"),
        ("2026-01-02", "2026-01-02", "2026-01-02"),
        (None, "–", "–"),
    ],
)
def test_rows_are_named_whatever_their_day_is(moment: Any, day: str, to_the_minute: str) -> None:
    wage = MinimumWage(jurisdiction="US", rate="7.25", effective_from=moment)
    attempt = RegistrationAttempt(number=1)
    assert str(wage) == f"Federal $7.25 from {day}"
    assert str(SendingCorrection(attempt=attempt, at=moment)) == f"Attempt 1 · {day}"
    assert str(ChangeRequest(onboarding=CASE, created_at=moment)) == f"{CASE} · {day}"
    assert str(InvitationList(created_at=moment)) == f"List of {to_the_minute}"
    assert str(Message(at=moment)).startswith(f"None · {day}")


def test_empty_minimum_wage_has_a_name() -> None:
    assert str(MinimumWage()).endswith(" from –")
