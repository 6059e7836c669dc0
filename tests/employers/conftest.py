"""People and sample employers for tests, made by the functions that the pages call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # this file is read before Django is set up
    from django.test import Client

    from apprenticeship.accounts.models import User
    from employers.models import Amendment, Onboarding, Role
    from employers.onboarding import State
    from employers.samples.journey import Journey
    from tests.employers.stored import StoredJourney


@pytest.fixture
def program_documents(db: None) -> None:
    """Two required documents, published: one a file that begins like a PDF, one a link."""
    from django.core.files.base import ContentFile
    from django.utils import timezone

    from apprenticeship.program.models import ProgramDocument

    published = {"version": 1, "is_sample": True, "published_at": timezone.now()}
    ProgramDocument.objects.create(
        pk=900_001, kind="national-standards", title="National Standards", position=1, **published,
        file=ContentFile(b"%PDF-1.7 sample", name="sample.pdf"),
    )  # fmt: skip
    ProgramDocument.objects.create(
        pk=900_002,
        kind="objectives",
        title="Training Objectives",
        position=2,
        **published,
        link="https://example.org/objectives.pdf",
    )


@pytest.fixture
def owner(db: None) -> User:
    from tests.people import person

    return person("owner@example.org", "Dana Whitfield", pk=900_000)


@pytest.fixture
def outsider(db: None) -> User:
    from tests.people import person

    return person("outsider@example.org", "Oscar Outside", pk=910_000)


@pytest.fixture
def reviewer(db: None) -> User:
    from apprenticeship.accounts.roles import REVIEWERS
    from tests.people import person

    return person("reviewer@example.org", "Rosalind Meyer", staff=REVIEWERS, pk=920_000)


@pytest.fixture
def manager(db: None) -> User:
    from apprenticeship.accounts.roles import MANAGERS
    from tests.people import person

    return person("manager@example.org", "Terrence Blake", staff=MANAGERS, pk=930_000)


@pytest.fixture
def journey(program_documents: None, owner: User, reviewer: User, manager: User) -> StoredJourney:
    """One sample employer, ready to go anywhere."""
    from employers.samples import hospitals
    from tests.employers.stored import StoredJourney

    return StoredJourney(hospitals.LAKESIDE, owner, reviewer, manager)


@pytest.fixture
def colleague(journey: Journey) -> Callable[[Role], User]:
    """Return a function that seats another person at the sample employer."""
    from tests.people import colleague_of

    return lambda role: colleague_of(journey.onboarding.employer, role)


@pytest.fixture
def at(journey: Journey) -> Callable[[State], Onboarding]:
    """Return a function that brings the sample employer to a state."""
    return journey.to


@pytest.fixture
def waiting(journey: Journey) -> Onboarding:
    """An application at step 6 whose wages hold and whose signatory is not named yet."""
    from employers.models import Onboarding
    from employers.onboarding import State

    onboarding = journey.to(State.AGREEMENT)
    journey.build_wages()
    return Onboarding.objects.get(pk=onboarding.pk)


@pytest.fixture
def token(journey: StoredJourney, waiting: Onboarding) -> str:
    """The token of the link that a signatory without an account was mailed."""
    from apprenticeship.records.queues import work_off_everything
    from tests.employers import by_link
    from tests.people import browser

    def send() -> None:
        owner = browser(journey.owner)
        by_link.name_signatory(owner, waiting)
        owner.post("/onboarding/agreement/link/", {"do": "send"})
        work_off_everything()

    journey.once("link sent", send)
    return by_link.mailed_token()


@pytest.fixture
def active(journey: StoredJourney) -> Onboarding:
    """An active partner, its papers made and mailed."""
    from employers.onboarding import State

    journey.to(State.ACTIVE)
    journey.work_off()
    return journey.onboarding


@pytest.fixture
def owner_client(journey: Journey, active: Onboarding) -> Client:
    """Its owner's browser."""
    from tests.people import browser

    return browser(journey.owner)


@pytest.fixture
def signed_amendment(journey: StoredJourney, active: Onboarding) -> Amendment:
    """An amendment of it that waits for AAMI."""
    from employers.samples.amendment import propose
    from tests.employers.amending import amendment

    journey.once("amendment proposed", lambda: propose(journey))
    return amendment()
