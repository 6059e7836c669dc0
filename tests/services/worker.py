"""A real Celery worker of CONCURRENCY children, whose leases last LEASE_SECONDS: for tests that kill it.

DIE_AT names points on the way of a final paper, each of which kills once, as `kill -9` does: the child that works,
or with DIE_WHOLE the worker too. Run as `python -m tests.services.worker`; everything else comes from the
environment, as at work.
"""

import datetime as dt
import functools
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from apprenticeship.celery import app


def die_once(point: str) -> None:
    """Kill this process, the first time that somebody comes to this point."""
    if point not in os.environ["DIE_AT"].split():
        return
    try:
        (Path(os.environ["DIE_NOTES"]) / point).touch(exist_ok=False)
    except FileExistsError:
        return
    if os.environ.get("DIE_WHOLE"):
        os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def dying(work: Callable[..., Any], *, before: str = "", after: str = "", if_: Any = lambda *a: True) -> Any:
    """Return the function, deadly before or after its work."""

    @functools.wraps(work)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if before and if_(*args):
            die_once(before)
        result = work(*args, **kwargs)
        if after and if_(*args):
            die_once(after)
        return result

    return wrapper


def lay_traps() -> None:
    """Make every point between the claim of a final paper and the end of its mail deadly."""
    from django.core.files.storage import FileSystemStorage
    from django.core.mail import EmailMultiAlternatives

    from apprenticeship.documents import kinds, rendering, sealing
    from apprenticeship.documents.models import Document
    from apprenticeship.records.models import Notification

    def has_paper(mail: EmailMultiAlternatives) -> bool:
        return any("final" in str(row[0]) for row in mail.attachments)  # type: ignore[index]

    def is_final(row: Any, *rest: Any) -> bool:
        return getattr(row, "kind", "") == kinds.FINAL_AGREEMENT

    rendering.render_html = dying(rendering.render_html, before="claimed", if_=is_final)
    sealing.seal = dying(sealing.seal, before="rendered", after="sealed")
    FileSystemStorage.save = dying(  # type: ignore[method-assign]
        FileSystemStorage.save, after="stored", if_=lambda _storage, name, _content: name in FINAL_FILES
    )
    Document.finish = dying(Document.finish, after="told", if_=is_final)  # type: ignore[method-assign]
    EmailMultiAlternatives.send = dying(  # type: ignore[method-assign]
        EmailMultiAlternatives.send, before="mailing", after="mailed", if_=has_paper
    )
    Notification.finish = dying(Notification.finish, after="noted")  # type: ignore[method-assign]
    remember_final_files(Document)


FINAL_FILES: set[str] = set()


def remember_final_files(model: Any) -> None:
    """Note the names under which final papers are about to be stored."""
    from apprenticeship.documents import kinds, working

    chosen = working.private_path

    def private_path(document: Any, filename: str) -> str:
        name = chosen(document, filename)
        if document.kind == kinds.FINAL_AGREEMENT:
            FINAL_FILES.add(name)
        return name

    working.private_path = private_path


if __name__ == "__main__":
    django.setup()
    from apprenticeship.records.models import queue

    queue.LEASE = dt.timedelta(seconds=float(os.environ["LEASE_SECONDS"]))
    if os.environ.get("DIE_AT"):
        lay_traps()
    concurrency = f"--concurrency={os.environ['CONCURRENCY']}"
    app.worker_main(["worker", concurrency, "--loglevel=info", "--without-gossip", "--without-mingle"])
