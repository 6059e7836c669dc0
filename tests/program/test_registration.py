"""Agencies and checklist: every state once, samples marked, and each agency's own items."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
from apprenticeship.program.models import ChecklistItem, RegistrationAgency
from apprenticeship.program.regions import STATE_NAMES
from apprenticeship.records.models import Event
from tests.people import browser, person

pytestmark = pytest.mark.django_db
ITEMS = "/admin/program/checklistitem/"


def texts(state: str) -> set[str]:
    """Return what only some agencies ask, of the checklist of a state."""
    agency = RegistrationAgency.objects.of(state)
    items = ChecklistItem.objects.for_state(state, agency.kind if agency else "")
    return {item.text.split(",")[0] for item in items if item.kind}


def test_every_state_but_palau_has_an_agency_that_nobody_has_verified() -> None:
    rows = RegistrationAgency.objects.all()
    assert set(STATE_NAMES) - {row.state for row in rows} == {"PW"}
    assert {(row.is_sample, row.verified_on) for row in rows} == {(True, None)}
    assert [RegistrationAgency.objects.of(state).kind for state in ("TX", "MN", "CA", "CO")] == [  # type: ignore[union-attr]
        "oa", "saa", "both", "saa",
    ]  # fmt: skip
    assert RegistrationAgency.objects.of("PW") is None
    assert str(RegistrationAgency.objects.of("MN")) == "Minnesota: State Apprenticeship Agency"


def test_each_agency_has_its_own_items_and_the_common_ones() -> None:
    federal = {
        "The employer is entered under AAMI's program in RAPIDS",
        "A copy of the agreement goes to the Office of Apprenticeship",
    }
    state = {
        "The state agency's own form",
        "Wages and ratio meet the state's own rules",
        "Reciprocal approval was asked for",
    }
    assert texts("TX") == federal
    assert texts("MN") == state
    assert texts("OH") == state | {"The agreement with original signatures is in the file"}
    assert texts("CA") == federal | state
    assert (texts("PW"), len(ChecklistItem.objects.for_state("PW", ""))) == (set(), 4)


def test_manager_edits_the_list_and_the_log_keeps_it() -> None:
    manager = browser(person("manager@example.org", "Terrence Blake", staff=MANAGERS))
    typed = {"text": "Ask the state's field office", "kind": "saa", "states": "mn, wi", "source_name": "",
             "position": "90", "is_offered": "on"}  # fmt: skip
    assert manager.post(f"{ITEMS}add/", typed)["Location"] == ITEMS
    item = ChecklistItem.objects.get(text="Ask the state's field office")
    assert (item.states, item.is_sample, item.applies("MN", "saa"), item.applies("MN", "oa")) == (
        "MN,WI", False, True, False,
    )  # fmt: skip
    assert Event.objects.filter(verb="setting_added", subject_id=str(item.pk)).count() == 1
    manager.post(f"{ITEMS}{item.pk}/change/", {**typed, "is_offered": ""})
    assert item not in ChecklistItem.objects.for_state("MN", "saa")


def test_reviewer_reads_and_changes_nothing(client: Client) -> None:
    reviewer = browser(person("reviewer@example.org", "Rosalind Meyer", staff=REVIEWERS))
    item = ChecklistItem.objects.all()[0]
    assert item.text in reviewer.get(ITEMS).content.decode()
    assert reviewer.post(f"{ITEMS}{item.pk}/change/", {"text": "Forged"}).status_code == 403
    assert ChecklistItem.objects.filter(text="Forged").count() == 0


def test_unknown_state_is_refused() -> None:
    with pytest.raises(ValidationError, match="ZZ"):
        ChecklistItem(text="x", states="mn, zz").clean()
