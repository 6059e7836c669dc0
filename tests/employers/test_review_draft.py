"""A review is kept while it is typed: by itself, by a button, in two windows, and until it is decided."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

from typing import Any

import pytest
from django.test import Client

from apprenticeship.accounts.models import User
from apprenticeship.program.models import ChangeReason
from apprenticeship.records.models import Notification
from employers import desk, drafts
from employers.models import FlaggedPart, InternalNote, Onboarding, PaperScan, ReviewDraft
from employers.onboarding import Part, State
from employers.samples.journey import Journey
from employers.transitions import advance
from tests.employers.answers import mailed_code
from tests.employers.by_hand import in_review, owner_client, ready  # noqa: F401  # fixtures
from tests.employers.desk_fixtures import QUEUE, current, decide, decide_at, page_of, resubmitted, typed
from tests.pages import Page
from tests.people import browser

pytestmark = pytest.mark.django_db
MARKS = {
    "verdict_profile": "fine",
    "verdict_funding": "change",
    "note_funding": "Name the grant.",
    "message": "Nearly.",
}
LIVE = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    """An application in review."""
    return journey.to(State.REVIEW)


def draft_at(case: Onboarding) -> str:
    return f"{QUEUE}{case.pk}/draft/"


def keep(client: Client, case: Onboarding, version: int = 0, **marks: Any) -> Any:
    """Send what the page sends by itself."""
    seen = {"seen": current(case).state_since.isoformat(), "draft_version": version}
    return client.post(draft_at(case), MARKS | seen | marks, **LIVE)


def marked(page: Page) -> dict[str, str]:
    """Return what the review on the page says."""
    checked = page.tree.xpath("//div[@class='desk-choices']//input[@checked]")
    notes = page.tree.xpath("//*[@id='review-form' or contains(@class, 'desk-verdict')]//textarea")
    found = {box.name: box.get("value") for box in checked} | {
        area.name: (area.value or "").strip() for area in notes
    }
    return {name: value for name, value in found.items() if value}


def test_review_keeps_itself_and_waits_on_the_page(case: Onboarding, reviewer: User, manager: User) -> None:
    answer = keep(browser(reviewer), case)
    assert (answer.status_code, "1 fine · 1 to change · 5 not looked at" in answer.content.decode()) == (
        200,
        True,
    )
    assert 'id="draft-version" value="1"' in answer.content.decode()
    swapped = Page(answer).tree.xpath("//span[@hx-swap-oob='true'][contains(@class, 'change')]/@id")
    assert swapped == ["mark-funding"]
    page = Page(browser(reviewer).get(page_of(case)))
    assert marked(page) == MARKS
    assert page.tree.xpath("//input[@id='draft-version']/@value") == ["1"]
    other = Page(browser(manager).get(page_of(case)))
    assert marked(other) == {}
    assert "Draft of Rosalind Meyer" in other.text
    assert "Needs a changeName the grant." in other.text


def whole_form(page: Page) -> dict[str, Any]:
    """Return what a browser without JavaScript sends with any button of the page."""
    sent = dict(page.tree.get_element_by_id("desk-form").form_values())
    marks = {name: "" for name in sent if name.startswith("verdict_")}  # what lxml reads as "on"
    return sent | marks | MARKS


def test_every_button_of_the_page_brings_the_marks_along(case: Onboarding, manager: User) -> None:
    client = browser(manager)
    page = Page(client.get(page_of(case)))
    buttons = page.tree.xpath("//form[@id='desk-form']//button[not(@disabled)]")
    ends = {button.get("formaction").partition(str(case.pk))[2] for button in buttons}
    assert ends == {
        "/claim/", "/reassign/", "/draft/", "/decide/approve/", "/decide/request_changes/", "/decide/decline/",
        "/talk/note/", "/talk/message/",
    }  # fmt: skip
    for button in buttons:
        name, address = button.get("name"), button.get("formaction")
        if address.endswith("/request_changes/") and name is None:
            continue  # decides: the marks are used up
        ReviewDraft.objects.all().delete()
        client.post(address, whole_form(page) | ({name: button.get("value")} if name else {}))
        assert ReviewDraft.objects.get().typed == MARKS, (address, name)
        assert marked(Page(client.get(page_of(case)))) == MARKS


def test_note_is_kept_and_the_marks_shown_again_when_another_window_holds_newer_ones(
    case: Onboarding, reviewer: User
) -> None:
    client = browser(reviewer)
    sent = whole_form(Page(client.get(page_of(case)))) | {"note-text": "Asked the state."}
    keep(client, case, note_funding="Other window.")
    page = Page(client.post(f"{QUEUE}{case.pk}/talk/note/", sent))
    assert (page.status, marked(page)) == (409, MARKS)
    assert page.words("//ul[@class='messagelist']/li") == [
        "Noted. Only AAMI reads it.",
        "You kept a newer draft in another window. What you send next from this window replaces it.",
    ]
    assert InternalNote.objects.get().text == "Asked the state."
    assert ReviewDraft.objects.get().typed["note_funding"] == "Other window."
    client.post(f"{QUEUE}{case.pk}/claim/", whole_form(page))
    assert ReviewDraft.objects.get().typed == MARKS


def test_marks_of_an_older_window_stand_on_the_page_when_a_scan_is_rejected(
    in_review: Onboarding, reviewer: User
) -> None:
    client, scan = browser(reviewer), PaperScan.objects.get()
    sent = whole_form(Page(client.get(page_of(in_review)))) | {"reason": "Unsigned."}
    keep(client, in_review, note_funding="Other window.")
    page = Page(client.post(f"{QUEUE}{in_review.pk}/scans/{scan.pk}/reject/", sent))
    assert (page.status, current(in_review).state) == (409, State.AGREEMENT)
    assert page.words("//ul[@class='messagelist']/li") == [
        "Rejected. The employer was told why and signs again.",
        "The case moved on. What you marked is shown below and not kept; read the case again.",
    ]
    old, discard = "//section[@aria-labelledby='old-draft']", "Discard this draft"
    shown = ["Nearly.", "Fine", "Needs a changeName the grant."]
    assert (page.words(f"{old}//dd"), discard in page.text) == (shown, False)
    kept = Page(client.get(page_of(in_review)))  # the draft of the other window
    shown = ["Nearly.", "Fine", "Needs a changeOther window."]
    assert (kept.words(f"{old}//dd"), discard in kept.text) == (shown, True)


def test_decision_from_an_older_window_is_made_and_said_to_be_made(case: Onboarding, reviewer: User) -> None:
    client = browser(reviewer)
    sent = whole_form(Page(client.get(page_of(case))))
    keep(client, case, note_funding="Other window.")
    answer = client.post(f"{QUEUE}{case.pk}/decide/request_changes/", sent)
    assert (answer.status_code, answer["Location"], current(case).state) == (
        302,
        page_of(case),
        State.CHANGES,
    )
    page = Page(client.get(page_of(case)))
    assert page.words("//ul[@class='messagelist']/li") == ["AAMI asked for changes."]
    assert "Your draft from before" not in page.text
    [flag] = FlaggedPart.objects.filter(request__onboarding=case)
    assert flag.note == MARKS["note_funding"]


def test_last_page_from_an_older_window_says_what_becomes_of_the_newer_draft(
    case: Onboarding, reviewer: User
) -> None:
    client, address = browser(reviewer), decide_at(case, "approve")
    sent = whole_form(Page(client.get(page_of(case)))) | typed(case, "approve", reviewer)
    keep(client, case, note_funding="Other window.")
    last = Page(client.post(address, sent))
    assert last.words("//ul[@class='messagelist']/li") == [
        "You kept a newer draft in another window. If you sign here, the marks of this window count, and that draft "
        "is gone; “Back” leaves it as it is."
    ]
    brought = dict(last.tree.get_element_by_id("sign").form_values())
    back = Page(client.post(address, brought | {"back": "yes"}))
    assert back.words("//ul[@class='messagelist']/li") == [
        "You kept a newer draft in another window. What you send next from this window replaces it."
    ]
    assert ReviewDraft.objects.get().typed["note_funding"] == "Other window."
    client.post(address, brought | {"confirm": "yes", "code": mailed_code()})
    assert (current(case).state, ReviewDraft.objects.exists()) == (State.REGISTRATION, False)


def test_marks_sent_too_late_with_a_note_stand_on_the_page(
    case: Onboarding, reviewer: User, owner: User
) -> None:
    client = browser(reviewer)
    sent = whole_form(Page(client.get(page_of(case)))) | {"note-text": "They called."}
    advance(case, "withdraw", by=owner, reason="Budget")
    page = Page(client.post(f"{QUEUE}{case.pk}/talk/note/", sent))
    assert page.words("//ul[@class='messagelist']/li") == [
        "Noted. Only AAMI reads it.",
        "The case moved on. What you marked is shown below and not kept; read the case again.",
    ]
    shown = page.words("//section[@aria-labelledby='old-draft']//dd")
    assert shown == ["Nearly.", "Fine", "Needs a changeName the grant."]
    assert (InternalNote.objects.count(), ReviewDraft.objects.exists()) == (1, False)


@pytest.mark.parametrize("act", ["talk/note", "claim"])
def test_lost_session_keeps_the_marks_that_came_along(case: Onboarding, reviewer: User, act: str) -> None:
    client = browser(reviewer)
    sent = whole_form(Page(client.get(page_of(case)))) | {"note-text": "They called."}
    client.logout()
    address = f"{QUEUE}{case.pk}/{act}/"
    assert client.post(address, sent)["Location"].startswith("/accounts/login/")
    client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    page = Page(client.get(address))
    assert marked(page) == MARKS
    [note] = page.tree.xpath("//textarea[@id='note-text']")
    assert note.value.strip() == ("They called." if act == "talk/note" else "")
    assert client.get(address)["Location"].startswith(page_of(case))


def test_button_keeps_the_draft_without_javascript(case: Onboarding, reviewer: User) -> None:
    client = browser(reviewer)
    seen = {"seen": case.state_since.isoformat(), "draft_version": 0}
    page = Page(client.post(draft_at(case), MARKS | seen, follow=True))
    assert (page.words("//ul[@class='messagelist']/li"), marked(page)) == (
        ["Draft kept. Only AAMI reads it."],
        MARKS,
    )


def test_second_window_replaces_nothing_unasked(case: Onboarding, reviewer: User) -> None:
    client = browser(reviewer)
    keep(client, case, note_funding="First window.")
    late = keep(client, case, note_funding="Second window.")
    assert "You kept a newer draft in another window." in late.content.decode()
    assert ReviewDraft.objects.get().typed["note_funding"] == "First window."
    seen = {"seen": case.state_since.isoformat(), "draft_version": 0}
    page = Page(client.post(draft_at(case), MARKS | seen | {"note_funding": "Second window."}))
    assert (page.status, marked(page)["note_funding"]) == (409, "Second window.")
    version = page.tree.xpath("//input[@id='draft-version']/@value")[0]
    keep(client, case, version=int(version), note_funding="Second window.")
    assert ReviewDraft.objects.get().typed["note_funding"] == "Second window."


def test_draft_of_a_case_that_moved_on_is_refused_and_shown(
    case: Onboarding, reviewer: User, manager: User, owner: User
) -> None:
    client = browser(reviewer)
    keep(client, case)
    seen = case.state_since
    advance(case, "withdraw", by=owner, reason="Budget")
    late = client.post(draft_at(case), MARKS | {"seen": seen.isoformat(), "draft_version": 1}, **LIVE)
    assert "The case moved on." in late.content.decode()
    page = Page(client.get(page_of(case)))
    assert page.words("//h2[@id='old-draft']") == ["Your draft from before the case moved on"]
    assert "Name the grant." in page.text
    with pytest.raises(drafts.CaseMovedOn):
        drafts.keep(case, MARKS | {"message": "Later."}, by=reviewer, seen=seen, version=1)


def test_old_draft_says_its_reason_although_the_list_has_it_no_longer(
    case: Onboarding, reviewer: User, manager: User, owner: User
) -> None:
    reason = ChangeReason.objects.offered().get(title="The funding is not clear")
    keep(browser(reviewer), case, note_funding="", reason_funding=reason.pk)
    ChangeReason.objects.update(is_offered=False)
    assert "The funding is not clear" in Page(browser(manager).get(page_of(case))).text
    advance(case, "withdraw", by=owner, reason="Budget")
    shown = Page(browser(reviewer).get(page_of(case))).words("//section[@aria-labelledby='old-draft']//dd")
    assert shown == ["Nearly.", "Fine", "Needs a changeThe funding is not clear"]


def test_draft_of_an_older_submission_marks_nothing(
    case: Onboarding, reviewer: User, manager: User, owner: User
) -> None:
    keep(browser(reviewer), case)
    resubmitted(desk.request_changes(case, by=manager, notes={Part.MENTOR: "Who?"}, message=""), owner)
    page = Page(browser(reviewer).get(page_of(case)))
    assert (marked(page), page.words("//h2[@id='old-draft']") != []) == ({}, True)
    keep(browser(reviewer), case, version=1)
    assert marked(Page(browser(reviewer).get(page_of(case)))) == MARKS


def test_decision_uses_up_the_own_draft_only(case: Onboarding, reviewer: User, manager: User) -> None:
    keep(browser(reviewer), case)
    keep(browser(manager), case)
    preview = decide(browser(reviewer), case, "request_changes", reviewer, preview="1")
    assert (preview.status_code, ReviewDraft.objects.count()) == (200, 2)
    assert decide(browser(reviewer), case, "request_changes", reviewer).status_code == 302
    assert [row.reviewer for row in ReviewDraft.objects.all()] == [manager]


def test_draft_that_a_colleagues_decision_overtook_says_so_until_it_is_discarded(
    case: Onboarding, reviewer: User, manager: User
) -> None:
    keep(browser(manager), case)
    decide(browser(reviewer), case, "request_changes", reviewer)
    others = Page(browser(reviewer).get(page_of(case)))
    [title] = others.words("//section[@aria-labelledby='notes']//summary[contains(., 'Draft of')]")
    assert title.endswith("UTC: the case moved on, it was never sent")
    assert "Your draft from before" not in others.text
    client = browser(manager)
    assert "Your draft from before the case moved on" in Page(client.get(page_of(case))).text
    page = Page(client.post(draft_at(case), {"discard": "1"}, follow=True))
    assert page.words("//ul[@class='messagelist']/li") == ["Your draft is gone."]
    assert not ReviewDraft.objects.exists()


def test_case_at_the_agency_offers_no_review_to_keep(journey: Journey, reviewer: User) -> None:
    case = journey.to(State.REGISTRATION)
    page = Page(browser(reviewer).get(page_of(case)))
    assert ("Keep as draft" in page.text, "Not looked at" in page.text, "Fine" in page.text) == (False,) * 3
    answer = Page(
        keep(browser(reviewer), case, message="The agency asks who pays.")
    )  # by itself, while somebody types
    assert (answer.text.startswith("1 part to change · draft kept"), "mark-funding" in answer.ids) == (
        True,
        False,
    )
    assert marked(Page(browser(reviewer).get(page_of(case))))["message"] == "The agency asks who pays."


def test_nobody_discards_the_draft_of_a_colleague(case: Onboarding, reviewer: User, manager: User) -> None:
    keep(browser(manager), case)
    browser(reviewer).post(draft_at(case), {"discard": "1"})
    assert [row.reviewer for row in ReviewDraft.objects.all()] == [manager]


def test_reason_from_the_list_reaches_the_employer_in_its_words(
    case: Onboarding, reviewer: User, owner: User
) -> None:
    reason = ChangeReason.objects.offered().get(title="The funding is not clear")
    ChangeReason.objects.filter(title="An answer is missing or incomplete").update(is_offered=False)
    page = Page(browser(reviewer).get(page_of(case)))
    assert len(page.tree.xpath("//select[@name='reason_funding']/option")) == 8
    marks = {"reason_funding": reason.pk, "note_funding": ""}
    assert decide(browser(reviewer), case, "request_changes", reviewer, **marks).status_code == 302
    reason.text = "Reworded later."
    reason.save()
    words = "We cannot tell how the related instruction is paid for."
    for url in ("/onboarding/", "/onboarding/funding/", "/onboarding/approval/"):
        assert words in browser(owner).get(url).content.decode()
    assert Notification.objects.get(name="changes_requested").context["flagged"] == [
        {"part": "Funding", "note": words}
    ]


def test_lost_session_keeps_the_review(case: Onboarding, reviewer: User) -> None:
    client = Client()
    facts = typed(case, "request_changes", reviewer) | MARKS | {"typed_by": str(reviewer.pk)}
    assert client.post(draft_at(case), facts)["Location"].startswith("/accounts/login/")
    client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    assert marked(Page(client.get(draft_at(case)))) == MARKS
