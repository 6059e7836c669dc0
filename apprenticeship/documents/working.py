"""Make one paper: render, seal if it is final, store once, let go."""

import hashlib
import logging
from functools import partial

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.db import transaction
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.utils import timezone

from apprenticeship.documents import kinds, rendering, sealing
from apprenticeship.documents.enclosures import enclosures
from apprenticeship.documents.models import Document, private_path
from apprenticeship.records import queues
from apprenticeship.records.models import Status

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


def make(document: Document) -> None:
    """Make the PDF of one claimed row and store it; a file that came too late is removed again."""
    try:
        printed = rendering.print_html(rendering.render_html(document), enclosures(document))
        is_sealed = document.kind in kinds.SEALED
        content = sealing.seal(printed.content) if is_sealed else printed.content
        stored = document.file.storage.save(private_path(document, ""), ContentFile(content))
    except EXPECTED as error:
        # What a key file lacks is for staff to read; other messages may quote the facts.
        reason = str(error) if isinstance(error, sealing.SealingError) else type(error).__name__
        logger.warning("Document %s could not be made: %s", document.pk, reason)
        document.fail(reason)
        return
    facts = {"file_sha256": hashlib.sha256(content).hexdigest(), "pages": printed.pages}
    if not document.finish(file=stored, sealed_at=timezone.now() if is_sealed else None, **facts):
        document.file.storage.delete(stored)
        return
    _release_waiting_mail(document)


def _release_waiting_mail(document: Document) -> None:
    """Nudge the mails that wait for this paper, and only those: a mail that failed keeps its delay."""
    waiting = document.notifications.filter(status=Status.PENDING, claim=None, attempts=0)
    keys = list(waiting.values_list("pk", flat=True))
    waiting.update(not_before=timezone.now())
    for key in keys:
        transaction.on_commit(partial(queues.kick, "notifications", key))
