"""What only a browser shows: whether something is in sight, and whether it can be pressed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walk import Walk


@pytest.mark.django_db(transaction=True)
def test_link_in_a_step_that_nobody_may_edit_is_followed(portal: str, open_page: Callable[..., Page]) -> None:
    from apprenticeship.accounts.roles import REVIEWERS
    from apprenticeship.program.samples import create_sample_documents
    from employers.onboarding import State
    from employers.samples import hospitals
    from employers.samples.journey import Journey
    from tests.people import PASSWORD, person

    create_sample_documents()
    reviewer = person("reviewer@example.org", "Rosalind Meyer", staff=REVIEWERS)
    Journey(hospitals.LAKESIDE, person("owner@example.org"), reviewer, reviewer).to(State.REVIEW)
    walk = Walk(open_page(js=False), lambda page: None)
    walk.open("/accounts/login/?next=/onboarding/agreement/")
    walk.sign_in("owner@example.org", PASSWORD)
    expect(walk.page.locator("fieldset:disabled")).to_have_count(1)
    walk.press("See the wage schedule")
    expect(walk.page).to_have_url(f"{portal}/onboarding/agreement/wages/")


@pytest.mark.django_db(transaction=True)
def test_field_for_programs_is_out_of_sight(open_page: Callable[..., Page]) -> None:
    page = open_page(js=False)
    for path in ("/interest/", "/interest/link/"):
        page.goto(path)
        box = page.locator("[aria-hidden=true]:has([name=leave_empty])").last.bounding_box()
        assert box is not None
        assert max(box["width"], box["height"]) <= 1, path
