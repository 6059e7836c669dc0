"""The desk at the same moment: two reviewers, two windows, an employer who withdraws. One wins, the other is told.

Real transactions on PostgreSQL, in threads with connections of their own.
"""

import uuid
from typing import Any

import pytest
from django.test import Client

from apprenticeship.accounts.models import User
from apprenticeship.records.events import first_broken
from apprenticeship.records.models import Event, Notification
from employers import assignment, conversation, drafts, look_alikes
from employers.models import InternalNote, Message, Onboarding, ReviewDraft
from employers.onboarding import State
from employers.people import found_employer
from employers.samples.journey import Journey
from employers.transitions import advance
from tests.employers.desk_fixtures import decide_at, page_of, typed
from tests.pages import Page
from tests.people import browser
from tests.services.at_once import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
TIMES = range(3)


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    """An application in review."""
    return journey.to(State.REVIEW)


def fresh(case: Onboarding) -> Onboarding:
    return Onboarding.objects.select_related("employer", "reviewer").get(pk=case.pk)


def verbs(case: Onboarding) -> list[str]:
    """Return what the desk did with a case, and make sure that its chain is whole."""
    assert first_broken(case.employer.chain) is None
    rows = Event.objects.filter(chain=case.employer.chain, verb__startswith="case_").order_by("number")
    return list(rows.values_list("verb", flat=True))


def test_two_reviewers_claim_at_once(case: Onboarding, reviewer: User, manager: User) -> None:
    for _time in TIMES:
        results = at_once(*(lambda by=by: assignment.claim(case, by=by) for by in (reviewer, manager)))
        assert sorted(results) == [False, True]
        winner = (reviewer, manager)[results.index(True)]
        assert fresh(case).reviewer == winner
        assert assignment.release(case, by=winner)
    assert verbs(case) == ["case_claimed", "case_released"] * len(TIMES)


def test_release_and_claim_at_once(case: Onboarding, reviewer: User, manager: User) -> None:
    assignment.claim(case, by=reviewer)
    released, claimed = at_once(
        lambda: assignment.release(case, by=reviewer), lambda: assignment.claim(case, by=manager)
    )
    assert released is True
    assert fresh(case).reviewer == (manager if claimed else None)


def test_case_is_handed_over_once(case: Onboarding, reviewer: User, manager: User) -> None:
    results = at_once(*[lambda: assignment.reassign(case, reviewer, by=manager, seen=None)] * 2)
    assert sorted(results) == [False, True]
    assert (fresh(case).reviewer, verbs(case)) == (reviewer, ["case_reassigned"])
    assert Notification.objects.filter(name="case_assigned").count() == 1


@pytest.mark.parametrize("act", [conversation.note, conversation.ask_employer, conversation.answer_desk])
def test_double_click_writes_once(case: Onboarding, reviewer: User, owner: User, act: Any) -> None:
    by, key = (owner if act is conversation.answer_desk else reviewer), uuid.uuid4()
    before = Notification.objects.count()
    assert sorted(at_once(*[lambda: act(case, "Once.", by=by, key=key)] * 3)) == [False, False, True]
    assert InternalNote.objects.count() + Message.objects.count() == 1
    told = {conversation.note: 0, conversation.ask_employer: 1, conversation.answer_desk: 2}[act]
    assert Notification.objects.count() == before + told


def test_note_and_withdrawal_at_once_both_happen(case: Onboarding, reviewer: User, owner: User) -> None:
    noted, withdrawn = at_once(
        lambda: conversation.note(case, "Call them.", by=reviewer, key=uuid.uuid4()),
        lambda: advance(case, "withdraw", by=owner, reason="Budget"),
    )
    assert (noted, withdrawn.state, InternalNote.objects.count()) == (True, State.WITHDRAWN, 1)
    assert first_broken(case.employer.chain) is None


def test_two_windows_keep_one_draft(case: Onboarding, reviewer: User) -> None:
    def keep(text: str, version: int) -> Any:
        return drafts.keep(case, {"message": text}, by=reviewer, seen=case.state_since, version=version)

    for version in TIMES:
        texts = (f"One {version}", f"Two {version}")
        results = at_once(*(lambda text=text, n=version: keep(text, n) for text in texts))
        assert sorted(type(result).__name__ for result in results) == ["NewerDraft", "ReviewDraft"]
        winner = texts[[isinstance(result, ReviewDraft) for result in results].index(True)]
        draft = ReviewDraft.objects.get()
        assert (draft.typed, draft.version) == ({"message": winner}, version + 1)


def test_decision_and_withdrawal_at_once_the_reviewer_keeps_the_text(
    case: Onboarding, reviewer: User, owner: User
) -> None:
    facts = typed(case, "request_changes", reviewer) | {"note_funding": "A long and careful note."}
    client: Client = browser(reviewer)
    answer, withdrawn = at_once(
        lambda: client.post(decide_at(case, "request_changes"), facts),
        lambda: advance(case, "withdraw", by=owner, reason="Budget"),
    )
    # Changes can be withdrawn, so the withdrawal always happens; the decision only if it came first.
    assert withdrawn.state == State.WITHDRAWN
    if answer.status_code == 409:
        page = Page(answer)
        assert "Application withdrawn · Dana Whitfield" in page.text
        assert "A long and careful note." in page.text
        assert case.change_requests.count() == 0
    else:
        assert (answer.status_code, answer["Location"]) == (302, page_of(case))
        assert case.change_requests.get().closed_at is not None
    assert first_broken(case.employer.chain) is None


def test_two_reviewers_decide_at_once_the_other_keeps_the_text(
    case: Onboarding, reviewer: User, manager: User
) -> None:
    one = typed(case, "request_changes", reviewer) | {"note_funding": "The note of Rosalind."}
    two = typed(case, "decline", manager, reason="The reason of Terrence.")
    clients = browser(reviewer), browser(manager)
    answers = at_once(
        lambda: clients[0].post(decide_at(case, "request_changes"), one),
        lambda: clients[1].post(decide_at(case, "decline"), two),
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    lost = [answer.status_code for answer in answers].index(409)
    page = Page(answers[lost])
    assert "Somebody was quicker" in page.text
    assert ("The note of Rosalind.", "The reason of Terrence.")[lost] in page.text
    assert fresh(case).state == (State.DECLINED, State.CHANGES)[lost]


def test_newcomer_asks_for_an_invitation_once(case: Onboarding, outsider: User) -> None:
    twin = found_employer(outsider, case.employer.legal_name)
    results = at_once(*[lambda: look_alikes.ask_for_invitation(twin, by=outsider)] * 3)
    assert sorted(results) == [False, False, True]
    assert Notification.objects.filter(name="invitation_asked").count() == 1
