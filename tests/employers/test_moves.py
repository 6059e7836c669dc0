"""What a move leaves behind: a row with its words and times, an event with ids and codes."""

import re
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from apprenticeship.accounts.models import User
from apprenticeship.records.models import AppendOnlyError, Event, Notification
from employers import desk, paper_path, signing
from employers.models import Employer, Move, Onboarding, PaperScan
from employers.onboarding import EDGE_BY_NAME, Part, State
from employers.samples.journey import Journey
from employers.scans import Scan
from employers.transitions import advance
from tests.employers.answers import step_url
from tests.employers.desk_fixtures import page_of
from tests.pages import fill_in, visit
from tests.people import browser

pytestmark = pytest.mark.django_db
REASON = "Dr. Ana Ruiz left; her office is 218-555-0142."
# Ids, hashes, document codes, dates, and the words that code itself is made of.
CODE = re.compile(
    r"[0-9a-f-]{36}|[0-9a-f]{64}|BMET-[0-9A-Z-]+|\d{4}-\d\d-\d\d|True|None|\d+|[a-z_]+([.-][0-9a-z_-]+)*"
)


def codes_in(value: Any) -> list[str]:
    """Return what an event says under one name: a code, or several."""
    return [str(code) for code in value] if isinstance(value, list) else [str(value)]


def moves(onboarding: Onboarding) -> list[Move]:
    """Return the moves of a case, oldest first."""
    return list(Move.objects.filter(onboarding=onboarding).order_by("at"))


def test_moves_follow_each_other_without_a_gap_in_time(journey: Journey) -> None:
    onboarding = journey.to(State.REGISTRATION)
    rows = moves(onboarding)
    assert [(row.edge, row.source, row.target) for row in rows][-2:] == [
        ("submit", "submission", "review"),
        ("approve", "review", "registration"),
    ]
    assert [(later.source, later.since) for _, later in pairwise(rows)] == [
        (earlier.target, earlier.at) for earlier, _ in pairwise(rows)
    ]
    assert [(row.at, row.by_id) for row in rows] == [(row.event.at, row.event.user_id) for row in rows]
    assert Onboarding.objects.get(pk=onboarding.pk).state_since == rows[-1].at


def test_walk_keeps_a_row_for_every_step_it_passes(journey: Journey) -> None:
    onboarding = journey.to(State.AGREEMENT)
    before = len(moves(onboarding))
    fill_in(browser(journey.owner), step_url("funding"), {"sources-0-amount": "7399.99"})
    back, *walked = moves(onboarding)[before:]
    assert (back.edge, back.source, back.target, back.is_walk, back.by) == (
        "step_back", "agreement", "get_started", False, None,
    )  # fmt: skip
    assert [(row.edge, row.source, row.target, row.is_walk) for row in walked] == [
        ("start", "get_started", "standards", True),
        ("acknowledge_standards", "standards", "position", True),
        ("confirm_position", "position", "funding", True),
    ]
    fill_in(browser(journey.owner), step_url("funding"), {"sources-0-amount": "7400"}, "action=complete")
    completed, mentor = moves(onboarding)[before + 4 :]
    assert (completed.edge, completed.is_walk, completed.since, completed.by) == (
        "secure_funding", False, walked[-1].at, journey.owner,
    )  # fmt: skip
    assert (mentor.edge, mentor.is_walk) == ("appoint_mentor", True)


def test_steps_that_hold_again_are_one_line_on_both_activity_lists(journey: Journey, reviewer: User) -> None:
    case = journey.to(State.AGREEMENT)
    fill_in(browser(journey.owner), step_url("funding"), {"sources-0-amount": "7399.99"})
    lines, back = "//ol[@class='timeline']/li", str(EDGE_BY_NAME["step_back"].happened)
    walked = "The portal walked on to step 4, Secure funding"
    page = visit(browser(journey.owner), "/onboarding/")
    said = [element.text for element in page.tree.xpath(lines)]
    assert (said[:2], len(said)) == ([walked, back], 6)
    desk = visit(browser(reviewer), page_of(case)).words("//section[@aria-labelledby='activity']//li")
    assert [line.startswith(words) for line, words in zip(desk, (walked, back), strict=False)] == [True, True]
    # A walk after a step that somebody completed names every step: it is done for the first time.
    fill_in(browser(journey.owner), step_url("funding"), {"sources-0-amount": "7400"}, "action=complete")
    said = [element.text for element in visit(browser(journey.owner), "/onboarding/").tree.xpath(lines)]
    edges = ("appoint_mentor", "secure_funding")
    assert said[:4] == [*(str(EDGE_BY_NAME[name].happened) for name in edges), walked, back]


def test_walk_over_a_signature_says_that_it_still_counts(journey: Journey) -> None:
    journey.to(State.SUBMISSION)
    client = browser(journey.owner)
    fill_in(client, step_url("funding"), {"sources-0-amount": "7399.99"})
    fill_in(client, step_url("funding"), {"sources-0-amount": "7400"}, "action=complete")
    said = [line.text for line in visit(client, "/onboarding/").tree.xpath("//ol[@class='timeline']/li")]
    counts, signed = (
        "Signature on the Employer Agreement still counts",
        EDGE_BY_NAME["sign_agreement"].happened,
    )
    assert (Onboarding.objects.get().state, said[0], said.count(str(signed))) == ("submission", counts, 1)
    told = [row.context["happened"] for row in Notification.objects.filter(name="step_completed")]
    assert [lines for lines in told if counts in lines] == [["Funding secured", "Mentor appointed", counts]]


@pytest.mark.parametrize(
    "change",
    [
        lambda move: move.save(),
        lambda move: move.delete(),
        lambda move: Move.objects.update(reason=""),
        lambda move: Move.objects.filter(pk=move.pk).delete(),
        lambda move: move.onboarding.moves.update(reason=""),
    ],
)
def test_move_is_written_once(change: Callable[[Move], Any], journey: Journey) -> None:
    move = moves(journey.to(State.WITHDRAWN))[-1]
    move.reason = "x"
    with pytest.raises(AppendOnlyError), transaction.atomic():
        change(move)
    assert Move.objects.get(pk=move.pk).reason == "Our budget for next year is not decided."


def test_words_of_a_life_stand_in_no_event(journey: Journey, manager: User) -> None:
    owner, reviewer = journey.owner, journey.reviewer
    case = journey.to(State.AGREEMENT)
    journey.build_wages()
    journey.save(Part.AGREEMENT, journey._signatory)
    agreement = signing.present(case, by=owner)
    paper_path.present(case, by=owner)
    paper_path.upload(
        case, Scan(b"%PDF-1.7 scan", "application/pdf", 1), sha256=agreement.sha256, note=REASON, by=owner
    )
    advance(case, "submit", by=owner)
    paper_path.reject(PaperScan.objects.get(), by=reviewer, reason=REASON)
    advance(case, "withdraw", by=owner, reason=REASON)
    advance(case, "reopen", by=owner, reason=REASON)
    said = [
        code for event in Event.objects.all() for value in event.data.values() for code in codes_in(value)
    ]
    assert [code for code in said if not CODE.fullmatch(code)] == []
    assert {row.reason for row in moves(case)} == {"", REASON}


def test_reason_stands_beside_its_move_on_both_activity_lists(journey: Journey, reviewer: User) -> None:
    case = journey.to(State.REVIEW)
    desk.decline(case, by=reviewer, reason="No <b>mentor</b> yet.")
    page = visit(browser(journey.owner), "/onboarding/")
    assert page.words("//ol[@class='timeline']/li[1]/span[@class='why']") == []
    assert page.words("//ol[@class='timeline']/li[2]/span[@class='why']") == ["No <b>mentor</b> yet."]
    desk_page = visit(browser(reviewer), page_of(case))
    assert desk_page.words("//ul[@class='timeline']//span[@class='quiet']") == ["No <b>mentor</b> yet."]
    every = visit(browser(reviewer), f"/admin/employers/move/?onboarding={case.pk}")
    assert every.words("//td[@class='field-reason']")[0] == "No <b>mentor</b> yet."


def test_moves_of_the_past_get_their_rows_from_their_events(journey: Journey) -> None:
    onboarding = journey.to(State.WITHDRAWN)
    kept = list(
        Move.objects.order_by("at").values("edge", "source", "target", "at", "is_walk", "by_id", "event_id")
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM employers_move")
    import_module("employers.migrations.0006_move").take_over(apps, None)
    rows = moves(onboarding)
    assert list(Move.objects.order_by("at").values(*kept[0])) == kept
    assert rows[0].since == Employer.objects.get().created_at
    assert [later.since for later in rows[1:]] == [earlier.at for earlier in rows[:-1]]


def test_move_of_an_unknown_edge_is_still_readable() -> None:
    assert [str(Move(edge=name)) for name in ("withdraw", "of_an_older_table")] == [
        str(EDGE_BY_NAME["withdraw"].happened),
        "of_an_older_table",
    ]
