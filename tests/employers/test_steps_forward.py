"""The way forward, through the pages: eight steps in order, drafts at any time, walks of several steps."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.program.models import Program
from apprenticeship.records.models import Event, Notification
from employers.models import Acknowledgment, Employer, Onboarding, Role
from employers.onboarding import STEPS, State
from employers.people import found_employer
from employers.samples.journey import Journey
from tests.employers.answers import answer_step, prepare_to_sign, sign, step_url
from tests.pages import Page, fill_in, visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db
FORM_STEPS = ("get-started", "standards", "position", "funding", "mentor")


def state(onboarding: Onboarding) -> str:
    """Return the state as it is in the database now."""
    return str(Onboarding.objects.values_list("state", flat=True).get(pk=onboarding.pk))


def mails(onboarding: Onboarding, name: str) -> list[str]:
    """Return to whom a mail about the onboarding's employer was queued."""
    rows = Notification.objects.filter(subject_id=str(onboarding.employer_id), name=name)
    return list(rows.order_by("created_at").values_list("recipient", flat=True))


@pytest.fixture
def newcomer(program_documents: None) -> User:
    """Somebody who has just signed up."""
    return person("newcomer@example.org", "Nora Newcomer")


@pytest.fixture
def started(newcomer: User) -> Onboarding:
    """An application of which only the legal name is known."""
    return found_employer(newcomer, "Lakeside Regional Medical Center")


def test_newcomer_walks_from_nothing_to_review(newcomer: User) -> None:
    client = browser(newcomer)
    page = visit(client, reverse("employers:home"))
    assert (page.url, page.headline) == ("/begin/", "Start your organization's application")
    page = Page(
        client.post("/begin/", {"legal_name": " Lakeside  Regional\x00 Medical Center "}, follow=True)
    )
    assert (page.url, page.headline) == ("/onboarding/get-started/", "Get started")
    onboarding = Onboarding.objects.get(employer__legal_name="Lakeside Regional Medical Center")
    reached = [(answer_step(client, slug).url, state(onboarding)) for slug in FORM_STEPS]
    assert reached == [
        ("/onboarding/standards/", "standards"),
        ("/onboarding/position/", "position"),
        ("/onboarding/funding/", "funding"),
        ("/onboarding/mentor/", "mentor"),
        ("/onboarding/agreement/", "agreement"),
    ]
    page = prepare_to_sign(client, "Nora Newcomer", "newcomer@example.org")
    assert (page.url, page.headline) == ("/onboarding/agreement/sign/", "Read, then sign")
    page = sign(client, page, "nora  NEWCOMER")
    assert (page.url, page.notices, state(onboarding)) == (
        "/onboarding/approval/", ["Signed. The papers are being prepared."], "submission",
    )  # fmt: skip
    page = Page(client.post(step_url("approval"), {"action": "submit"}, follow=True))
    assert (page.notices, state(onboarding)) == (
        ["Submitted. AAMI has it now; you hear from us by mail."],
        "review",
    )


def test_moves_of_the_whole_way_are_recorded_and_mailed_once_each(newcomer: User) -> None:
    client = browser(newcomer)
    client.post("/begin/", {"legal_name": "Lakeside"})
    onboarding = Onboarding.objects.get()
    for slug in FORM_STEPS:
        answer_step(client, slug)
    sign(client, prepare_to_sign(client, "Nora Newcomer", newcomer.email), "Nora Newcomer")
    client.post(step_url("approval"), {"action": "submit"})
    verbs = (
        Event.objects.filter(chain=onboarding.employer.chain)
        .order_by("number")
        .values_list("verb", flat=True)
    )
    moves = [verb for verb in verbs if verb != "part_saved"]
    assert moves == [
        "employer_founded", "start", "acknowledge_standards", "confirm_position", "secure_funding", "appoint_mentor",
        "agreement_presented", "signing_consent_given", "signing_code_sent", "agreement_signed",
        "sign_agreement", "submit",
    ]  # fmt: skip
    assert len(mails(onboarding, "step_completed")) == 5
    assert len(mails(onboarding, "agreement_signed")) == 1
    assert mails(onboarding, "submitted") == ["newcomer@example.org"]


@pytest.mark.parametrize("slug", FORM_STEPS)
def test_empty_draft_of_each_step_is_taken_without_a_word(
    slug: str, started: Onboarding, newcomer: User
) -> None:
    page = fill_in(browser(newcomer), step_url(slug))
    assert (page.status, page.url, page.notices, page.problems) == (200, step_url(slug), ["Draft saved."], {})
    assert state(started) == "get_started"


def test_empty_wage_schedule_and_signatory_are_taken_as_drafts(started: Onboarding, newcomer: User) -> None:
    client = browser(newcomer)
    assert fill_in(client, reverse("employers:wages")).notices == ["Draft saved."]
    assert fill_in(client, step_url("agreement")).notices == ["Draft saved."]


@pytest.mark.parametrize("slug", FORM_STEPS)
def test_completing_an_empty_step_keeps_it_and_names_the_gaps(
    slug: str, started: Onboarding, newcomer: User
) -> None:
    Employer.objects.update(legal_name="", contact_name="", contact_email="")
    page = fill_in(browser(newcomer), step_url(slug), {}, "action=complete")
    assert page.words("//h2[starts-with(., 'Saved.')]") == ["Saved. Before this step is complete:"]
    assert page.problems != {}
    assert page.problems.keys() - page.ids == set()
    assert state(started) == "get_started"


def test_draft_of_a_later_step_waits_and_completes_nothing(started: Onboarding, newcomer: User) -> None:
    client = browser(newcomer)
    page = answer_step(client, "standards")
    assert (page.url, page.notices) == ("/onboarding/", ["Saved."])
    assert state(started) == "get_started"
    tags = page.words("//ol[@class='task-list']/li/span[contains(@class, 'tag')]")
    assert tags[:3] == ["To do now", "Draft started", "Later"]
    assert (
        Acknowledgment.objects.filter(onboarding=started, user=newcomer).count()
        == len(Acknowledgment.objects.all())
        > 0
    )


def test_walk_goes_through_every_step_that_already_holds_with_one_mail(
    started: Onboarding, newcomer: User
) -> None:
    client = browser(newcomer)
    answer_step(client, "get-started", "action=draft")
    for slug in FORM_STEPS[1:]:
        answer_step(client, slug)
    assert (state(started), mails(started, "step_completed")) == ("get_started", [])
    page = fill_in(client, step_url("get-started"), {}, "action=complete")
    assert (page.url, state(started)) == ("/onboarding/agreement/", "agreement")
    moves = Event.objects.filter(chain=started.employer.chain, verb__in=["start", "appoint_mentor"]).order_by(
        "number"
    )
    assert [(move.verb, move.data.get("walked", False)) for move in moves] == [
        ("start", False),
        ("appoint_mentor", True),
    ]
    [mail] = Notification.objects.filter(name="step_completed")
    assert mail.context["happened"] == [
        "Organization and sites completed", "Program documents acknowledged", "Position confirmed", "Funding secured",
        "Mentor appointed",
    ]  # fmt: skip


def test_walk_stops_at_the_first_step_with_a_gap(started: Onboarding, newcomer: User) -> None:
    client = browser(newcomer)
    for slug in ("get-started", "position", "funding"):
        answer_step(client, slug, "action=draft")
    page = fill_in(client, step_url("get-started"), {}, "action=complete")
    assert (page.url, state(started)) == ("/onboarding/standards/", "standards")
    page = answer_step(client, "standards")
    assert (page.url, state(started)) == ("/onboarding/mentor/", "mentor")


def test_nothing_is_submitted_by_a_walk(journey: Journey) -> None:
    onboarding = journey.to(State.SUBMISSION)
    page = fill_in(browser(journey.owner), step_url("mentor"), {}, "action=complete")
    assert (page.notices, state(onboarding)) == (["Saved."], "submission")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
@pytest.mark.parametrize(
    "at_state", [State.GET_STARTED, State.SUBMISSION, State.REVIEW, State.ACTIVE, State.WITHDRAWN]
)
def test_page_of_every_step_opens_in_every_phase(
    step: object, at_state: State, journey: Journey, colleague: Callable[[Role], User]
) -> None:
    onboarding = journey.to(at_state)
    for user in (journey.owner, colleague(Role.EDITOR), colleague(Role.VIEWER)):
        page = visit(browser(user), step_url(step.slug))  # type: ignore[attr-defined]
        title = (
            "Check your answers"
            if step.slug == "approval" and at_state == State.SUBMISSION
            else str(step.title)
        )  # type: ignore[attr-defined]
        assert (page.status, page.headline) == (200, title)
    assert state(onboarding) == at_state


def test_unknown_step_is_not_found(journey: Journey) -> None:
    response = Client().get("/onboarding/nonsense/")
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/login/?next=/onboarding/nonsense/",
    )
    assert visit(browser(journey.owner), "/onboarding/nonsense/").status == 404


def test_step_seven_says_who_reads_and_how_the_employer_hears_of_it(journey: Journey) -> None:
    journey.to(State.REVIEW)
    said = "A reviewer reads your application. You hear from us by mail; write to us if you don't."
    assert visit(browser(journey.owner), step_url("approval")).text.count(said) == 1


def test_change_beside_each_answer_opens_the_page_that_asks_for_it(journey: Journey) -> None:
    journey.to(State.SUBMISSION)
    page = visit(browser(journey.owner), step_url("approval"))
    links = page.tree.xpath("//main//section//a[starts-with(normalize-space(), 'Change: ')]")
    assert {link.text_content(): link.get("href") for link in links} == {
        "Change: Organization and sites": step_url("get-started"),
        "Change: Program documents": step_url("standards"),
        "Change: Positions": step_url("position"),
        "Change: Funding": step_url("funding"),
        "Change: Mentors": step_url("mentor"),
        "Change: Wage schedule": reverse("employers:wages"),
        "Change: Employer Agreement": step_url("agreement"),
    }


def test_hours_per_week_read_as_people_write_them(journey: Journey) -> None:
    journey.to(State.SUBMISSION)
    client = browser(journey.owner)
    for typed, shown in (("40.0", "40"), ("37.5", "37.5")):
        fill_in(client, step_url("position"), {"positions-0-hours_per_week": typed})
        said = visit(client, step_url("approval")).words("//dt[.='Position 1: hours per week']/../dd")
        field = visit(client, step_url("position")).fields()["positions-0-hours_per_week"]
        assert (said, field) == ([shown], shown)


@pytest.mark.parametrize("state", [State.FUNDING, State.REVIEW, State.ACTIVE])
def test_every_step_page_says_whose_turn_it_is(state: State, journey: Journey) -> None:
    onboarding, client = journey.to(state), browser(journey.owner)
    said = f"{onboarding.get_state_display()}: {onboarding.turn.label} since "
    for step in STEPS:
        assert said in visit(client, step_url(step.slug)).text


def test_figures_of_the_program_say_that_they_are_samples_until_they_are_confirmed(
    journey: Journey, owner: User
) -> None:
    journey.to(State.FUNDING)
    told = "Some of these figures are samples until AAMI confirms them"
    slugs = ("funding", "mentor")
    assert [told in visit(browser(owner), f"/onboarding/{slug}/").text for slug in slugs] == [True, True]
    Program.objects.update(sample_note="")
    assert [told in visit(browser(owner), f"/onboarding/{slug}/").text for slug in slugs] == [False, False]
