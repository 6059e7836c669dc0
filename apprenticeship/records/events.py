"""Append to the event log and read it back."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef
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


def record_once(
    chain: str, verb: str, *, within: timedelta, by: User, subject: models.Model, data: dict[str, Any]
) -> None:
    """Append an event unless the same person did the very same within this time."""
    now = timezone.now()
    same = Event.objects.filter(
        verb=verb, user=by, subject_id=str(subject.pk), data=data, at__gt=now - within, chain=chain
    )
    if same.exists():
        return
    with transaction.atomic():
        EventChain.objects.select_for_update().get_or_create(name=chain)
        if not same.exists():  # requests that came together wait for one another here
            record(chain, verb, by=by, subject=subject, data=data)


def firsts(found: "models.QuerySet[Event]") -> "models.QuerySet[Event]":
    """Return of these events the first of its verb about each subject."""
    about = found.exclude(subject_id="").order_by().values("verb", "subject_type", "subject_id")
    return Event.objects.filter(pk__in=about.annotate(first=models.Min("pk")).values("first"))


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


def chains() -> Iterator[str]:
    """Yield the name of every chain that has a head or an event, in order."""
    heads, events = EventChain.objects.values_list("name"), Event.objects.order_by().values_list("chain_id")
    for (name,) in heads.union(events).order_by("name").iterator():
        yield name


def first_broken(chain: str) -> int | None:
    """Return the number of the first event of a chain that was changed, moved, removed or slipped in, or None.

    Events that others append meanwhile are left to the next look.
    """
    head = EventChain.objects.filter(pk=chain).first() or EventChain(name=chain)
    events = Event.objects.filter(chain=chain, number__lte=head.length).select_related("subject_type")
    previous, number = "", 0
    for event in events.order_by("number").iterator():
        number += 1
        if event.number != number or event.previous != previous or event.hash != digest(event):
            return number
        previous = event.hash
    if (head.length, head.head) != (number, previous):
        return number + 1
    return _beyond_the_head(chain)


def _beyond_the_head(chain: str) -> int | None:
    """Return the number of the first event that the head of its chain does not know, or None."""
    knows = EventChain.objects.filter(pk=OuterRef("chain_id"), length__gte=OuterRef("number"))
    beyond = Event.objects.filter(~Exists(knows), chain_id=chain)
    return beyond.order_by("number").values_list("number", flat=True).first()
