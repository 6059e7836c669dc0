"""What the preview of a mail tells: invented facts, one for every variable that any mail uses."""

from typing import Any

PERIODS = [{"site": "Main campus", "period": 1, "rate": "$14.20", "floor": "$15.00", "on": "Jan 1, 2027"}]

FACTS: dict[str, Any] = {
    "person": "Dana",
    "employer": "Lakeside Regional Medical Center",
    "former_name": "Lakeside Hospital",
    "by": "Dana Whitfield",
    "to": "Priya Stone, General Counsel",
    "signatory": "Priya Stone",
    "signatory_title": "General Counsel",
    "reply_to": "priya.stone@hospital.example",
    "role": "Editor",
    "called": "the Employer Agreement",
    "replaces": 0,
    "state": "In review at AAMI",
    "expires_at": "December 9, 2026",
    "reason": "The mentor has left; a new one is being appointed.",
    "question": "Does clause 4 bind us after the partnership has ended?",
    "message": "Nearly there; one thing to add.",
    "flagged": [{"part": "Funding", "note": "Please name the state grant and its amount."}],
    "happened": ["Organization and sites completed", "Program documents acknowledged"],
    "attached": ["Employer Agreement", "Wage schedule"],
    "missing": 0,
    "open_gaps": ["Add at least one position."],
    "more": 0,
    "is_your_turn": True,
    "step_number": 3,
    "step_title": "Ensure a position",
    "days": 7,
    "days_left": 5,
    "due_on": "Dec 9, 2026",
    "agency": "State Apprenticeship Agency",
    "sent_on": "Nov 3, 2026",
    "program_number": "2026-MN-123456",
    "place": "Minnesota",
    "floor": "$15.00",
    "rises_on": "Jan 1, 2027",
    "source": "Minnesota Department of Labor and Industry",
    "periods": PERIODS,
    "employers": [{"employer": "Lakeside Regional Medical Center", "periods": PERIODS}],
    "document": "National Standards",
    "version": 2,
    "age": "It has been there for 6 days; the target is 5 days.",
    "code": "ABCD-EFGH",
    "action_url": "https://portal.example.org/",
    "search_url": "https://portal.example.org/candidates/",
}


def facts_for(name: str, known: frozenset[str]) -> dict[str, Any]:
    """Return the sample facts, with one in its own name for a variable that has none here."""
    return {variable: f"[{variable.replace('_', ' ')}]" for variable in known} | FACTS | {"mail": name}
