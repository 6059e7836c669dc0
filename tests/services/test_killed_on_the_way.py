"""kill -9 at every point between the second signature and the last mail: one paper and one mail in the end.

A real worker dies once at each point, on whatever database and broker this run has: PostgreSQL and Redis, or the
embedded default. The one documented double is the mail that the server took before our row says so (design §5.5).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as portal
from django.db import connection
from django.utils import timezone

from apprenticeship.celery import app
from apprenticeship.documents import working
from apprenticeship.documents.models import Document
from apprenticeship.documents.verdicts import Verdict
from apprenticeship.documents.verifying import by_content
from apprenticeship.records import tasks
from apprenticeship.records.models import Event, Notification, Status
from apprenticeship.records.queues import work_off_everything
from employers.models import Agreement
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.records.mail_server import MailServer
from tests.services.processes import Process, database_url, is_alive, running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

POINTS = ("claimed", "rendered", "sealed", "stored", "told", "mailing", "mailed", "noted")
LEASE = 3.0


@pytest.fixture
def media(settings: Any) -> Path:
    """Where worker and test keep files: below the folder that also holds the embedded broker."""
    settings.MEDIA_ROOT = portal.VAR_DIR / "media"
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def in_review(journey: Journey, mail_server: MailServer, media: Path) -> Journey:
    """An application in review whose papers and mail so far are done."""
    journey.to(State.REVIEW)
    work_off_everything()
    app.control.purge()  # the nudges of the way here, which a worker would go through first
    mail_server.messages.clear()
    return journey


def environment(mail_server: MailServer, notes: Path, **other: str) -> dict[str, str]:
    own = {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "apprenticeship.settings",
        "VAR_DIR": str(portal.VAR_DIR),
        "EMAIL_URL": mail_server.url,
        "LEASE_SECONDS": f"{LEASE}",
        "CONCURRENCY": "1",
        "DIE_NOTES": str(notes),
    }
    return os.environ | own | other


def is_done() -> bool:
    """Sweep, as beat does, and tell whether nothing is left to do."""
    connection.close()
    if not any(model.objects.filter(status=Status.PENDING).exists() for model in (Document, Notification)):
        return True
    Notification.objects.filter(status=Status.PENDING).update(not_before="2020-01-01T00:00Z")
    tasks.sweep()
    return False


def check_the_end(mail_server: MailServer, doubled: int) -> None:
    """One final paper, one file, one seal, and one mail to everybody it is owed to."""
    paper = Document.objects.get(kind="final_agreement")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
        working.remove_left_overs()
    folder = portal.VAR_DIR / "media" / Path(str(paper.file.name)).parent
    (file,) = folder.iterdir()
    content = file.read_bytes()
    assert (paper.status, hashlib.sha256(content).hexdigest()) == (Status.DONE, paper.file_sha256)
    assert by_content(content).verdict is Verdict.GENUINE
    assert Event.objects.filter(verb="sealing_certificate_used").count() == 1
    owed = list(paper.notifications.all())
    assert len(owed) == 2  # the owner and the reviewer
    assert {row.status for row in owed} == {Status.DONE}
    with_paper = [
        message
        for message in mail_server.messages
        if any("final" in str(part.get_filename()) for part in message.iter_attachments())
    ]
    for message in with_paper:
        (attached,) = message.iter_attachments()
        assert attached.get_payload(decode=True) == content
    times = Counter(str(message["Message-ID"]) for message in with_paper)
    assert set(times) == {row.message_id for row in owed}
    assert sum(times.values()) == len(owed) + doubled


def test_children_killed_at_every_point_leave_one_paper_and_one_mail(
    in_review: Journey, mail_server: MailServer, tmp_path: Path
) -> None:
    in_review.approve()
    env = environment(mail_server, tmp_path, DIE_AT=" ".join(POINTS))
    with running(tmp_path / "worker.log", env, "tests.services.worker") as worker:
        wait_until(lambda: worker.says(" ready."))
        wait_until(is_done, every=0.5, patience=240)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == "") == sorted(POINTS)
    check_the_end(mail_server, doubled=1)
    assert Agreement.objects.get().status == "in_force"


@pytest.mark.parametrize("point", ["stored", "mailing"])
def test_worker_killed_whole_leaves_one_paper_and_one_mail(
    point: str, in_review: Journey, mail_server: MailServer, tmp_path: Path
) -> None:
    in_review.approve()
    env = environment(mail_server, tmp_path, DIE_AT=point, DIE_WHOLE="yes")
    with running(tmp_path / "first.log", env, "tests.services.worker") as worker:
        wait_until(lambda: _dies(worker), every=0.5, patience=120)
    with running(tmp_path / "second.log", env | {"DIE_AT": ""}, "tests.services.worker") as second:
        wait_until(lambda: second.says(" ready."))
        wait_until(is_done, every=0.5, patience=120)
    check_the_end(mail_server, doubled=0)
    assert Agreement.objects.get().status == "in_force"


def _dies(worker: Process) -> bool:
    is_done()
    return not is_alive(worker.pid)
