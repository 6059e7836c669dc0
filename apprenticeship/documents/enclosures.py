"""Files that travel inside a paper: named in its facts with their SHA-256, read from the storage when it is made."""

import datetime as dt
import hashlib
from typing import NamedTuple

from django.core.files.storage import default_storage

from apprenticeship.documents.models import Document


class Enclosure(NamedTuple):
    """One embedded file; readers show its name and description."""

    name: str
    description: str
    content: bytes
    at: dt.datetime


def enclosures(document: Document) -> list[Enclosure]:
    """Return the files that `data["attachments"]` names. Raises OSError or ValueError if one is not what it was."""
    return [
        Enclosure(
            row["name"],
            row["description"],
            _read(row["file"], row["sha256"]),
            dt.datetime.fromisoformat(row["at"]),
        )
        for row in document.data.get("attachments", [])
    ]


def _read(name: str, sha256: str) -> bytes:
    with default_storage.open(name) as stored:
        content = bytes(stored.read())
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError("A file to attach is not the one that was kept.")
    return content
