"""The address that decides: who may post to it, and that nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from apprenticeship.accounts.models import User
from apprenticeship.records.mail import message
from apprenticeship.records.models import Notification
from employers import desk, signing
from employers.activity import desk_activity
from employers.admin.decisions import DECISIONS
from employers.models import FundingSource, Membership, Onboarding, Signature
from employers.onboarding import EDGE_BY_NAME, EDGES, Actor, Part, State
from employers.samples.journey import Journey, way_to
from employers.samples.registration import RETURNED
from tests.employers.desk_fixtures import current, decide, decide_at, page_of, resubmitted, typed
from tests.pages import Page
from tests.people import BACKEND, browser, person

pytestmark = pytest.mark.django_db
EDGE_NAMES = [edge.name for edge in EDGES if edge.actor in (Actor.REVIEWER, Actor.MANAGER)]
MANAGERS_OWN = {edge.name for edge in EDGES if edge.actor is Actor.MANAGER}
# Status of a forged POST by each role; "made" stands for a redirect to the review page after the move.
LOGIN, FORBIDDEN, MADE = "login", 403, "made"


@pytest.fixture(autouse=True)
def _cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    """An application in review."""
    return journey.to(State.REVIEW)


def answer(client: Client, onboarding: Onboarding, edge: str, by: User) -> object:
    """Return what a forged POST is answered with."""
    response = decide(client, onboarding, edge, by)
    if response.status_code != 302:
        return response.status_code
    return MADE if response["Location"] == page_of(onboarding) else LOGIN


def test_every_edge_of_staff_has_a_form_and_no_other() -> None:
    assert set(DECISIONS) == set(EDGE_NAMES)


@pytest.mark.parametrize("edge", EDGE_NAMES)
def test_forged_posts_of_those_who_may_not(
    edge: str, journey: Journey, reviewer: User, manager: User, outsider: User
) -> None:
    onboarding = journey.to(EDGE_BY_NAME[edge].sources[0])
    source = onboarding.state
    plain_staff = person("plain@example.org", "Paul Plain")
    plain_staff.is_staff = True
    plain_staff.save()
    member = person("member@example.org", "Mia Member", staff="Program managers")
    Membership.objects.create(employer=onboarding.employer, user=member, role="viewer")
    assert answer(Client(), onboarding, edge, reviewer) == LOGIN
    for user in (journey.owner, outsider):
        assert answer(browser(user), onboarding, edge, user) == LOGIN
        assert browser(user).get("/admin/login/").status_code == FORBIDDEN
    assert answer(browser(plain_staff), onboarding, edge, plain_staff) == FORBIDDEN
    assert answer(browser(member), onboarding, edge, member) == FORBIDDEN
    if edge in MANAGERS_OWN:
        assert answer(browser(reviewer), onboarding, edge, reviewer) == FORBIDDEN
    assert current(onboarding).state == source
    assert browser(manager).get(decide_at(onboarding, edge))["Location"] == page_of(onboarding)
    assert current(onboarding).state == source


@pytest.mark.parametrize("edge", EDGE_NAMES)
@pytest.mark.parametrize("role", ["reviewer", "manager", "superuser"])
def test_posts_of_those_who_may(
    edge: str, role: str, journey: Journey, reviewer: User, manager: User
) -> None:
    if role == "reviewer" and edge in MANAGERS_OWN:
        return
    superuser = User.objects.create_superuser("root@example.org", name="Rudi Root")
    by = {"reviewer": reviewer, "manager": manager, "superuser": superuser}[role]
    onboarding = journey.to(EDGE_BY_NAME[edge].sources[0])
    source = onboarding.state
    assert answer(browser(by), onboarding, edge, by) == MADE
    assert current(onboarding).state != source


def test_unknown_and_employers_own_moves_are_not_addresses(case: Onboarding, manager: User) -> None:
    for name in ("submit", "withdraw", "step_back", "nonsense"):
        assert decide(browser(manager), case, name, manager).status_code == 404
    assert (
        browser(manager).post(f"/admin/employers/onboarding/{case.pk}0000/decide/decline/").status_code == 404
    )
    assert current(case).state == State.REVIEW


def test_review_page_takes_no_post(case: Onboarding, manager: User) -> None:
    response = browser(manager).post(page_of(case), {"_fsm_transition_to": "decline", "state": "active"})
    assert response.status_code == 405
    assert current(case).state == State.REVIEW


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("approve", {"typed_name": "Somebody Else"}, "Somebody Else", "Type your name as your account has it"),
    ("approve", {"consent": ""}, "Director", "these papers electronically. Tick this box to go on."),
    ("approve", {"has_authority": ""}, "Director", "to bind AAMI to it. Tick this box to go on."),
    ("approve", {"title": ""}, "Rosalind Meyer", "This field is required."),
    (
        "request_changes",
        {"note_funding": ""},
        "Nearly there.",
        "Choose a reason, or say what needs a change here.",
    ),
    ("request_changes", {"verdict_funding": ""}, "Name the grant.", "Mark this part as"),
    (
        "request_changes",
        {"verdict_funding": "fine", "note_funding": ""},
        "Nearly there.",
        "Mark at least one part",
    ),
    ("request_changes", {"note_funding": "x" * 2001}, "Nearly there.", "at most 2000 characters"),
    ("decline", {"reason": " \x07 "}, "", "This field is required."),
]


@pytest.mark.parametrize(("edge", "changed", "kept", "message"), WRONG)
def test_wrong_input_comes_back_with_the_typed_text(
    case: Onboarding, reviewer: User, edge: str, changed: dict[str, Any], kept: str, message: str
) -> None:
    response = decide(browser(reviewer), case, edge, reviewer, **changed)
    page = response.content.decode()
    assert response.status_code == 422
    assert kept in page
    assert message in page
    assert current(case).state == State.REVIEW


def test_wrong_registration_comes_back_with_the_typed_text(journey: Journey, reviewer: User) -> None:
    case = journey.to(State.REGISTRATION)
    wrong = {"program_number": "17", "registered_on": "2031-01-01"}
    page = Page(decide(browser(reviewer), case, "register", reviewer, **wrong))
    assert (page.status, 'value="17"' in page.html) == (422, True)
    assert list(page.problems.values()) == [
        "Program number: A program number looks like 2026-MN-123456: year, state, six digits.",
        "Registration date: This date is in the future.",
    ]
    made = decide(browser(reviewer), case, "register", reviewer, program_number=" 2026-mn-123456 ")
    assert made.status_code == 302
    assert current(case).registration.program_number == "2026-MN-123456"


def test_number_of_a_state_without_a_site_is_asked_about(journey: Journey, reviewer: User) -> None:
    case = journey.to(State.REGISTRATION)
    texas = {"program_number": "2026-TX-123456"}
    page = Page(decide(browser(reviewer), case, "register", reviewer, **texas))
    told = "The number is of Texas, where this employer has no site. It is right all the same."
    assert (page.status, list(page.problems.values())) == (422, [f"{told} Tick this box to go on."])
    assert (
        decide(browser(reviewer), case, "register", reviewer, **texas, is_elsewhere="on").status_code == 302
    )
    assert current(case).registration.program_number == "2026-TX-123456"


def test_two_decisions_on_one_case_one_wins_and_the_other_keeps_its_text(
    case: Onboarding, reviewer: User, manager: User
) -> None:
    late = typed(case, "decline", manager, reason="A long and careful reason.")
    assert decide(browser(reviewer), case, "request_changes", reviewer).status_code == 302
    response = browser(manager).post(decide_at(case, "decline"), late)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody was quicker" in page
    assert "AAMI asked for changes · Rosalind Meyer" in page
    assert "A long and careful reason." in page
    assert current(case).state == State.CHANGES
    assert Notification.objects.filter(name="declined").count() == 0


def test_double_click_decides_once(case: Onboarding, reviewer: User) -> None:
    facts = typed(case, "request_changes", reviewer)
    first, second = (browser(reviewer).post(decide_at(case, "request_changes"), facts) for _click in range(2))
    assert (first.status_code, second.status_code) == (302, 409)
    said = Page(second).words("//div[contains(@class, 'notice')]/p")[0]
    assert said.startswith("The case was decided meanwhile (by you, in another window)")
    assert said.endswith("What you typed is below and not kept. Read the case again before you decide.")
    assert case.change_requests.count() == 1
    assert Notification.objects.filter(name="changes_requested").count() == 1


def test_address_of_a_decision_that_is_made_says_who_made_it(case: Onboarding, reviewer: User) -> None:
    assert decide(browser(reviewer), case, "approve", reviewer).status_code == 302
    page = Page(browser(reviewer).get(decide_at(case, "approve"), follow=True))
    [said] = page.words("//ul[@class='messagelist']/li")
    assert page.url == page_of(case)
    assert said.startswith("“Approve and countersign” is not open in this case now. Last: Approved")
    assert "· Rosalind Meyer ·" in said
    assert said.endswith(" UTC.")


def test_decision_about_an_older_submission_is_not_made(
    case: Onboarding, reviewer: User, owner: User
) -> None:
    old = typed(case, "approve", reviewer)
    resubmitted(desk.request_changes(case, by=reviewer, notes={Part.MENTOR: "Who?"}, message=""), owner)
    response = browser(reviewer).post(decide_at(case, "approve"), old)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Application submitted again" in page
    assert 'value="Director"' in page
    assert current(case).state_since.isoformat().replace("+", "+") in page
    assert not Signature.objects.filter(party=Signature.Party.SPONSOR).exists()


def test_approval_of_another_text_signs_nothing(case: Onboarding, reviewer: User) -> None:
    response = decide(browser(reviewer), case, "approve", reviewer, sha256="0" * 64)
    assert response.status_code == 409
    assert "Nothing was signed; read it again." in response.content.decode()
    assert current(case).state == State.REVIEW


def test_approval_names_what_no_longer_holds(case: Onboarding, reviewer: User) -> None:
    FundingSource.objects.filter(employer=case.employer).delete()
    response = decide(browser(reviewer), case, "approve", reviewer)
    assert response.status_code == 422
    assert "Name at least one source of funding." in response.content.decode()
    assert not Signature.objects.filter(party=Signature.Party.SPONSOR).exists()


def test_preview_shows_the_mail_and_sends_nothing(case: Onboarding, reviewer: User) -> None:
    before = Notification.objects.count()
    response = decide(browser(reviewer), case, "request_changes", reviewer, preview="1")
    page = response.content.decode()
    assert response.status_code == 200
    assert "Nothing is sent yet." in page
    assert "- Funding: Name the grant." in page
    assert (Notification.objects.count(), current(case).state) == (before, State.REVIEW)


def test_text_typed_before_a_log_out_waits_after_sign_in(case: Onboarding, reviewer: User) -> None:
    client = Client()
    response = decide(
        client, case, "decline", reviewer, reason="Typed before the time-out.", typed_by=str(reviewer.pk)
    )
    assert response["Location"] == f"/accounts/login/?next={decide_at(case, 'decline')}"
    client.force_login(reviewer, backend=BACKEND)
    page = client.get(decide_at(case, "decline"))
    assert page.status_code == 200
    assert "Typed before the time-out." in page.content.decode()
    assert current(case).state == State.REVIEW
    assert client.get(decide_at(case, "decline"))["Location"] == page_of(case)


def test_claim_is_a_post_and_says_who_was_quicker(case: Onboarding, reviewer: User, manager: User) -> None:
    address = f"/admin/employers/onboarding/{case.pk}/claim/"
    assert browser(reviewer).get(address)["Location"] == page_of(case)
    assert current(case).reviewer is None
    assert browser(reviewer).post(address)["Location"] == page_of(case)
    assert current(case).reviewer == reviewer
    page = browser(manager).post(address, follow=True).content.decode()
    assert "Somebody was quicker: this case has a reviewer." in page
    assert current(case).reviewer == reviewer


@pytest.fixture
def colleague_page(case: Onboarding, reviewer: User) -> Callable[[], str]:
    """Return a function that reads the review page as staff who belong to the employer."""
    Membership.objects.create(employer=case.employer, user=reviewer, role="editor")
    return lambda: browser(reviewer).get(page_of(case)).content.decode()


def test_staff_of_the_employer_see_a_refusal_and_no_buttons(colleague_page: Callable[[], str]) -> None:
    page = colleague_page()
    assert "You belong to this organization, so a colleague at AAMI has to decide its case." in page
    assert "/decide/" not in page


def test_late_decision_is_told_the_move_and_not_what_followed_from_it(
    journey: Journey, reviewer: User
) -> None:
    onboarding = journey.to(State.REVIEW)
    late = typed(onboarding, "approve", reviewer)
    journey.withdraw()
    page = Page(browser(reviewer).post(decide_at(onboarding, "approve"), late))
    assert (page.status, "Last: Application withdrawn · Dana Whitfield" in page.text) == (409, True)


def test_approving_again_signs_nothing_and_says_so_while_the_agreement_is_in_force(
    journey: Journey, case: Onboarding, reviewer: User
) -> None:
    assert "Approve and countersign" in browser(reviewer).get(page_of(case)).content.decode()
    journey.make((*RETURNED[len(way_to(State.REVIEW)) :], "resubmit"))
    case, client = current(case), browser(reviewer)
    text = Page(client.get(page_of(case))).text
    assert "Nothing is signed: Employer Agreement version 1 carries both signatures" in text
    assert ("Approve again" in text, "Approve and countersign" in text) == (True, False)
    signed = Signature.objects.count()
    response = client.post(decide_at(case, "approve"), {"seen": case.state_since.isoformat()}, follow=True)
    assert "Approved again by AAMI." in Page(response).text
    assert (current(case).state, Signature.objects.count()) == (State.REGISTRATION, signed)
    assert "countersigned" not in " ".join(str(row.text) for row in desk_activity(case.employer, 12))
    told = Notification.objects.filter(name="countersigned").latest("created_at")
    mail = message(told.name, told.recipient, told.context, told.message_id)
    assert mail.subject == f"{case.employer}: approved, and its agreement is in force"


def test_approving_without_signing_is_refused_while_a_signature_is_owed(
    case: Onboarding, reviewer: User
) -> None:
    with pytest.raises(signing.TextChanged):
        desk.approve_again(case, by=reviewer)
    assert current(case).state == State.REVIEW
