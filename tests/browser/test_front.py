"""The admin's front page and the pages its figures lead to, watched by axe with cases in them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.walk import Walk, watcher


@pytest.mark.django_db(transaction=True)
def test_front_page_reads_well_at_every_width(
    open_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
    from apprenticeship.program.samples import create_sample_documents
    from employers.onboarding import State
    from employers.samples import hospitals
    from employers.samples.journey import Journey
    from tests.people import PASSWORD, person

    create_sample_documents()
    reviewer = person("reviewer@example.org", "Rosalind Meyer", staff=REVIEWERS)
    manager = person("manager@example.org", "Terrence Blake", staff=MANAGERS)
    for number, state in enumerate((State.POSITION, State.REVIEW, State.ACTIVE)):
        owner = person(f"owner{number}@example.org", "Dana Whitfield")
        Journey(hospitals.LAKESIDE, owner, reviewer, manager).to(state)

    found: set[str] = set()
    walk = Walk(open_page(), watcher(axe, found))
    walk.open("/accounts/login/?next=/admin/")
    walk.sign_in("manager@example.org", PASSWORD)
    assert walk.heading() == "AAMI desk"
    for summary in walk.page.get_by_text("As a table").all():
        summary.click()
    assert axe(walk.page) == []

    walk.page.locator("svg.chart a").first.click()
    assert "submitted_at__gte" in walk.page.url
    walk.page.go_back()
    walk.page.get_by_role("link", name="2 · Reviewing the standards: 3").focus()
    walk.page.keyboard.press("Enter")
    walk.page.wait_for_url("**reached=standards")
    walk.look(walk.page)
    for path in ("candidate/figures/", "invitationlist/import/"):
        walk.open(f"/admin/apprentices/{path}")
        walk.look(walk.page)
    walk.open("/admin/employers/onboarding/1/history/")
    walk.open("/admin/employers/employer/export/")
    walk.confirm(PASSWORD)
    walk.look(walk.page)
    assert sorted(found) == []
