"""Files that travel inside a paper, named in its facts with their SHA-256: texts, and files read from the storage.

A scan is also shown, page by page, by whoever only prints or reads the paper.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.core.files.storage import default_storage

from apprenticeship.documents import page_pictures
from apprenticeship.documents.models import Document


class Enclosure(NamedTuple):
    """One embedded file; readers show its name and description. `pages`: how many of it the paper shows."""

    name: str
    description: str
    content: bytes
    at: dt.datetime
    pages: int


def enclosures(document: Document) -> list[Enclosure]:
    """Return the files that `data["attachments"]` names, in the order of their names, as a PDF lists them.

    Raises OSError or ValueError if one is not what it was.
    """
    rows = sorted(document.data.get("attachments", []), key=lambda row: str(row["name"]))
    return [
        Enclosure(
            row["name"],
            row["description"],
            _content(row),
            dt.datetime.fromisoformat(row["at"]),
            row.get("pages", 0),
        )
        for row in rows
    ]


def text_as_file(text: str, *, name: str, description: str, at: dt.datetime) -> dict[str, str]:
    """Return the row of `data["attachments"]` for a text, to be attached as UTF-8."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    facts = {"name": name, "description": description, "at": at.isoformat()}
    return facts | {"text": text, "sha256": sha256}


def shown(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every page that a paper with these facts shows of its files: number, of how many, address of a picture."""
    return [
        {"number": number, "count": row["pages"], "address": _address(row["name"], number)}
        for row in data.get("attachments", [])
        for number in range(1, row.get("pages", 0) + 1)
    ]


def pictures(enclosed: Iterable[Enclosure]) -> dict[str, bytes]:
    """Return the pictures of the pages that are shown, by address. Raises ValueError if one cannot be drawn."""
    return dict(picture for row in enclosed if row.pages for picture in _drawn(row))


def _drawn(enclosure: Enclosure) -> Iterator[tuple[str, bytes]]:
    found = page_pictures.drawn(enclosure.content)
    if len(found) != enclosure.pages:
        raise page_pictures.Undrawable(f"The scan has {len(found)} pages, not {enclosure.pages}.")
    for number, picture in enumerate(found, 1):
        yield _address(enclosure.name, number), picture


def _address(name: str, number: int) -> str:
    return f"page:{name}/{number}"


def _content(row: dict[str, Any]) -> bytes:
    """Return the bytes of a text or of a stored file."""
    if "text" in row:
        content = str(row["text"]).encode()
    else:
        with default_storage.open(row["file"]) as stored:
            content = bytes(stored.read())
    if hashlib.sha256(content).hexdigest() != row["sha256"]:
        raise ValueError("A file to attach is not the one that was kept.")
    return content
