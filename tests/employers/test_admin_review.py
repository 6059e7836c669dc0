"""The review page: everything about one case, in few queries."""

import re
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apprenticeship.accounts.models import User
from apprenticeship.program.models import MinimumWage
from apprenticeship.records.models import Notification, Status
from apprenticeship.records.queues import work_off_everything
from employers import conversation, desk, drafts
from employers.models import FundingSource, Onboarding, Site
from employers.onboarding import Part, State
from employers.samples.journey import Journey
from tests.employers.answers import mailed_code
from tests.employers.desk_fixtures import QUEUE, decide_at, page_of, resubmitted, typed
from tests.pages import Page
from tests.people import browser

pytestmark = pytest.mark.django_db


def read(user: User, onboarding: Onboarding) -> str:
    """Return the review page as this person reads it."""
    response = browser(user).get(page_of(onboarding))
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def twice(journey: Journey, reviewer: User, owner: User) -> Onboarding:
    """A case that came back with a changed answer."""
    case = journey.to(State.REVIEW)
    notes = {Part.FUNDING: "Please name the grant."}
    changed = desk.request_changes(case, by=reviewer, notes=notes, message="Nearly there.")
    FundingSource.objects.filter(employer=case.employer).update(name="State grant 7")
    return resubmitted(changed, owner)


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_page_with_exactly_its_decisions(
    state: State, journey: Journey, manager: User
) -> None:
    page = read(manager, journey.to(state))
    assert re.findall(r'id="decide-(\w+)"', page) == {
        State.REVIEW: ["approve", "request_changes", "decline"],
        State.REGISTRATION: ["register", "return_by_agency", "cancel_registration"],
        State.ACTIVE: ["suspend", "end"],
        State.SUSPENDED: ["reinstate", "end"],
        State.DECLINED: ["reopen_declined"],
    }.get(state, [])


def test_page_shows_answers_checks_papers_mail_and_activity(journey: Journey, reviewer: User) -> None:
    case = journey.to(State.REVIEW)
    work_off_everything()
    Notification.objects.filter(name="submitted").update(
        status=Status.FAILED, error="The address was refused"
    )
    page = read(reviewer, case)
    for part in (
        "In review at AAMI",
        "AAMI&#x27;s turn",
        "No reviewer yet",
        "Sample Community College",
        "Robin Castellano",
        "29 CFR 29.5(b)(5)",
        'role="img"',
        "/documents/",
        case.submissions.get().sha256[:12],
        "Not delivered",
        "The address was refused",
        "Application submitted to AAMI",
    ):
        assert part in page


def test_second_submission_shows_what_was_asked_answered_and_changed(
    twice: Onboarding, reviewer: User
) -> None:
    page = read(reviewer, twice)
    for part in ("Please name the grant.", "Done.", "State grant 7", "Changed", "before: Operating budget"):
        assert part in page
    assert page.count('class="changed"') == 1
    assert 'href="#step-funding">4 · Secure funding (1)</a>' in page
    assert "Came back, submission 2" in page


def test_parts_stay_in_sight_with_their_marks_and_what_changed(twice: Onboarding, reviewer: User) -> None:
    drafts.keep(twice, {"verdict_mentor": "fine"}, by=reviewer, seen=twice.state_since, version=0)
    page = Page(browser(reviewer).get(page_of(twice)))
    assert page.words("//nav[@class='desk-parts']//li") == [
        "Organization and sites –Not looked at",
        "Program documents –Not looked at",
        "Positions –Not looked at",
        "Funding 1 changed –Not looked at",
        "Mentors Fine",
        "Wage schedule –Not looked at",
        "Employer Agreement –Not looked at",
    ]
    targets = {link.removeprefix("#") for link in page.tree.xpath("//nav[@class='desk-parts']//a/@href")}
    assert targets - page.ids == set()


def test_mail_not_yet_written_is_named_in_words(journey: Journey, reviewer: User) -> None:
    page = Page(browser(reviewer).get(page_of(journey.to(State.REVIEW))))
    named = page.words("//section[@aria-labelledby='mail']//li/a")
    assert ("Agreement signed" in named, [name for name in named if "_" in name]) == (True, [])


def test_draft_shows_what_is_missing(journey: Journey, reviewer: User) -> None:
    page = read(reviewer, journey.to(State.STANDARDS))
    assert "Nothing was submitted yet." in page
    assert "Build the wage schedule." in page


def test_drafts_typed_after_a_submission_stay_the_employers(journey: Journey, reviewer: User) -> None:
    case = journey.to(State.CHANGES)
    FundingSource.objects.filter(employer=case.employer).update(name="Half a thought")
    assert "Half a thought" not in read(reviewer, case)


def test_review_page_costs_the_same_for_one_mail_and_many(
    twice: Onboarding, reviewer: User, django_assert_num_queries: Any
) -> None:
    client = browser(reviewer)
    for _round in range(2):
        with django_assert_num_queries(16):
            client.get(page_of(twice))
        for number in range(30):
            Notification.objects.create(
                name="submitted", recipient=f"{number}@example.org", subject_id=str(twice.employer_id)
            )


def test_draft_page_costs_a_fixed_number_of_queries(
    journey: Journey, reviewer: User, django_assert_num_queries: Any
) -> None:
    case, client = journey.to(State.MENTOR), browser(reviewer)
    with django_assert_num_queries(13):
        client.get(page_of(case))


def test_page_has_no_inline_style_or_script(twice: Onboarding, reviewer: User) -> None:
    page = read(reviewer, twice)
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", page) == []


def test_page_of_nobody_is_not_found(reviewer: User) -> None:
    for key in ("999999", "x", "0"):
        assert browser(reviewer).get(f"/admin/employers/onboarding/{key}/change/").status_code == 404


def test_evidence_is_readable_and_nothing_else(twice: Onboarding, reviewer: User) -> None:
    client: Client = browser(reviewer)
    submission, request = twice.submissions.latest("number"), twice.change_requests.get()
    for address, words in (
        (f"submission/{submission.pk}", submission.sha256),
        (f"changerequest/{request.pk}", "Please name the grant."),
        (f"employer/{twice.employer_id}", "owner@example.org"),
        (f"membership/{twice.employer.memberships.get().pk}", "Owner"),
    ):
        page = client.get(f"/admin/employers/{address}/change/")
        assert words in page.content.decode()
        assert 'type="submit" name="_save"' not in page.content.decode()
        assert client.post(f"/admin/employers/{address}/change/", {"number": 9}).status_code == 403
        assert client.post(f"/admin/employers/{address}/delete/", {"post": "yes"}).status_code == 403


def colors(css: str, theme: str) -> dict[str, str]:
    """Return the portal's variables in the first rule after `theme`."""
    rule = css[css.index(theme) :]
    rule = rule[rule.index("{", rule.index(":root") if ":root" in rule[:200] else 0) : rule.index("}")]
    return dict(re.findall(r"--portal-([\w-]+): ([^;]+);", rule))


@pytest.mark.parametrize("theme", [":root {", "@media (prefers-color-scheme: dark)"])
def test_admin_has_the_colors_of_the_portal(theme: str) -> None:
    folder = Path(__file__).parents[2] / "static/css"
    portal, admin = (colors((folder / name).read_text(), theme) for name in ("portal.css", "admin.css"))
    assert len(admin) > 15
    assert {name: portal[name] for name in admin} == admin


def test_admin_is_dark_by_choice_as_by_preference() -> None:
    css = (Path(__file__).parents[2] / "static/css/admin.css").read_text()
    assert colors(css, 'html[data-theme="dark"] {') == colors(css, "@media (prefers-color-scheme: dark)")


def test_automatic_checks_name_rule_answer_value_and_source(journey: Journey, reviewer: User) -> None:
    case = journey.to(State.REVIEW)
    Site.objects.filter(employer=case.employer).update(
        journeyworkers=0
    )  # what is judged is what was submitted
    page = Page(browser(reviewer).get(page_of(case)))
    rows = page.words("//table[contains(@class, 'desk-checks')]//tr[td]")
    assert len(rows) == 9
    assert (
        "Related instruction is covered AAMI program page, step 4 Passes $7,400.00needs: $7,400.00 for 2 apprentices"
        in rows
    )
    ratio = "Apprentices to journeyworkers, Main campus 29 CFR 29.5(b)(7) Passes"
    assert f"{ratio} 2 apprenticesneeds: at most 6 for 6 journeyworkers" in rows


def test_checks_of_a_draft_are_judged_as_it_stands(journey: Journey, reviewer: User) -> None:
    case = journey.to(State.MENTOR)
    Site.objects.filter(employer=case.employer).update(journeyworkers=1)
    page = Page(browser(reviewer).get(page_of(case)))
    answers = page.words("//table[contains(@class, 'desk-checks')]//td[1]")
    assert answers == ["Passes", "Passes", "Passes", "Passes", "Passes", "Fails", "Fails"]
    assert "needs: at most 1 for 1 journeyworker" in page.text


def test_case_prints_without_notes_and_messages(twice: Onboarding, reviewer: User) -> None:
    conversation.note(twice, "Zebra for us alone", by=reviewer, key=uuid.uuid4())
    page = Page(browser(reviewer).get(f"/admin/employers/onboarding/{twice.pk}/print/"))
    assert page.headline == "Lakeside Regional Medical Center"
    for words in (
        "In review at AAMI",
        "State grant 7",
        "(changed)",
        "Asked Please name the grant.",
        "Answer: Done.",
    ):
        assert words in page.text
    assert ("Zebra" in page.text, "by Rosalind Meyer" in page.text) == (False, True)


def test_way_back_to_the_filtered_queue_survives_what_is_done_on_the_page(
    journey: Journey, reviewer: User
) -> None:
    case, client = journey.to(State.REVIEW), browser(reviewer)
    filters = "tab=unassigned&q=lake"
    page = Page(client.get(page_of(case), {"_changelist_filters": filters}))
    back = "//div[@class='breadcrumbs']/a[2]/@href"
    assert page.tree.xpath(back) == [f"{QUEUE}?{filters}"]
    sent = dict(page.tree.get_element_by_id("desk-form").form_values()) | {"note-text": "Called them."}
    for act in ("claim", "talk/note", "draft"):
        done = Page(client.post(f"{QUEUE}{case.pk}/{act}/", sent, follow=True))
        assert done.tree.xpath(back) == [f"{QUEUE}?{filters}"], act
    discarded = {"discard": "1", "_changelist_filters": filters}
    done = Page(client.post(f"{QUEUE}{case.pk}/draft/", discarded, follow=True))
    assert done.tree.xpath(back) == [f"{QUEUE}?{filters}"]
    refused = Page(client.post(decide_at(case, "decline"), sent))
    assert (refused.status, refused.tree.xpath(back)) == (422, [f"{QUEUE}?{filters}"])
    facts = typed(case, "approve", reviewer) | {"_changelist_filters": filters}
    last = Page(client.post(decide_at(case, "approve"), facts))
    assert last.tree.xpath("//form[@id='sign']//input[@name='_changelist_filters']/@value") == [filters]
    way = f"{page_of(case)}?_changelist_filters=tab%3Dunassigned%26q%3Dlake"
    assert last.tree.xpath(back) == [way]
    approved = client.post(decide_at(case, "approve"), facts | {"confirm": "yes", "code": mailed_code()})
    assert approved["Location"] == way
    panel = Page(client.get(approved["Location"]))
    [register] = panel.tree.xpath("//a[contains(@href, 'decide=register')]/@href")
    opened = Page(client.get(register))
    assert opened.tree.xpath(back) == [f"{QUEUE}?{filters}"]
    assert opened.words("//details[@open]/summary[@id='decide-register']") == ["Record DOL registration"]


def test_approval_that_the_wages_forbid_says_so_before_anybody_signs(
    journey: Journey, reviewer: User
) -> None:
    case = journey.to(State.REVIEW)
    said = "A wage rule fails today"
    assert said not in read(reviewer, case)
    MinimumWage.objects.filter(jurisdiction="MN").update(rate=Decimal("90.00"))
    page = Page(browser(reviewer).get(page_of(case)))
    [notice] = page.words("//details[contains(., 'Approve and countersign')]//div[@class='notice error']")
    assert notice.startswith(said)
    assert "wages" in page.ids


def test_answers_of_many_sites_lie_folded_until_one_changes(journey: Journey, reviewer: User) -> None:
    case = journey.to(State.REVIEW)
    first = case.submissions.get()
    names = [{"key": f"site-{n}.name", "question": f"Site {n}: name", "answer": "Campus"} for n in range(90)]
    first.answers["profile"] = names
    first.save()
    more = "//div[@id='part-profile']/details[contains(@class, 'desk-more')]"
    page = Page(browser(reviewer).get(page_of(case)))
    assert (page.words(f"{more}/summary"), page.tree.xpath(f"{more}/@open")) == (["30 more answers"], [])
    assert page.words(f"{more}//dt")[-1] == "Site 89: name"
    last = {"key": "site-89.name", "question": "Site 89: name", "answer": "Clinic"}
    changed = first.answers | {"profile": [*names[:-1], last]}
    case.submissions.create(number=2, answers=changed, checks=first.checks, sha256="0" * 64)
    page = Page(browser(reviewer).get(page_of(case)))
    assert page.tree.xpath(f"boolean({more}/@open)")
    assert page.words(f"{more}//div[@class='changed']/dd") == ["Clinic Changed before: Campus"]
