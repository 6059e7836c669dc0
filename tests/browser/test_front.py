"""The admin's front page and the pages its figures lead to, watched by axe with cases in them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

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


@pytest.mark.django_db(transaction=True)
def test_long_words_of_others_keep_the_desk_within_a_phone(open_page: Callable[..., Page]) -> None:
    from apprenticeship.accounts.roles import MANAGERS
    from employers.models import Employer, LogoCard, Onboarding
    from tests.people import PASSWORD, person

    person("manager@example.org", "Terrence Blake", staff=MANAGERS)
    employer = Employer.objects.create(legal_name="Hospitals" * 20)
    Onboarding.objects.create(employer=employer, state="active")
    card = LogoCard.objects.create(
        employer=employer,
        display_name="W" * 80,
        website=f"https://www.example.org/{'a' * 170}",
        status="waiting",
    )
    walk = Walk(open_page(width=375), lambda page: None)
    walk.open("/accounts/login/?next=/admin/apprentices/invitationlist/import/")
    walk.sign_in("manager@example.org", PASSWORD)
    table = f"name,email,zip_code,phone\n{'x' * 3000},ada@example.org,00000,\n"
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": table.encode()}
    walk.page.locator("[name=file]").set_input_files(files=[file])  # type: ignore[list-item]
    walk.press("See what it does")
    fault = walk.page.locator("td.fault")
    expect(fault).to_contain_text("we don’t know this ZIP code.")
    box = fault.bounding_box()
    assert box
    assert (box["x"] + box["width"] < 375, box["height"] < 400) == (True, True)
    walk.open(f"/admin/employers/logocard/{card.pk}/change/")
    assert walk.page.evaluate("document.documentElement.scrollWidth") == 375
