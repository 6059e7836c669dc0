"""A real worker on the embedded default: rows a minute."""

import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from apprenticeship.documents.models import Document
from apprenticeship.records import mail, tasks
from apprenticeship.records.models import Notification, Status
from employers.models import Employer
from tests.bench import table
from tests.services.processes import running, wait_until

MAILS = 200
WORKER = ("celery", "--app", "apprenticeship", "worker", "--concurrency", "2", "--loglevel", "info")
FACTS = {"person": "Dana", "employer": "Lakeside", "action_url": "http://127.0.0.1:8000/onboarding/"}


def measure() -> None:
    """Print how many papers and mails a worker with two processes makes in a minute."""
    papers = Document.objects.filter(status=Status.PENDING)
    waiting = list(papers.values_list("pk", flat=True))
    Notification.objects.all().delete()
    with running(Path(settings.VAR_DIR) / "worker.log", dict(os.environ), *WORKER) as worker:
        wait_until(lambda: worker.says(" ready."))
        started = time.monotonic()
        tasks.sweep()
        rows = [("papers", len(waiting), *rate(Document, len(waiting), started))]
        started = time.monotonic()
        employer = Employer.objects.first()
        for number in range(MAILS):
            mail.send("welcome", f"person{number}@example.org", FACTS, about=employer)
        rows.append(("mails", MAILS, *rate(Notification, MAILS, started)))
    table.show("Worker with 2 processes, embedded default", ("rows", "count", "s", "rows a minute"), rows)


def rate(model: Any, count: int, started: float) -> tuple[str, str]:
    """Return the seconds until no row waits any more, and the rows a minute."""
    while model.objects.filter(status=Status.PENDING).exists():
        time.sleep(0.05)
    seconds = time.monotonic() - started
    return f"{seconds:.1f}", f"{count / seconds * 60:.0f}"
