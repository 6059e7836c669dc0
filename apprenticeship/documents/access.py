"""Who may read a paper: each app answers for the papers of its own subjects."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import Http404

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document


@dataclass(frozen=True, slots=True)
class Access:
    """An app's answers about one kind of subject."""

    may_see: Callable[[User, Any], bool]
    chain: Callable[[Any], str]


_ACCESS: dict[type[models.Model], Access] = {}


def register(
    model: type[models.Model], may_see: Callable[[User, Any], bool], chain: Callable[[Any], str]
) -> None:
    """Say who may read the papers of `model` and which event chain notes that they did."""
    _ACCESS[model] = Access(may_see, chain)


def get_document_for(user: User, pk: uuid.UUID) -> Document:
    """Return a paper this user may read. Raises Http404 for strangers and for ids that nobody has."""
    document: Document | None = Document.objects.filter(pk=pk).first()
    if document is None or not may_see(user, document):
        raise Http404
    return document


def may_see(user: User, document: Document) -> bool:
    """Tell whether the app of the paper's subject lets this user read it; without an app nobody may."""
    subject: Any = document.subject
    access = _ACCESS.get(type(subject))
    return access is not None and access.may_see(user, subject)


def chain_of(document: Document) -> str:
    """Return the event chain of the paper's subject; "" if no app gave its kind one."""
    subject: Any = document.subject
    access = _ACCESS.get(type(subject))
    return access.chain(subject) if access else ""
