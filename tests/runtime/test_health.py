"""What /readyz answers."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_ready_names_each_part(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        200,
        {"database": True, "broker": True, "storage": True},
    )


@pytest.mark.parametrize("place", ["missing", "file", "refuses"])
def test_folder_that_takes_no_file_is_named(
    place: str, client: Client, settings: Any, tmp_path: Path
) -> None:
    """Gone, replaced, or read-only: /proc takes no file from anybody, not even from root."""
    (tmp_path / "file").write_text("in the folder's stead")
    settings.MEDIA_ROOT = Path("/proc") if place == "refuses" else tmp_path / place
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        503,
        {"database": True, "broker": True, "storage": False},
    )


def test_asking_leaves_nothing_behind(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert client.get("/readyz").status_code == 200
    assert list(tmp_path.iterdir()) == []
