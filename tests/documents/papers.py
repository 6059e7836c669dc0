"""Facts of the three papers, in the shapes that are frozen into `Document.data`."""

from typing import Any

EMPLOYER = {
    "legal_name": "Lakeside Regional Medical Center, Inc.",
    "dba_name": "Lakeside Regional",
    "address": "1200 Lakeshore Drive\nErie, PA 16501",
    "ein": "25-1234567",
    "naics": "622110",
    "phone": "(814) 555-0142",
}
WAGES = {
    "version": 2,
    "journeyworker_rate": "34.00",
    "term_hours": 4000,
    "periods": [
        {"number": 1, "hours_from": 0, "hours_to": 1000, "rate": "22.10", "percent": "65.0"},
        {"number": 2, "hours_from": 1000, "hours_to": 2000, "rate": "24.65", "percent": "72.5"},
        {"number": 3, "hours_from": 2000, "hours_to": 3000, "rate": "27.20", "percent": "80.0"},
        {"number": 4, "hours_from": 3000, "hours_to": 4000, "rate": "30.60", "percent": "90.0"},
    ],
}
SITES = [
    {"name": "Main campus", "address": "1200 Lakeshore Drive\nErie, PA 16501"},
    {"name": "North Pavilion", "address": "88 Summit Street\nJamestown, NY 14701"},
]
PREAMBLE = [
    'This Employer Agreement (the "Agreement") is made between AAMI (the "Sponsor") and Lakeside '
    'Regional Medical Center, Inc. (the "Employer"). It takes effect on the date of the later of '
    'the two signatures below (the "Effective Date").',
    '"Program" means the Sponsor\'s registered apprenticeship program for the occupation '
    'Biomedical Equipment Technician (the "Occupation"). "Standards" means the Sponsor\'s '
    'Standards of Apprenticeship for the Program with all appendices. "Apprentice" means a person '
    "whom the Employer employs in the Occupation and who is individually registered in the "
    "Program.",
]
STATEMENTS = [
    ("Adoption of the Standards", "The Employer adopts the Standards for the Occupation at its Sites."),
    (
        "Access to records",
        "On reasonable notice the Employer shall give the Sponsor access to those of its records "
        "that are needed to confirm compliance with the Standards, with 29 CFR part 29, subpart A, "
        "and with 29 CFR part 30. The Sponsor shall use those records for that purpose only.",
    ),
    (
        "Receipt of the Standards and request for certification",
        "The Employer confirms that it was furnished with the Standards, has read and understood "
        "them, and requests certification to train Apprentices under the Program.",
    ),
    (
        "Qualified personnel and supervision",
        "The Employer assures every Apprentice of qualified training personnel and adequate "
        "supervision on the job, and shall keep within the ratio of Apprentices to journeyworkers "
        "that the Standards state.",
    ),
    (
        "Training",
        "The Employer shall train every Apprentice according to the approved Work Process Schedule "
        "and Related Instruction Outline of the Standards, including rotation through the tasks they "
        "list, and shall bear the full cost of the required related instruction.",
    ),
    (
        "Selection of Apprentices",
        "The Employer shall select Apprentices by the selection procedure approved under the "
        "Standards, 29 CFR 30.10(b), and shall operate its part of the Program without "
        "discrimination.",
    ),
    (
        "Duration",
        "This Agreement remains in effect until the Employer withdraws from it voluntarily or the "
        "Sponsor, the Employer or the Registration Agency cancels or revokes it by written notice.",
    ),
]
EMPLOYER_SIGNATURE = {
    "party": "employer",
    "name": "Dana R. Whitfield",
    "title": "Vice President, Support Services",
    "authority": "I am authorized to sign this Agreement on behalf of Lakeside Regional Medical "
    "Center, Inc. and to bind it to its terms.",
    "signed_at": "2026-11-22T16:41:07+00:00",
    "ip": "192.0.2.17",
    "how": "Typed full name after electronic consent, signed in to the portal",
}
SPONSOR_SIGNATURE = EMPLOYER_SIGNATURE | {
    "party": "sponsor",
    "name": "Morgan Ellis",
    "title": "Director, Apprenticeship",
    "authority": "I am authorized to sign this Agreement on behalf of AAMI.",
    "signed_at": "2026-11-24T09:05:30-05:00",
}
FLOORS = [
    {
        "site": "Main campus",
        "period": 1,
        "starts_on": "2027-01-04",
        "floor": "7.25",
        "name": "Federal minimum wage",
        "effective_from": "2026-01-01",
        "is_known": True,
        "why": "",
    },
    {
        "site": "Main campus",
        "period": 2,
        "starts_on": "2027-06-28",
        "floor": "7.25",
        "name": "Federal minimum wage",
        "effective_from": "2026-01-01",
        "is_known": True,
        "why": "",
    },
    {
        "site": "North Pavilion",
        "period": 1,
        "starts_on": "2027-01-04",
        "floor": "16.00",
        "name": "New York State",
        "effective_from": "2026-01-01",
        "is_known": False,
        "why": "2027 rate not entered; judged by 2026",
    },
]
CHECKS = [
    {
        "label": "At least two periods",
        "answer": "passes",
        "detail": "",
        "citation": "29 CFR 29.5(b)(5)",
        "url": "https://www.ecfr.gov/current/title-29/section-29.5",
    },
    {
        "label": "Every rate is higher than the one before",
        "answer": "passes",
        "detail": "4 periods rise from $22.10 to $30.60",
        "citation": "29 CFR 29.5(b)(5)",
        "url": "https://www.ecfr.gov/current/title-29/section-29.5",
    },
    {
        "label": "At or above the minimum wage at every site",
        "answer": "cannot_tell",
        "detail": "North Pavilion: 2027 rate not entered; judged by 2026",
        "citation": "29 U.S.C. 206",
        "url": "javascript:alert(1)",
    },
]
STEP_TITLES = [
    "Get started",
    "Review the standards",
    "Ensure a position",
    "Secure funding",
    "Appoint a mentor",
    "Set wages and sign",
]


def agreement(**changed: Any) -> dict[str, Any]:
    """Return the facts of an unsigned agreement on sample text."""
    return {
        "template": {
            "version": 1,
            "title": "Employer Agreement",
            "preamble": PREAMBLE,
            "statements": [{"heading": heading, "text": text} for heading, text in STATEMENTS],
            "is_sample": True,
        },
        "sponsor": {"name": "Association for the Advancement of Medical Instrumentation (AAMI)"},
        "occupation": {
            "title": "Biomedical Equipment Technician",
            "rapids_code": "0888HY",
            "onet_code": "49-9062.00",
        },
        "term": {"hours": 4000, "months": 24},
        "employer": EMPLOYER,
        "representative": {"name": "Dana R. Whitfield", "title": "Vice President, Support Services"},
        "sites": SITES,
        "documents": [
            {"title": "Standards of Apprenticeship", "version": 3},
            {"title": "Work Process Schedule", "version": 2},
        ],
        "wages": WAGES,
        "presented_at": "2026-11-22T16:30:00+00:00",
        "agreement_version": 1,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "signatures": [],
    } | changed


def wage_schedule(**changed: Any) -> dict[str, Any]:
    """Return the facts of a wage schedule at two sites, one of them in a year nobody has entered."""
    facts = {"employer": EMPLOYER, "wages": WAGES, "sites": SITES, "floors": FLOORS, "checks": CHECKS}
    return facts | changed


def summary(**changed: Any) -> dict[str, Any]:
    """Return the facts of an application with one gap."""
    answers = [
        {"question": "Legal name", "answer": EMPLOYER["legal_name"], "is_gap": False},
        {"question": "Principal address", "answer": EMPLOYER["address"], "is_gap": False},
        {"question": "Who hears complaints (29 CFR 29.5(b)(22))", "answer": "", "is_gap": True},
    ]
    steps = [
        {
            "number": number,
            "title": title,
            "status": "Draft started",
            "answers": answers if number < 6 else [],
        }
        for number, title in enumerate(STEP_TITLES, 1)
    ]
    return {
        "employer_name": "Lakeside Regional",
        "state_label": "Step 6: Set wages and sign",
        "generated_at": "2026-11-22T11:02:00-05:00",
        "steps": steps,
    } | changed


def certificate() -> dict[str, Any]:
    """The certificate page of a final agreement."""
    rows = [
        {"label": "Name, as typed", "value": "Dana Whitfield"},
        {"label": "IP address", "value": "192.0.2.1"},
    ]
    return {
        "agreement": "Employer Agreement, version 1, with Lakeside Regional Medical Center",
        "replaces": {},
        "sha256": "ab" * 32,
        "versions": "Agreement text 1 · consent 1 · wage schedule 1",
        "signers": [
            {"heading": "For the Employer", "rows": rows},
            {"heading": "For the Sponsor", "rows": rows},
        ],
        "events": [{"at": "2026-11-12T20:10:00+00:00", "what": "Signed", "who": "Dana Whitfield"}],
        "disclosure": ["Paper is free.", "You may withdraw."],
        "disclosure_version": "1",
        "verify_base": "https://portal.example.org/verify/",
    }


def eta_671(**changed: Any) -> dict[str, Any]:
    """The sponsor-side data of ETA-671 on two pages: answers known, open, and those that differ by apprentice."""
    rows = [
        {"item": "1", "asks": "Sponsor", "answer": "AAMI", "remark": ""},
        {"item": "1", "asks": "Program number", "answer": "", "remark": "not known to the portal; to be filled in"},
        {"item": "6", "asks": "Credit", "answer": "", "remark": "differs by apprentice, at enrollment"},
    ]  # fmt: skip
    facts = {"edition": "ETA-671", "employer": EMPLOYER, "agency": "State Apprenticeship Agency"}
    return facts | {"groups": [{"title": "Sponsor", "rows": rows * 15}]} | changed


def final_agreement(**changed: Any) -> dict[str, Any]:
    """A final agreement with its wage schedule and certificate."""
    return {"schedule": wage_schedule(), "certificate": certificate()} | agreement(**changed)
