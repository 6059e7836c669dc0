"""Papers in the database, and one employer's subject with its reader."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.documents import papers

if TYPE_CHECKING:  # this file is read before Django is set up
    from apprenticeship.accounts.models import User
    from apprenticeship.documents.models import Document

TITLES = {
    "employer_agreement": "Employer Agreement",
    "wage_schedule": "Wage schedule",
    "application_summary": "Application summary",
    "eta_671": "ETA-671, sponsor-side data",
    "final_agreement": "Employer Agreement, final",
}
FACTS = {
    "employer_agreement": papers.agreement,
    "wage_schedule": papers.wage_schedule,
    "application_summary": papers.summary,
    "eta_671": papers.eta_671,
    "final_agreement": papers.final_agreement,
}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """Keep the files of each test apart."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def owner(db: None) -> User:
    """The user whose own record is the subject of the papers here."""
    from apprenticeship.accounts.models import User

    return User.objects.create_user("owner@example.org", "a-long-password", name="Olive Owner")


@pytest.fixture
def outsider(db: None) -> User:
    """A user who has nothing to do with the subject."""
    from apprenticeship.accounts.models import User

    return User.objects.create_user("outsider@example.org", "a-long-password", name="Otto Outsider")


@pytest.fixture
def users_own_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a user read the papers about their own record, as an app would register it."""
    from apprenticeship.accounts.models import User
    from apprenticeship.documents import access

    registered = access.Access(may_see=lambda user, subject: user == subject, chain=lambda subject: "program")
    monkeypatch.setitem(access._ACCESS, User, registered)


@pytest.fixture
def ordered(owner: User, users_own_papers: None) -> Callable[..., Document]:
    """Order a paper about the owner; `facts` change what it prints."""
    from apprenticeship.documents.orders import order

    def make(kind: str = "employer_agreement", key: str = "test:1", **facts: Any) -> Document:
        return order(
            kind,
            subject=owner,
            data=FACTS[kind](**facts),
            title=TITLES[kind],
            version=3,
            effect_key=key,
            by=owner,
        )

    return make


@pytest.fixture
def unsaved() -> Callable[..., Document]:
    """Build a paper that needs no database."""
    from apprenticeship.documents.models import Document

    def make(kind: str = "employer_agreement", **facts: Any) -> Document:
        return Document(
            kind=kind, title=TITLES[kind], version=3, code="BMET-7K3F-9QXA", data=FACTS[kind](**facts)
        )

    return make


@pytest.fixture
def read_pdf(tmp_path: Path) -> Callable[..., str]:
    """Return what poppler reads from a PDF: its text, or what another program says, such as "pdffonts"."""

    def read(content: bytes, *command: str) -> str:
        path = tmp_path / "paper.pdf"
        path.write_bytes(content)
        program = [*(command or ("pdftotext", "-layout")), str(path)]
        if program[0] == "pdftotext":
            program.append("-")
        return subprocess.run(program, check=True, capture_output=True, text=True).stdout

    return read
