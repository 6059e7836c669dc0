"""Make one paper: render, seal if it is final, store once, let go. Killed anywhere, it is made by the next worker."""

import datetime as dt
import hashlib
import logging
import posixpath
from functools import partial
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.db import transaction
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.utils import timezone

from apprenticeship.documents import certificates, kinds, rendering, sealing, time_stamping
from apprenticeship.documents.access import chain_of
from apprenticeship.documents.enclosures import enclosures
from apprenticeship.documents.models import Document, head_of, private_path
from apprenticeship.documents.page_pictures import Undrawable
from apprenticeship.records import queues
from apprenticeship.records.events import first_broken
from apprenticeship.records.models import Status
from apprenticeship.records.models.queue import LEASE

logger = logging.getLogger(__name__)

# What templates, engine and storage raise on facts they cannot digest. Anything else is a bug:
# it is logged whole, and the row comes back when its lease ends.
EXPECTED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RecursionError,
    SoftTimeLimitExceeded,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    TypeError,
    ValueError,
)

# What a key file, an authority or a scan lacks is for staff to read; other messages may quote the facts.
FOR_STAFF = (sealing.SealingError, time_stamping.NoTimeStamp, Undrawable)

# `remove_left_overs` runs every hour; twice that, so that one missed run leaves nothing.
LOOKED_BACK = dt.timedelta(hours=3)


def make(document: Document) -> None:
    """Make the PDF of one claimed row and store it; a file that came too late is removed again."""
    try:
        _refuse_broken_log(document)
        printed = rendering.print_html(rendering.render_html(document), enclosures(document))
        certificate = certificates.keep_current() if document.kind in kinds.SEALED else None
        content = sealing.seal(printed.content) if certificate else printed.content
        stored = document.file.storage.save(private_path(document, ""), ContentFile(content))
    except EXPECTED as error:
        reason = str(error) if isinstance(error, FOR_STAFF) else type(error).__name__
        logger.warning("Document %s could not be made: %s", document.pk, reason)
        document.fail(reason)
        return
    facts: dict[str, Any] = {"file_sha256": hashlib.sha256(content).hexdigest(), "pages": printed.pages}
    facts |= {"sealed_at": timezone.now() if certificate else None, "sealed_with": certificate}
    facts |= {"head_sha256": head_of(content) if certificate else ""}
    if not document.finish(file=stored, **facts):
        document.file.storage.delete(stored)
        return
    _release_waiting_mail(document)


def _refuse_broken_log(document: Document) -> None:
    """Raise SealingError rather than seal a certificate whose event log was tampered with."""
    chain = chain_of(document) if document.kind in kinds.SEALED else ""
    if chain and (number := first_broken(chain)):
        raise sealing.SealingError(
            f"Not sealed: the event log is broken at event {number}. `manage.py verify_records` says more."
        )


def _release_waiting_mail(document: Document) -> None:
    """Nudge the mails that wait for this paper, and only those: a mail that failed keeps its delay."""
    waiting = document.notifications.filter(status=Status.PENDING, claim=None, attempts=0)
    keys = list(waiting.values_list("pk", flat=True))
    waiting.update(not_before=timezone.now())
    for key in keys:
        transaction.on_commit(partial(queues.kick, "notifications", key))


def remove_left_overs() -> int:
    """Remove the files of workers that died between storing and telling; return how many.

    No row knows such a file. Only papers that are done are looked at, and only after every other worker that may
    have held them has lost its lease: nobody can finish them any more.
    """
    now = timezone.now()
    made_twice = Document.objects.filter(
        status=Status.DONE, attempts__gt=1, done_at__gt=now - LOOKED_BACK, done_at__lte=now - LEASE
    )
    return sum(map(_remove_left_overs_of, made_twice.defer("data")))


def _remove_left_overs_of(document: Document) -> int:
    storage, (folder, ours) = document.file.storage, posixpath.split(str(document.file.name))
    left = [name for name in storage.listdir(folder)[1] if name != ours]
    for name in left:
        storage.delete(posixpath.join(folder, name))
    return len(left)
