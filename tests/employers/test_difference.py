"""What changed between two versions: by cases, and for any terms by Hypothesis."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from employers.difference import Change, differences

BEFORE: dict[str, Any] = {
    "facts": {
        "employer": {"legal_name": "Lakeside", "dba_name": "", "address": "1 A St, Duluth", "ein": "", "naics": ""},
        "representative": {"name": "Dana Whitfield", "title": "CHRO"},
        "occupation": {"title": "BMET", "rapids_code": "0888HY", "onet_code": "49-9062.00"},
        "term": {"hours": 4000, "months": 24},
        "documents": [{"title": "National Standards", "version": 1}, {"title": "Pledge", "version": 2}],
        "wages": {
            "journeyworker_rate": "34.00",
            "term_hours": 4000,
            "periods": [
                {"number": 1, "hours_from": 0, "hours_to": 2000, "rate": "21.00", "percent": "62"},
                {"number": 2, "hours_from": 2000, "hours_to": 4000, "rate": "29.00", "percent": "85"},
            ],
        },
        "sites": [{"name": "Main campus", "address": "1 A St"}, {"name": "Clinic", "address": "12 Tower Ave"}],
    },
    "sponsor": {"name": "AAMI"},
    "template": {
        "version": 1, "is_sample": True, "title": "Employer Agreement", "preamble": ["Parties."],
        "statements": [{"heading": "Standards", "text": "We abide."}, {"heading": "Records", "text": "We show."}],
        "authority_statement": "I may sign.", "consent_text": ["Paper is free."], "consent_version": "1",
    },
    "agreement_version": 1,
    "wages_version": 1,
}  # fmt: skip
FACTS = ("facts",)


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Return the terms with one thing said differently."""
    terms = copy.deepcopy(BEFORE)
    place = terms
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return terms


def told(after: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    return [
        (topic.title, change.what, str(change.word), change.before, change.after)
        for topic in differences(BEFORE, after)
        for change in topic.changes
    ]


PARTIES, PAPERS, WAGES = "Parties and program", "Documents acknowledged", "Wage schedule"
SITES, TEXT = "Sites", "Text of the agreement"
CASES: list[tuple[tuple[Any, ...], Any, list[tuple[str, str, str, str, str]]]] = [
    (("facts", "employer", "legal_name"), "Lakeside, Inc.",
     [(PARTIES, "Legal name", "Changed", "Lakeside", "Lakeside, Inc.")]),
    (("facts", "employer", "ein"), "12-3456789", [(PARTIES, "EIN", "Added", "", "12-3456789")]),
    (("facts", "representative", "title"), "", [(PARTIES, "Title of the representative", "Removed", "CHRO", "")]),
    (("facts", "term", "hours"), 6000, [(PARTIES, "Term, hours on the job", "Changed", "4,000", "6,000")]),
    (("facts", "documents", 0, "version"), 2,
     [(PAPERS, "National Standards", "Changed", "version 1", "version 2")]),
    (("facts", "documents"), [{"title": "Pledge", "version": 2}],
     [(PAPERS, "National Standards", "Removed", "version 1", "")]),
    (("facts", "wages", "periods", 1, "rate"), "30.00",
     [(WAGES, "Period 2", "Changed", "hours 2,000–4,000: $29.00 an hour (85%)",
       "hours 2,000–4,000: $30.00 an hour (85%)")]),
    (("facts", "wages", "journeyworker_rate"), "35.00",
     [(WAGES, "Journeyworker rate", "Changed", "$34.00 an hour", "$35.00 an hour")]),
    (("facts", "wages", "periods"), BEFORE["facts"]["wages"]["periods"][:1],
     [(WAGES, "Period 2", "Removed", "hours 2,000–4,000: $29.00 an hour (85%)", "")]),
    (("facts", "sites", 1, "address"), "9 New St",
     [(SITES, "Clinic", "Changed", "Clinic, 12 Tower Ave", "Clinic, 9 New St")]),
    (("facts", "sites", 1, "name"), "Superior clinic",
     [(SITES, "Superior clinic", "Changed", "Clinic, 12 Tower Ave", "Superior clinic, 12 Tower Ave")]),
    (("facts", "sites"), BEFORE["facts"]["sites"][:1], [(SITES, "Clinic", "Removed", "Clinic, 12 Tower Ave", "")]),
    (("facts", "sites"), [*BEFORE["facts"]["sites"], {"name": "East", "address": "5 B St"}],
     [(SITES, "East", "Added", "", "East, 5 B St")]),
    (("facts", "sites"), BEFORE["facts"]["sites"][::-1], []),
    (("template", "statements", 0, "text"), "We follow.",
     [(TEXT, "Clause “Standards”", "Changed", "We abide.", "We follow.")]),
    (("template", "statements"), [*BEFORE["template"]["statements"], {"heading": "Term", "text": "Until ended."}],
     [(TEXT, "Clause “Term”", "Added", "", "Until ended.")]),
    (("template", "statements"), BEFORE["template"]["statements"][::-1],
     [(TEXT, "Order of the clauses", "Changed", "Standards, Records", "Records, Standards")]),
    (("template", "consent_text"), ["Paper costs a dollar."],
     [(TEXT, "Consent to sign electronically", "Changed", "Paper is free.", "Paper costs a dollar.")]),
    (("sponsor", "name"), "AAMI, Inc.", [(TEXT, "Sponsor", "Changed", "AAMI", "AAMI, Inc.")]),
    (("agreement_version",), 2, []),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "expected"), CASES)
def test_difference_says_what_changed_and_nothing_else(path: Any, value: Any, expected: Any) -> None:
    assert told(changed(path, value)) == expected


words = st.text(max_size=20)
rates = st.decimals(1, 99, places=2).map(lambda rate: f"{rate:.2f}")


@st.composite
def terms(draw: st.DrawFn) -> dict[str, Any]:
    """Any terms that an agreement can have."""
    made = copy.deepcopy(BEFORE)
    facts, template = made["facts"], made["template"]
    facts["employer"] = {name: draw(words) for name in facts["employer"]}
    facts["representative"] = {"name": draw(words), "title": draw(words)}
    document = st.fixed_dictionaries({"title": words, "version": st.integers(1, 9)})
    facts["documents"] = draw(st.lists(document, max_size=4))
    site = st.fixed_dictionaries({"name": words, "address": words})
    facts["sites"] = draw(st.lists(site, max_size=4))
    facts["wages"]["journeyworker_rate"] = draw(rates)
    for period in facts["wages"]["periods"]:
        period["rate"] = draw(rates)
    clause = st.fixed_dictionaries({"heading": words, "text": words})
    template["statements"] = draw(st.lists(clause, max_size=4))
    template["preamble"] = draw(st.lists(words, max_size=3))
    return made


@given(terms())
def test_identical_terms_have_no_difference(same: dict[str, Any]) -> None:
    assert differences(same, copy.deepcopy(same)) == []


@given(terms(), terms())
def test_difference_turned_around_swaps_before_and_after(one: dict[str, Any], other: dict[str, Any]) -> None:
    there, back = differences(one, other), differences(other, one)
    assert [topic.title for topic in there] == [topic.title for topic in back]
    for topic in (*there, *back):
        assert topic.changes
        assert all(change.before != change.after for change in topic.changes)


@given(terms(), words)
def test_every_changed_fact_is_told(before: dict[str, Any], name: str) -> None:
    after = copy.deepcopy(before)
    after["facts"]["employer"]["legal_name"] = name
    said = [change for topic in differences(before, after) for change in topic.changes]
    is_changed = name != before["facts"]["employer"]["legal_name"]
    assert [change.what for change in said] == (["Legal name"] if is_changed else [])


def test_words_that_differ_are_marked_and_long_runs_shortened() -> None:
    same = " ".join(f"word{number}" for number in range(60))
    change = Change("Preamble", f"{same} old end.", f"{same} new end.")
    assert [(piece.text, piece.differs) for piece in change.pieces_after] == [
        (" … " + " ".join(f"word{number}" for number in range(52, 60)) + " ", False),
        ("new ", True),
        ("end.", False),
    ]
    assert [piece.text for piece in change.pieces_before if piece.differs] == ["old "]
    assert [piece.text for piece in Change("EIN", "", "12-3456789").pieces_after] == ["12-3456789"]


@given(words, words)
def test_pieces_of_short_texts_are_the_texts(before: str, after: str) -> None:
    change = Change("Legal name", before, after)
    if before.split() and before == before.lstrip() and after:
        assert "".join(piece.text for piece in change.pieces_before) == before
    assert all(piece.text for piece in change.pieces_before)
