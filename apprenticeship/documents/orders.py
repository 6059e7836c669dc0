"""Order a paper: a pending row in the caller's transaction, a nudge after its commit."""

from functools import partial
from typing import Any

from django.db import models, transaction

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.records import queues

QUEUE = "documents"


def order(
    kind: str,
    *,
    subject: models.Model,
    data: dict[str, Any],
    title: str,
    version: int,
    effect_key: str,
    by: User | None,
) -> Document:
    """Return the pending paper that the worker will make; the same `effect_key` returns the same paper.

    `data` is what the template prints, frozen from here on. Queues the row when the transaction commits.
    """
    document, is_new = Document.objects.order(
        effect_key=effect_key,
        kind=kind,
        title=title,
        version=version,
        data=data,
        subject=subject,
        created_by=by,
    )
    if is_new:
        transaction.on_commit(partial(queues.kick, QUEUE, document.pk))
    return document
