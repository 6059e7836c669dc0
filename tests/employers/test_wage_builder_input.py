"""The wage builder takes anything without an error page, and is green only for what is known."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apprenticeship.accounts.models import User
from apprenticeship.program.models import MinimumWage
from employers.models import Onboarding
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.pages import Page, visit
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


def test_schedule_without_rates_is_not_judged_yet(journey: Journey) -> None:
    journey.to(State.MENTOR)
    page = visit(browser(journey.owner), reverse("employers:wages"))
    assert set(page.tree.xpath("//div[@id='checks']//*[name()='svg']/@aria-label")) == {"Not yet judged"}
    assert page.words("//div[@id='checks']//span") == []


def test_overview_is_green_only_when_every_check_can_tell(journey: Journey) -> None:
    journey.to(State.SUBMISSION)
    client, overview = browser(journey.owner), reverse("employers:step", args=["agreement"])
    tag = "//h2[contains(., 'Wage schedule')]/following-sibling::span"
    assert (visit(client, overview).words(tag), visit(client, overview).tree.xpath(f"{tag}/@class")) == (
        ["1 of 7 checks cannot tell"],
        ["tag now align-self-start"],
    )
    # A start within a year whose minimum wage is entered leaves nothing open.
    MinimumWage.objects.filter(jurisdiction__in=["MN", "US"]).update(known_through="2035-12-31")
    assert (visit(client, overview).words(tag), visit(client, overview).tree.xpath(f"{tag}/@class")) == (
        ["All 7 checks pass"],
        ["tag done align-self-start"],
    )


@pytest.mark.parametrize(
    "headers", [{}, {"HX-Request": "true"}], ids=["without-javascript", "with-javascript"]
)
@pytest.mark.parametrize(
    ("full", "shown"),
    [
        ("$38.00", {"journeyworker_rate": "38.00", "periods-0-rate": "23.56", "periods-3-rate": "34.20"}),
        ("", {"journeyworker_rate": "30.11", "periods-0-rate": "18.67", "periods-3-rate": "27.10"}),
        ("38 dollars", {"journeyworker_rate": "38 dollars", "periods-0-rate": "20.00"}),
    ],
    ids=["typed", "empty", "unreadable"],
)
def test_sample_keeps_the_full_rate_that_was_typed(
    filled: Onboarding, owner: User, full: str, shown: dict[str, str], headers: dict[str, str]
) -> None:
    typed = {
        "do": "pattern", "pattern": "sample", "journeyworker_rate": full,
        "periods-TOTAL_FORMS": "1", "periods-INITIAL_FORMS": "0", "periods-0-rate": "20.00",
    }  # fmt: skip
    fields = Page(browser(owner).post(reverse("employers:wages"), typed, headers=headers)).fields()
    assert {name: fields[name] for name in shown} == shown
