"""`check --deploy` warns of what is fit for trying only, and is silent where it is set up for work."""

from typing import Any

import pytest
from django.core import checks

OURS = {"documents.W001", "records.W001", "records.W002"}


def warned() -> set[str]:
    """Return the ids of our own warnings."""
    found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    return {str(message.id) for message in found} & OURS


@pytest.mark.parametrize(
    ("name", "value", "left"),
    [
        ("SEALING_KEY_FILE", "/etc/portal/key.p12", {"records.W001", "records.W002"}),
        ("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend", {"documents.W001", "records.W002"}),
        ("SITE_URL", "https://portal.example.org", {"documents.W001", "records.W001"}),
    ],
)
def test_each_warning_ends_with_its_setting(name: str, value: str, left: set[str], settings: Any) -> None:
    settings.SEALING_KEY_FILE, settings.SITE_URL = "", "http://127.0.0.1:8000"
    settings.EMAIL_BACKEND = "apprenticeship.records.mail_folder.EmailBackend"
    assert warned() == OURS
    setattr(settings, name, value)
    assert warned() == left


def test_they_are_warnings_for_a_deployment_alone() -> None:
    found = checks.run_checks(tags=[checks.Tags.security])
    assert {str(message.id) for message in found} & OURS == set()
