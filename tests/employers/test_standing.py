"""`/verify/` says how it stands with a genuine paper, and never more of its people than the paper does."""

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from apprenticeship.documents.models import Document
from apprenticeship.records.queues import work_off_everything
from employers.models import Agreement, Onboarding
from employers.onboarding import State
from employers.samples.journey import Journey
from employers.transitions import advance
from tests.employers.stored import StoredJourney
from tests.pages import Page, visit
from tests.people import browser

pytestmark = pytest.mark.django_db
DAY = "2030-03-05T20:00:00Z"


@pytest.fixture
def partner(journey: StoredJourney) -> StoredJourney:
    """An active partner with its sealed paper."""
    journey.to(State.ACTIVE)
    journey.work_off()
    return journey


@pytest.fixture
def answers(client: Client) -> Callable[[], list[str]]:
    """Return a function that gives verdict, headline and sentence of /verify/ for the file, and its words by code."""

    def ask() -> list[str]:
        paper = Document.objects.filter(kind="final_agreement").earliest("created_at")
        with_file = Page(client.post("/verify/", {"sha256": paper.file_sha256}))
        by_code = visit(client, f"/verify/{paper.code}/")
        verdict = str(with_file.tree.xpath("string(//*[@data-verdict]/@data-verdict)"))
        said = with_file.words("//*[@data-verdict]/*")
        assert by_code.words("//*[@data-verdict]/h2") == ["A paper with this code exists"]
        sentence = said[1].removeprefix("This file is, byte by byte, the paper that was sealed here. ")
        ending = " To be sure that the file you hold is that paper, check the file too."
        assert by_code.words("//*[@data-verdict]/p") == [sentence + ending]
        return [verdict, said[0], sentence]

    return ask


def move(journey: Journey, name: str) -> None:
    """Let AAMI's manager or reviewer make a move on the fifth of March."""
    by = journey.manager if name in ("suspend", "reinstate", "end") else journey.reviewer
    with time_machine.travel(DAY):
        advance(Onboarding.objects.get(), name, by=by, reason="Robin Castellano has left.")


def test_active_partners_paper_is_in_force(partner: Journey, answers: Callable[[], list[str]]) -> None:
    assert answers() == ["genuine", "Genuine and in force", "Its agreement is in force."]


def test_suspended_partners_paper_binds_and_says_so(
    partner: Journey, answers: Callable[[], list[str]]
) -> None:
    move(partner, "suspend")
    assert answers() == [
        "suspended",
        "Genuine; the partnership is suspended",
        "Its agreement binds both parties, but the partnership has been suspended since Mar 5, 2030 (UTC): no new "
        "apprentices are enrolled until AAMI reinstates it.",
    ]
    paper = Document.objects.get(kind="final_agreement")
    assert b"%PDF-" in b"".join(browser(partner.owner).get(f"/documents/{paper.pk}/").streaming_content)
    move(partner, "reinstate")
    assert answers()[:2] == ["genuine", "Genuine and in force"]


@pytest.mark.parametrize("before", [[], ["suspend"]])
def test_ended_partners_paper_says_when_the_partnership_ended(
    before: list[str], partner: Journey, answers: Callable[[], list[str]]
) -> None:
    for name in (*before, "end"):
        move(partner, name)
    assert answers() == [
        "ended",
        "Genuine, but the partnership has ended",
        "Its agreement was in force until the partnership ended on Mar 5, 2030 (UTC).",
    ]
    agreement = Agreement.objects.get()
    assert (agreement.standing, agreement.is_in_force) == ("ended with the partnership", False)
    owner = browser(partner.owner)
    assert "ended with the partnership" in visit(owner, "/agreement/").text
    step = visit(owner, "/onboarding/agreement/")
    assert "It was in force until the partnership ended on Mar 5, 2030." in step.text
    assert "Robin" not in visit(Client(), "/verify/").text + str(answers())


def test_canceled_registration_makes_the_paper_void(
    journey: StoredJourney, answers: Callable[[], list[str]]
) -> None:
    journey.to(State.REGISTRATION)
    journey.work_off()
    assert answers()[0] == "genuine"
    move(journey, "cancel_registration")
    assert answers() == [
        "void",
        "Genuine, but no longer in force",
        "Its agreement was voided on Mar 5, 2030 (UTC) and is no longer in force.",
    ]


def test_paper_of_a_partnership_that_ended_before_the_worker_looked_is_made_and_mailed(
    journey: Journey, answers: Callable[[], list[str]]
) -> None:
    from employers import owed

    journey.to(State.ACTIVE)
    Document.objects.filter(kind="final_agreement").delete()
    move(journey, "end")
    assert owed.order_owed() == 2
    work_off_everything()
    assert answers()[0] == "ended"
