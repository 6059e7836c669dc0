"""Change requests and frozen records: what is open, what refuses a forged form, and the way back to the reviewer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.records.models import Event, Notification
from employers import desk
from employers.application import Application
from employers.models import FlaggedPart, FundingSource, Onboarding, Position, Role, Signature
from employers.onboarding import LIVING, LIVING_PARTS, Part, State
from employers.samples.journey import Journey
from employers.summary import answers_as_data
from tests.employers.answers import WAGES, step_url
from tests.pages import Page, fill_in, press, visit
from tests.people import browser

pytestmark = pytest.mark.django_db
EDITS: dict[Part, tuple[str, dict[str, str]]] = {
    Part.PROFILE: (
        "get-started",
        {"legal_name": "Another name", "contact_name": "Another person", "sites-0-name": "X"},
    ),
    Part.POSITION: ("position", {"positions-0-openings": "1", "positions-0-hours_per_week": "30"}),
    Part.FUNDING: ("funding", {"sources-0-amount": "9999", "instruction_provider": "Another college"}),
    Part.MENTOR: ("mentor", {"mentors-0-name": "Somebody else", "mentors-0-years": "3"}),
    Part.WAGES: ("wages", WAGES),
    Part.AGREEMENT: ("agreement", {"signatory_name": "Somebody else"}),
}
CLOSED = ["This part cannot be edited now. Your text is still below."]


def url_of(part: Part) -> str:
    slug = EDITS[part][0]
    return reverse("employers:wages") if slug == "wages" else step_url(slug)


def record_of(onboarding: Onboarding) -> tuple[Any, ...]:
    """Return everything that a save could change."""
    fresh = Onboarding.objects.select_related("employer").get(pk=onboarding.pk)
    return (
        fresh.state,
        answers_as_data(Application(fresh)),
        list(fresh.part_versions.order_by("part").values_list("part", "version")),
        list(fresh.employer.agreements.values_list("version", "status")),
        Event.objects.filter(chain=fresh.employer.chain).count(),
    )


@pytest.mark.parametrize(
    ("at_state", "part"),
    [
        (state, part)
        for state in (State.REVIEW, State.REGISTRATION, State.ACTIVE, State.WITHDRAWN, State.DECLINED)
        for part in EDITS
        if not (state in LIVING and part in LIVING_PARTS)
    ],
)
def test_forged_form_changes_nothing_in_a_frozen_record(
    at_state: State, part: Part, journey: Journey
) -> None:
    onboarding, client = journey.to(at_state), browser(journey.owner)
    before = record_of(onboarding)
    page = visit(client, url_of(part))
    assert page.tree.xpath("//form[@id='part-form']/fieldset/@disabled") == ["disabled"]
    assert page.buttons("action") == []
    for button in ("action=draft", "action=complete", "voids_signature=yes"):
        refused = press(client, page, EDITS[part][1], button)
        assert (refused.status, refused.notices) == (409, CLOSED)
        assert refused.fields().items() >= EDITS[part][1].items()
    assert record_of(onboarding) == before


@pytest.mark.parametrize("at_state", [State.REVIEW, State.REGISTRATION, State.ACTIVE, State.WITHDRAWN])
def test_frozen_agreement_is_neither_presented_nor_signed(at_state: State, journey: Journey) -> None:
    onboarding, client = journey.to(at_state), browser(journey.owner)
    before = record_of(onboarding)
    is_waiting_for_aami = at_state == State.REVIEW  # signed by the employer, as a second click is told
    for name, slug in (
        ("present", "agreement"),
        ("sign", "approval" if is_waiting_for_aami else "agreement"),
    ):
        page = Page(client.post(reverse(f"employers:{name}"), {"full_name": journey.owner.name}, follow=True))
        assert page.url == step_url(slug)
    assert record_of(onboarding) == before


def test_only_the_flagged_part_is_open_while_changes_are_asked(journey: Journey) -> None:
    onboarding, client = journey.to(State.CHANGES), browser(journey.owner)
    for part in set(EDITS) - {Part.FUNDING, Part.AGREEMENT}:
        before = record_of(onboarding)
        refused = fill_in(client, url_of(part), EDITS[part][1])
        assert (refused.status, refused.notices) == (409, CLOSED)
        assert record_of(onboarding) == before
    page = visit(client, step_url("funding"))
    assert page.words("//div[contains(@class, 'notice')]/h2") == ["AAMI asks for a change here"]
    assert press(client, page, {"sources-0-name": "State grant 12"}).notices == ["Draft saved."]
    assert FundingSource.objects.get().name == "State grant 12"
    assert Onboarding.objects.get(pk=onboarding.pk).state == "changes"


def test_page_of_each_flagged_part_says_what_is_asked_and_leads_to_the_answer(journey: Journey) -> None:
    onboarding, client = journey.to(State.REVIEW), browser(journey.owner)
    notes = {part: f"About {part.value}." for part in Part}
    desk.request_changes(onboarding, by=journey.reviewer, notes=notes, message="")
    for part, slug in {Part.STANDARDS: "standards"}.items() | {(part, EDITS[part][0]) for part in EDITS}:
        page = visit(client, step_url(slug) if part is Part.STANDARDS else url_of(part))
        asked = page.words("//div[@class='notice error mb-4']/p[1]")
        assert asked == (["About wages.", "About agreement."] if part is Part.AGREEMENT else [notes[part]])
        [*_others, link] = page.tree.xpath("//div[@class='notice error mb-4']//a/@href")
        assert link == f"{step_url('approval')}#answer-{part}"
        assert f"answer-{part}" in visit(client, step_url("approval")).ids


def test_flagged_wages_open_the_signature_with_them(journey: Journey) -> None:
    onboarding = journey.to(State.REVIEW)
    desk.request_changes(onboarding, by=journey.reviewer, notes={Part.WAGES: "Raise period 1."}, message="")
    client = browser(journey.owner)
    page = fill_in(client, reverse("employers:wages"), {"periods-0-rate": "22.50"}, "voids_signature=yes")
    assert page.notices == [
        "The signature was voided, because the agreement prints what you changed.",
        "Draft saved.",
    ]
    assert Onboarding.objects.get(pk=onboarding.pk).state == "agreement"
    assert fill_in(client, step_url("mentor"), EDITS[Part.MENTOR][1]).status == 409


def test_unflagged_part_with_a_gap_opens_too(journey: Journey) -> None:
    onboarding = journey.to(State.REVIEW)
    desk.request_changes(
        onboarding, by=journey.reviewer, notes={Part.POSITION: "One more opening?"}, message=""
    )
    client = browser(journey.owner)
    assert fill_in(client, step_url("funding"), EDITS[Part.FUNDING][1]).status == 409
    fill_in(client, step_url("position"), {"positions-0-openings": "3"})
    page = fill_in(client, step_url("funding"), {"sources-0-amount": "11100"})
    assert page.notices == ["Draft saved."]
    assert str(FundingSource.objects.get().amount) == "11100.00"


def test_resubmitting_needs_an_answer_to_every_flag_and_reaches_the_same_reviewer(
    journey: Journey, manager: User
) -> None:
    onboarding, client = journey.to(State.CHANGES), browser(journey.owner)
    page = Page(client.post(step_url("approval"), {"action": "submit", "funding": " "}, follow=True))
    assert page.notices == ["Not submitted yet: Answer AAMI's note about: Funding."]
    assert Onboarding.objects.get(pk=onboarding.pk).state == "changes"
    page = Page(client.post(step_url("approval"), {"action": "save", "funding": "Named it."}, follow=True))
    assert (page.notices, page.tree.xpath("//textarea")[0].value.strip()) == (["Answers saved."], "Named it.")
    page = Page(
        client.post(
            step_url("approval"),
            {"action": "submit", "funding": "Named it now.", "opened-funding": "Named it."},
            follow=True,
        )
    )
    assert page.notices == ["Submitted. AAMI has it now; you hear from us by mail."]
    fresh = Onboarding.objects.get(pk=onboarding.pk)
    assert (fresh.state, fresh.reviewer, fresh.submissions.count()) == ("review", journey.reviewer, 2)
    [request] = fresh.change_requests.all()
    flag = request.flagged_parts.get()
    assert (request.closed_at is not None, flag.answer, flag.answered_by) == (
        True,
        "Named it now.",
        journey.owner,
    )
    again = Notification.objects.filter(name="review_needed_again").values_list("recipient", flat=True)
    assert list(again) == [journey.reviewer.email]


def test_editor_answers_and_only_the_owner_submits(
    journey: Journey, colleague: Callable[[Role], User]
) -> None:
    onboarding = journey.to(State.CHANGES)
    editor, viewer = browser(colleague(Role.EDITOR)), browser(colleague(Role.VIEWER))
    assert viewer.post(step_url("approval"), {"action": "save", "funding": "By a viewer"}).status_code == 403
    editor.post(step_url("approval"), {"action": "save", "funding": "By an editor"})
    assert (
        editor.post(step_url("approval"), {"action": "submit", "funding": "By an editor"}).status_code == 403
    )
    [flag] = onboarding.change_requests.get().flagged_parts.all()
    assert (flag.answer, Onboarding.objects.get(pk=onboarding.pk).state) == ("By an editor", "changes")


def test_answer_that_is_too_long_is_kept_with_its_reason(journey: Journey) -> None:
    onboarding, client = journey.to(State.CHANGES), browser(journey.owner)
    page = Page(client.post(step_url("approval"), {"action": "submit", "funding": "x" * 2001}))
    assert (page.status, page.tree.xpath("//textarea")[0].value.strip()) == (422, "x" * 2001)
    assert page.words("//*[contains(@class, 'invalid-feedback')]") == [
        "Ensure this value has at most 2000 characters (it has 2001)."
    ]
    assert Onboarding.objects.get(pk=onboarding.pk).state == "changes"


def test_submit_says_what_really_happened_when_an_earlier_step_broke_meanwhile(
    journey: Journey, colleague: Callable[[Role], User]
) -> None:
    onboarding, owner = journey.to(State.SUBMISSION), browser(journey.owner)
    visit(owner, step_url("approval"))
    fill_in(browser(colleague(Role.EDITOR)), step_url("position"), {"positions-0-openings": "4"})
    page = Page(owner.post(step_url("approval"), {"action": "submit"}, follow=True))
    assert page.notices == ["Not submitted: an earlier step needs another look."]
    assert (Onboarding.objects.get(pk=onboarding.pk).state, onboarding.submissions.count()) == ("funding", 0)
    assert Position.objects.get().openings == 4


def test_two_people_answer_at_once_and_nothing_is_lost(
    journey: Journey, reviewer: User, colleague: Callable[[Role], User]
) -> None:
    onboarding = journey.to(State.REVIEW)
    notes = {Part.FUNDING: "Name the grant.", Part.MENTOR: "Name a deputy."}
    desk.request_changes(onboarding, by=reviewer, notes=notes, message="")
    owner, editor = browser(journey.owner), browser(colleague(Role.EDITOR))
    opened = {"opened-funding": "", "opened-mentor": ""}
    owner.post(step_url("approval"), opened | {"funding": "The state grant.", "mentor": ""})
    editor.post(step_url("approval"), opened | {"funding": "", "mentor": "Kim Deputy."})
    answers = dict(FlaggedPart.objects.values_list("part", "answer"))
    assert answers == {"funding": "The state grant.", "mentor": "Kim Deputy."}
    page = Page(editor.post(step_url("approval"), opened | {"funding": "Another grant.", "mentor": ""}))
    assert (page.status, "A colleague answered meanwhile: “The state grant.”" in page.text) == (409, True)
    assert page.fields()["funding"] == "Another grant."
    assert dict(FlaggedPart.objects.values_list("part", "answer")) == answers
    editor.post(step_url("approval"), page.fields() | {"action": "save"})
    assert FlaggedPart.objects.get(part="funding").answer == "Another grant."


def test_application_returned_by_the_agency_is_approved_again_without_a_new_signature(
    journey: Journey,
) -> None:
    onboarding = journey.to(State.REGISTRATION)
    desk.return_by_agency(
        onboarding, by=journey.reviewer, reason="One number", notes={Part.FUNDING: "Check it."}
    )
    browser(journey.owner).post(
        step_url("approval"), {"action": "submit", "funding": "Checked.", "opened-funding": ""}
    )
    journey.onboarding = Onboarding.objects.get(pk=onboarding.pk)
    journey.approve()
    journey.onboarding = Onboarding.objects.get(pk=onboarding.pk)
    journey.register()
    assert (Onboarding.objects.get().state, Signature.objects.count()) == ("active", 2)
