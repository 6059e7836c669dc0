"""A mail server of the test's own, and one employer to write to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.records.mail_server import HOST, MailServer

if TYPE_CHECKING:  # this file is read before Django is set up
    from apprenticeship.accounts.models import User
    from employers.models import Employer


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """The server that the portal sends its mail to."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, server.port
    yield server
    server.down()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """Keep the files of each test apart."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def owner(db: None) -> User:
    """The owner of the employer."""
    from tests.people import person

    return person("owner@example.org", "Dana Whitfield")


@pytest.fixture
def employer(owner: User) -> Employer:
    """An employer in step 1; its welcome is no mail of these tests."""
    from apprenticeship.records.models import Notification
    from employers.people import found_employer

    onboarding = found_employer(owner, "Lakeside Regional Medical Center")
    Notification.objects.all().delete()
    return onboarding.employer
