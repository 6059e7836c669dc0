"""Servers that a test may stop, and the people of one sample employer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.employers.conftest import (
    at,
    colleague,
    journey,
    manager,
    outsider,
    owner,
    program_documents,
    reviewer,
)
from tests.records.conftest import mail_server
from tests.services.redis_server import Server

__all__ = [
    "at", "colleague", "journey", "mail_server", "manager", "outsider", "owner", "program_documents", "reviewer",
]  # fmt: skip


@pytest.fixture
def server() -> Iterator[Server]:
    """A Redis of the test's own."""
    server = Server()
    yield server
    server.kill()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """Keep the files of each test apart."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def process_environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a process that works on the test's own database and files."""
    from urllib.parse import urlsplit

    from django.db import connection

    database = (
        urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    )
    own = {
        "DATABASE_URL": database,
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "apprenticeship.settings",
    }
    return os.environ | own
