"""Every mail, in the facts that the acts themselves give it: complete, readable, 72 columns, one line of subject."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
from apprenticeship.records import mail
from apprenticeship.records.models import Notification
from employers.onboarding import State
from employers.samples import hospitals
from employers.samples.journey import Journey
from tests.people import person
from tests.records import mail_lives as lives

TEMPLATES = Path(__file__).parents[2] / "templates" / "emails"
MAILS = sorted(path.name.removesuffix("_subject.txt") for path in TEMPLATES.glob("*_subject.txt"))
LINK = "/somewhere/aVeryLongTokenOfFortyThreeCharacters-1234567/"
AGREEMENT = {"called": "the Employer Agreement", "employer": "Lakeside Regional Medical Center"}

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def staff(db: None) -> tuple[User, User]:
    """A reviewer and a manager."""
    return (
        person("reviewer@example.org", "Rosalind Meyer", staff=REVIEWERS),
        person("manager@example.org", "Terrence Blake", staff=MANAGERS),
    )


@pytest.fixture
def program_documents(db: None, tmp_path: Path, settings: Any) -> None:
    """One program document."""
    settings.MEDIA_ROOT = tmp_path
    from apprenticeship.program.samples import create_sample_documents

    create_sample_documents()


@pytest.fixture
def journey(program_documents: None, staff: tuple[User, User]) -> Callable[[], Journey]:
    """Return a function that starts another sample employer with a long name."""

    def start() -> Journey:
        owner = person(f"owner{User.objects.count()}@example.org", "Maximiliana Featherstonehaugh-Whitfield")
        return Journey(hospitals.LAKESIDE, owner, *staff)

    return start


@pytest.fixture
def sent(journey: Callable[[], Journey], monkeypatch: pytest.MonkeyPatch) -> list[Notification]:
    """The rows of a life in which every mail is sent at least once, and one mail with a code."""
    for life in (
        lives.to_the_end,
        lives.changed_declined_reopened,
        lives.returned,
        lives.canceled,
        lives.handed_over,
        lives.stepped_back,
        lives.renamed_and_withdrawn,
    ):
        life(journey())
    lives.in_review_and_withdrawn(journey())
    lives.signed_by_link(journey())
    lives.signed_on_paper(journey())
    lives.amended(journey())
    lives.shown_in_public(journey())
    lives.candidates(journey().to(State.ACTIVE))
    lives.reminded(journey)
    owner = person("account@example.org", "Account Holder")
    lives.accounts(owner)
    rows = list(Notification.objects.all())
    # Codes go out at once and are kept nowhere.
    codes = [
        Notification(name=name, recipient=owner.email, context=context | {"person": "Dana"})
        for name, context in (
            ("account_login_code", {"code": "ABCD-EFGH"}),
            ("signing_code", {"code": "123456"} | AGREEMENT),
            ("forwarding_code", {"code": "123456"} | AGREEMENT),
            ("declining_code", {"code": "123456"} | AGREEMENT),
        )
    ]
    return [*rows, *codes]


def message_of(row: Notification) -> Any:
    """Return the mail as it leaves."""
    facts = row.context | {
        "attached": [paper.title for paper in row.attachments.all()] if row.subject_id else [],
        "missing": 1,
    }
    secret = {"action_url": "http://127.0.0.1:8000" + LINK} if row.grant else {}
    return mail.message(row.name, row.recipient, facts | secret, row.message_id)


def test_every_mail_is_complete_and_readable(sent: list[Notification]) -> None:
    assert sorted({row.name for row in sent}) == MAILS
    for row in sent:
        message = message_of(row)
        html = str(message.alternatives[0].content)
        where = f"{row.name}\n{message.subject}\n{message.body}"
        assert message.subject == " ".join(message.subject.split()), where
        assert 5 <= len(message.subject) <= 120, where
        assert [line for line in message.body.splitlines() if len(line) > 72 and " " in line] == [], where
        assert (
            re.findall(r"\n\n\n|[ \t]\n(?<!-- \n)|&(?:amp|lt|gt|#x27|quot);|None|\{[{%]", message.body) == []
        ), where
        assert re.findall(r"None|\{[{%]|<Regional>|&amp;amp;", html) == [], where
        assert [LINK in message.body, LINK in html] == [bool(row.grant)] * 2, where
        assert message.message()["To"] == row.recipient, where


def test_every_mail_of_allauth_is_worded_here() -> None:
    assert {f"account_{name}" for name in lives.allauth_mails() - lives.OWN_WORDS} - set(MAILS) == set()


def test_reason_of_an_employer_is_escaped_in_html_only() -> None:
    facts = {
        "employer": "A & <b>B</b>",
        "by": "O'Neil",
        "reason": "<script>alert(1)</script>",
        "person": "<i>",
    }
    message = mail.message("withdrawn", "a@example.org", facts, "<1@x>")
    html = str(message.alternatives[0].content)
    assert message.subject == "A & <b>B</b>: application withdrawn"
    assert message.body.count("<script>alert(1)</script>") == 1
    assert [html.count(text) for text in ("<script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "<i>")] == [
        0,
        1,
        0,
    ]
