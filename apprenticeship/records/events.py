"""Append to the event log and read it back."""

import hashlib
import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.records.models import Event, EventChain

PROGRAM = "program"
CANDIDATES = "candidates"


def record(
    chain: str,
    verb: str,
    *,
    by: User | None,
    subject: models.Model | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Append one event to a chain and return it. `data` holds ids and codes, never a candidate's name or address.

    Runs inside the caller's transaction, so that an event exists exactly when its act does.
    """
    with transaction.atomic():
        head, _created = EventChain.objects.select_for_update().get_or_create(name=chain)
        event = Event(
            chain=head,
            number=head.length + 1,
            verb=verb,
            user=by,
            subject_type=ContentType.objects.get_for_model(subject) if subject else None,
            subject_id=str(subject.pk) if subject else "",
            data=data or {},
            at=timezone.now(),
            previous=head.head,
        )
        event.hash = digest(event)
        event.save()
        head.length, head.head = event.number, event.hash
        head.save(update_fields=["length", "head"])
    return event


def digest(event: Event) -> str:
    """Return the SHA-256, in hexadecimal, of everything an event says and the hash before it."""
    content = {
        "chain": event.chain_id,
        "number": event.number,
        "verb": event.verb,
        "user": event.user_id,
        "subject": [event.subject_type.natural_key() if event.subject_type else None, event.subject_id],
        "data": event.data,
        "at": event.at.isoformat(),
        "previous": event.previous,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def first_broken(chain: str) -> int | None:
    """Return the number of the first event of a chain that was changed, moved or removed, or None."""
    previous, number = "", 0
    for event in (
        Event.objects.filter(chain=chain).select_related("subject_type").order_by("number").iterator()
    ):
        number += 1
        if event.number != number or event.previous != previous or event.hash != digest(event):
            return number
        previous = event.hash
    head = EventChain.objects.filter(pk=chain).first()
    return number + 1 if head and (head.length, head.head) != (number, previous) else None
