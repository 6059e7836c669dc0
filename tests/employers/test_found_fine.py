"""What was fine in one round is offered as fine in the next, unless it changed: marks of a case that came back."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apprenticeship.accounts.models import User
from apprenticeship.program.models import MinimumWage
from employers.models import FinePart, Mentor, Onboarding, ReviewDraft
from employers.onboarding import Part, State
from employers.samples.journey import Journey
from tests.employers.answers import mailed_code
from tests.employers.desk_fixtures import QUEUE, current, decide, decide_at, page_of, resubmitted, typed
from tests.pages import Page
from tests.people import browser

pytestmark = pytest.mark.django_db
FINE = {f"verdict_{part}": "fine" for part in Part}
# The marks of a first round: everything but the funding.
ROUND = FINE | {"verdict_funding": "change", "note_funding": "Name the grant.", "draft_version": "0"}


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    """An application in review."""
    return journey.to(State.REVIEW)


def marked(page: Page) -> dict[str, str]:
    """Return what the page marks, by part."""
    checked = page.tree.xpath("//div[@class='desk-choices']//input[@checked]")
    return {box.name.removeprefix("verdict_"): box.get("value") for box in checked if box.get("value")}


def said(page: Page, part: Part) -> str:
    """Return what the page says above the marks of a part."""
    return " ".join(page.words(f"//div[@id='part-{part}']//fieldset/p"))


def send_back(case: Onboarding, by: User, **marks: Any) -> None:
    """Ask for changes with these marks."""
    made = decide(browser(by), case, "request_changes", by, **(ROUND | marks))
    assert made.status_code == 302


def test_unchanged_part_is_offered_as_fine_and_a_changed_one_is_marked_anew(
    case: Onboarding, reviewer: User, manager: User, owner: User
) -> None:
    send_back(case, reviewer)
    assert {row.part for row in FinePart.objects.filter(found_by=reviewer)} == set(Part) - {Part.FUNDING}
    Mentor.objects.filter(employer=case.employer).update(title="Director of Clinical Engineering")
    resubmitted(current(case), owner)
    page = Page(browser(manager).get(page_of(case)))
    offered = set(Part) - {Part.FUNDING, Part.MENTOR}
    assert marked(page) == dict.fromkeys(offered, "fine")
    assert said(page, Part.PROFILE) == "Fine in submission 1 marked by Rosalind Meyer, unchanged since"
    assert said(page, Part.MENTOR) == (
        "Mark it anew Rosalind Meyer marked it fine in submission 1; its answers or checks have changed since"
    )
    assert said(page, Part.FUNDING) == ""
    assert "5 fine · 0 to change · 2 not looked at" in page.text
    assert page.words("//nav[@class='desk-parts']//li")[0] == "Organization and sites Fine"


def test_hours_that_were_said_with_a_zero_are_the_same_hours(
    case: Onboarding, reviewer: User, owner: User
) -> None:
    send_back(case, reviewer)
    [first] = case.submissions.all()
    hours = next(row for row in first.answers["position"] if row["key"].endswith(".hours_per_week"))
    assert hours["answer"] == "40"
    hours["answer"] = "40.0"
    case.submissions.update(answers=first.answers)
    resubmitted(current(case), owner)
    page = Page(browser(reviewer).get(page_of(case)))
    assert (marked(page)["position"], page.words("//*[@class='tag info'][.='Changed']")) == ("fine", [])


def test_acknowledgment_that_was_dated_in_utc_is_the_same_acknowledgment(
    case: Onboarding, reviewer: User, owner: User
) -> None:
    send_back(case, reviewer)
    [first] = case.submissions.all()
    row = first.answers["standards"][0]
    row["answer"] = re.sub(r" on .*", " on Jan 1, 2020", row["answer"])
    case.submissions.update(answers=first.answers)
    resubmitted(current(case), owner)
    page = Page(browser(reviewer).get(page_of(case)))
    assert (marked(page)["standards"], page.words("//*[@class='tag info'][.='Changed']")) == ("fine", [])
    row["answer"] = "Acknowledged by Somebody Else on Jan 1, 2020"
    case.submissions.filter(number=1).update(answers=first.answers)
    page = Page(browser(reviewer).get(page_of(case)))
    assert (marked(page).get("standards"), page.text.count("before: Acknowledged by Somebody Else")) == (
        None,
        1,
    )


def test_offer_names_the_first_round_and_who_really_looked(
    case: Onboarding, reviewer: User, manager: User, owner: User
) -> None:
    send_back(case, reviewer)
    Mentor.objects.filter(employer=case.employer).update(title="Director of Clinical Engineering")
    resubmitted(current(case), owner)
    send_back(case, manager)
    resubmitted(current(case), owner)
    assert [(row.part, row.submission.number) for row in FinePart.objects.filter(found_by=manager)] == [
        ("mentor", 2)
    ]
    page = Page(browser(manager).get(page_of(case)))
    assert said(page, Part.PROFILE) == "Fine in submission 1 marked by Rosalind Meyer, unchanged since"
    assert said(page, Part.MENTOR) == "Fine in submission 2 marked by Terrence Blake, unchanged since"


def test_part_that_was_asked_about_later_is_not_offered(
    case: Onboarding, reviewer: User, owner: User
) -> None:
    send_back(case, reviewer)
    resubmitted(current(case), owner)
    send_back(case, reviewer, verdict_profile="change", note_profile="Whose phone is it?")
    resubmitted(current(case), owner)
    page = Page(browser(reviewer).get(page_of(case)))
    assert (said(page, Part.PROFILE), marked(page).get("profile")) == ("", None)


def test_wages_that_a_new_minimum_wage_overtook_are_marked_anew(
    case: Onboarding, reviewer: User, owner: User
) -> None:
    send_back(case, reviewer)
    resubmitted(current(case), owner)
    assert marked(Page(browser(reviewer).get(page_of(case))))["wages"] == "fine"
    MinimumWage.objects.filter(jurisdiction="MN").update(rate=Decimal("90.00"))
    page = Page(browser(reviewer).get(page_of(case)))
    assert (marked(page).get("wages"), said(page, Part.WAGES)) == (
        None,
        "Mark it anew Rosalind Meyer marked it fine in submission 1; unchanged since, but it fails a check today",
    )


def test_what_the_reviewer_marks_now_goes_before_the_offer(
    case: Onboarding, reviewer: User, owner: User
) -> None:
    send_back(case, reviewer)
    again = resubmitted(current(case), owner)
    client = browser(reviewer)
    seen = {"seen": again.state_since.isoformat(), "draft_version": 0}
    marks = {"verdict_profile": "", "verdict_funding": "fine"}
    client.post(f"/admin/employers/onboarding/{case.pk}/draft/", marks | seen)
    page = Page(client.get(page_of(case)))
    assert marked(page) == {"funding": "fine"}
    assert said(page, Part.PROFILE).startswith("Fine in submission 1")


def whole_form(page: Page) -> dict[str, Any]:
    """Return what a browser without JavaScript sends with any button of the page."""
    sent = dict(page.tree.get_element_by_id("desk-form").form_values())
    return sent | {f"verdict_{part}": marked(page).get(part, "") for part in Part}


@pytest.fixture
def returned(case: Onboarding, reviewer: User, owner: User) -> Onboarding:
    """An application that came back: everything but the funding is offered as fine."""
    send_back(case, reviewer)
    return resubmitted(current(case), owner)


def test_offer_is_nobodys_draft_whatever_button_is_pressed(returned: Onboarding, manager: User) -> None:
    client = browser(manager)
    page = Page(client.get(page_of(returned)))
    MinimumWage.objects.filter(jurisdiction="MN").update(rate=Decimal("90.00"))
    client.post(f"{QUEUE}{returned.pk}/claim/", whole_form(page))
    assert not ReviewDraft.objects.exists()
    page = Page(client.get(page_of(returned)))
    assert (marked(page).get("wages"), marked(page)["profile"]) == (None, "fine")
    assert said(page, Part.WAGES).startswith("Mark it anew")


def test_offer_that_a_new_minimum_wage_overtook_leaves_the_draft_it_went_into(
    returned: Onboarding, manager: User
) -> None:
    client, address = browser(manager), f"{QUEUE}{returned.pk}/claim/"
    client.post(address, whole_form(Page(client.get(page_of(returned)))) | {"verdict_funding": "fine"})
    assert marked(Page(client.get(page_of(returned)))) == dict.fromkeys(Part, "fine")
    MinimumWage.objects.filter(jurisdiction="MN").update(rate=Decimal("90.00"))
    page = Page(client.get(page_of(returned)))
    assert marked(page) == dict.fromkeys(set(Part) - {Part.WAGES}, "fine")
    client.post(address, whole_form(page) | {"verdict_wages": "fine"})  # looked at anew
    assert marked(Page(client.get(page_of(returned)))) == dict.fromkeys(Part, "fine")


def test_offer_that_a_new_minimum_wage_overtook_is_recorded_by_nobody(
    returned: Onboarding, manager: User
) -> None:
    client, address = browser(manager), decide_at(returned, "request_changes")
    sent = whole_form(Page(client.get(page_of(returned))))
    MinimumWage.objects.filter(jurisdiction="MN").update(rate=Decimal("90.00"))
    page = Page(client.post(address, sent))  # nothing to be changed is marked yet
    assert (page.status, marked(page)) == (422, dict.fromkeys(set(Part) - {Part.FUNDING, Part.WAGES}, "fine"))
    change = {"verdict_funding": "change", "note_funding": "Which grant?"}
    assert client.post(address, sent | change).status_code == 302
    assert not FinePart.objects.filter(found_by=manager).exists()


def test_old_draft_is_discarded_although_marks_are_offered(
    case: Onboarding, reviewer: User, manager: User, owner: User
) -> None:
    client, draft = browser(manager), f"{QUEUE}{case.pk}/draft/"
    client.post(draft, {"message": "Mine.", "seen": case.state_since.isoformat(), "draft_version": 0})
    send_back(case, reviewer)
    resubmitted(current(case), owner)
    page = Page(client.get(page_of(case)))
    client.post(f"{QUEUE}{case.pk}/claim/", whole_form(page))
    assert ReviewDraft.objects.get().typed == {"message": "Mine."}
    after = Page(client.post(draft, whole_form(page) | {"discard": "1"}, follow=True))
    assert after.words("//ul[@class='messagelist']/li")[-1] == "Your draft is gone."
    assert not ReviewDraft.objects.exists()


def test_approval_needs_no_mark_and_keeps_the_marks_that_there_are(case: Onboarding, reviewer: User) -> None:
    assert decide(browser(reviewer), case, "approve", reviewer).status_code == 302
    assert not FinePart.objects.exists()


def test_approval_keeps_what_was_marked_before_its_last_page(case: Onboarding, reviewer: User) -> None:
    client, facts = browser(reviewer), typed(case, "approve", reviewer)
    marks = FINE | {"verdict_funding": "", "draft_version": "0"}
    last = last_page(client, case, facts | marks)
    assert client.post(decide_at(case, "approve"), last).status_code == 302
    assert current(case).state == State.REGISTRATION
    assert FinePart.objects.count() == 6


def last_page(client: Client, case: Onboarding, sent: dict[str, Any]) -> dict[str, Any]:
    """Approve as far as the last page; return what its final button sends."""
    page = Page(client.post(decide_at(case, "approve"), sent))
    return dict(page.tree.get_element_by_id("sign").form_values()) | {"confirm": "yes", "code": mailed_code()}


def test_approval_from_an_older_window_keeps_the_marks_of_that_window(
    case: Onboarding, reviewer: User
) -> None:
    client = browser(reviewer)
    facts = typed(case, "approve", reviewer) | {"verdict_profile": "fine", "draft_version": "0"}
    other = FINE | {"seen": case.state_since.isoformat(), "draft_version": "0"}
    client.post(f"{QUEUE}{case.pk}/draft/", other)
    last = last_page(client, case, facts)
    assert client.post(decide_at(case, "approve"), last).status_code == 302
    assert [row.part for row in FinePart.objects.all()] == ["profile"]
