"""Signing on paper in tests: the paper to print, the upload of its scan, and what a reviewer reads on it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from employers.models import Agreement, Onboarding, PaperScan
from employers.onboarding import Part, State
from employers.samples.journey import Journey
from employers.transitions import advance
from tests.employers import scans
from tests.employers.amending import today_at
from tests.people import browser

PAGE = "/onboarding/agreement/paper/"
READ = {"signer_name": "Chris Chief", "signer_title": "Chief Executive"}


@pytest.fixture
def ready(journey: Journey) -> Onboarding:
    """An application at step 6 whose wages hold and whose signatory is somebody without an account."""
    journey.to(State.AGREEMENT)
    journey.build_wages()

    def name(onboarding: Onboarding) -> None:
        onboarding.signatory_name, onboarding.signatory_title = "Chris Chief", "Chief Executive"
        onboarding.signatory_email = "chief@hospital.example"
        onboarding.save()

    journey.save(Part.AGREEMENT, name)
    return Onboarding.objects.get(pk=journey.onboarding.pk)


@pytest.fixture
def owner_client(journey: Journey, ready: Onboarding) -> Client:
    """The owner, with the paper to print ordered."""
    client = browser(journey.owner)
    assert client.post(f"{PAGE}start/")["Location"] == PAGE
    return client


@pytest.fixture
def late_evening() -> Iterator[dt.datetime]:
    """An evening at the employer, when it is the next day in UTC."""
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    with time_machine.travel(tomorrow.replace(hour=4, minute=23), tick=False):
        yield timezone.now().astimezone(ZoneInfo("America/Chicago"))


def upload(client: Client, content: bytes, name: str = "scan.pdf", **typed: str) -> Any:
    sha256 = Agreement.objects.current().get().sha256
    file = SimpleUploadedFile(name, content, "application/pdf")
    return client.post(PAGE, {"file": file, "sha256": sha256, "note": ""} | typed)


@pytest.fixture
def in_review(owner_client: Client, journey: Journey) -> Onboarding:
    """A case in review with a scan that nobody has confirmed."""
    upload(owner_client, scans.pdf(), note="Chris signs with a fountain pen.")
    return advance(Onboarding.objects.get(), "submit", by=journey.owner)


def judge(client: Client, do: str, **typed: str) -> Any:
    onboarding, scan = Onboarding.objects.get(), PaperScan.objects.latest("uploaded_at")
    facts = READ | {
        "code": scan.document.code,
        "signed_on": today_at(onboarding.employer).isoformat(),
        "reason": "Unsigned.",
    }
    return client.post(f"/admin/employers/onboarding/{onboarding.pk}/scans/{scan.pk}/{do}/", facts | typed)
