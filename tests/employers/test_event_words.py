"""The event log says what happened and to whom, in words: no bare id, no code."""

import re
from typing import Any

import pytest

from apprenticeship.accounts.models import User
from apprenticeship.records import events
from apprenticeship.records.details import details
from apprenticeship.records.models import Event
from employers import assignment
from employers.models import Move, Onboarding
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.pages import Page
from tests.people import browser

pytestmark = pytest.mark.django_db
LOG = "/admin/records/event/"


@pytest.fixture
def case(journey: Journey, reviewer: User, manager: User) -> Onboarding:
    """A registration that was sent, with everything that happened before."""
    onboarding = journey.to(State.REGISTRATION)
    assignment.release(onboarding, by=manager)
    assignment.reassign(onboarding, reviewer, by=manager, seen=None)
    journey.send()
    return onboarding


def rows(page: Page) -> dict[str, tuple[str, str]]:
    """Return details and owner of the newest event of each kind."""
    found: dict[str, tuple[str, str]] = {}
    for row in page.tree.xpath("//table[@id='result_list']/tbody/tr"):
        what, details, whose = (
            " ".join(row.xpath(f"*[contains(@class, 'field-{name}')]")[0].text_content().split())
            for name in ("what", "details", "chain_name")
        )
        found.setdefault(what, (details, whose))
    return found


def test_log_reads_in_words(case: Onboarding, reviewer: User) -> None:
    found = rows(Page(browser(reviewer).get(LOG)))
    whose = "Lakeside Regional Medical Center"
    assert found["Approved by AAMI"] == (
        "from “In review at AAMI” to “Being registered with the DOL”; the move", whose,
    )  # fmt: skip
    assert found["Handed over to another reviewer"] == ("to “Rosalind Meyer”", whose)
    assert found["Registration sent to the agency"][0].startswith("attempt 1; sent on ")
    signed = found["Agreement signed"]
    assert re.fullmatch(r"(Employer|AAMI); SHA-256 [0-9a-f]{12}…", signed[0])
    ids = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|employer:|: null")
    assert [row for row in found.items() if ids.search(str(row))] == []


def test_details_lead_to_the_pages_of_what_they_name(case: Onboarding, reviewer: User) -> None:
    client = browser(reviewer)
    event = Event.objects.get(verb="approve")
    page = Page(client.get(f"{LOG}{event.pk}/change/"))
    links = page.tree.xpath("//div[contains(@class, 'readonly')]//a/@href")
    move = Move.objects.get(edge="approve")
    assert links == [
        f"/admin/employers/move/{move.pk}/change/",
        f"/admin/employers/onboarding/{case.pk}/change/",
        f"/admin/employers/employer/{case.employer_id}/change/",
    ]
    assert [client.get(link).status_code for link in links] == [200, 200, 200]
    assert "Approved by AAMI" in page.words("//h2")


def test_words_find_their_events(case: Onboarding, reviewer: User) -> None:
    client = browser(reviewer)
    for term in ("approved by aami", "approve"):
        page = client.get(LOG, {"q": term})
        assert "approve" in {row.verb for row in page.context["cl"].result_list}
    assert client.get(LOG, {"q": "nothing like this"}).context["cl"].result_count == 0


def test_unknown_keys_are_read_out_and_escaped(reviewer: User) -> None:
    events.record(events.PROGRAM, "something_new", by=None, subject=reviewer, data={"odd_key": "<b>"})
    page = browser(reviewer).get(LOG).content.decode()
    assert "odd key: &lt;b&gt;" in page
    assert "Something new" in page


UNEXPECTED: list[tuple[str, dict[str, Any], str]] = [
    ("invited", {"role": "admin"}, "role: admin"),
    ("invited", {"role": None}, "role: None"),
    ("candidate_marked", {"mark": "old"}, "mark: old"),
    ("candidate_opened", {"purpose": 7}, "purpose: 7"),
    ("list_exported", {"list": "employers.gone"}, "list: employers.gone"),
    ("list_exported", {"list": "gone", "rows": "many"}, "list: gone; rows: many"),
    ("registration_corrected", {"was": "yesterday"}, "was: yesterday"),
    ("version_published", {"audience": "all", "effective_from": "soon"}, "audience: all; effective from: soon"),
    ("approve", {"from": "nowhere"}, "from “nowhere”"),
    ("approve", {"from": None, "to": "elsewhere"}, "to “elsewhere”"),
    ("case_assigned", {"from": "Ann", "to": None}, "from “former user Ann”"),
    ("case_assigned", {"from": 10**30}, f"from “former user {10**30}”"),
    ("candidate_opened", {"employer": None}, "former employer"),
    ("candidate_opened", {"employer": "zz"}, "former employer"),
    ("candidate_opened", {"employer": ""}, "employer:"),
    ("paper_scan_opened", {"scan": "zz"}, "scan: zz"),
    ("sent", {"mail": None, "fields": 3, "sha256": 5}, "mail: None; fields: 3; sha256: 5"),
]  # fmt: skip


def test_log_reads_on_whatever_an_event_keeps(reviewer: User) -> None:
    for number, (verb, data, _said) in enumerate(UNEXPECTED):
        event = events.record(f"employer:{number}", verb, by=None, data=data)
    client, expected = browser(reviewer), [said for _verb, _data, said in UNEXPECTED]
    page = Page(client.get(LOG))
    assert page.words("//td[contains(@class, 'field-details')]")[::-1] == expected
    assert expected[-1] in Page(client.get(f"{LOG}{event.pk}/change/")).text


def test_fact_that_cannot_be_said_is_logged_by_its_name_alone(caplog: pytest.LogCaptureFixture) -> None:
    for data in ({"odd_key": "Ann"}, {"rows": 3}, {"version": 2, "role": "Ann"}):
        details(Event(verb="invited", data=data))
    assert caplog.messages == ["Not said of invited: role (ValueError)"]


def test_log_costs_the_same_for_few_events_and_many(
    case: Onboarding, reviewer: User, django_assert_num_queries: Any
) -> None:
    client = browser(reviewer)
    chain = case.employer.chain
    for query in ({"q": "approve"}, {"chain": chain}):
        client.get(LOG, query)
        with django_assert_num_queries(7):
            client.get(LOG, query)
