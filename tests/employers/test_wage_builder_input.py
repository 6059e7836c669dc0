"""The wage builder and its live preview take anything: no error page, whatever is typed or pressed."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apprenticeship.accounts.models import User
from employers.models import Onboarding
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.people import browser

pytestmark = pytest.mark.django_db
NUMBERS = (
    "-1",
    "0",
    "1e400",
    "NaN",
    "sNaN",
    "Infinity",
    "99999999999",
    "9" * 5000,
    "1,5",
    "½",
    "1e-400",
    ".",
)


@pytest.fixture
def filled(journey: Journey) -> Onboarding:
    """An application in step 6."""
    return journey.to(State.AGREEMENT)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "periods-0-rate",
                "periods-1-rate",
                "periods-0-hours_to",
                "periods-1-hours_to",
                "journeyworker_rate",
                "pattern",
                "do",
                "periods-TOTAL_FORMS",
                "periods-INITIAL_FORMS",
                "version",
                "add",
            ]
        ),
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(NUMBERS),
            st.integers().map(str),
            st.decimals().map(str),
            st.sampled_from(
                ["pattern", "even-3", "even-0", "even-99999", "percent", "sample", "remove-0", "add"]
            ),
        ),
    )
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_wage_builder_and_its_preview_take_anything(
    filled: Onboarding, owner: User, typed: dict[str, str]
) -> None:
    typed = {name: value.encode("utf-8", "replace").decode() for name, value in typed.items()}
    client = browser(owner)
    assert client.post(reverse("employers:wages-preview"), typed).status_code == 200
    assert client.post(reverse("employers:wages"), typed).status_code in (200, 302, 409, 422)
    assert Onboarding.objects.get(pk=filled.pk).state == "agreement"
