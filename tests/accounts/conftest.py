"""A mail server of the test's own, and somebody with an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.records.conftest import mail_server

if TYPE_CHECKING:  # this file is read before Django is set up
    from apprenticeship.accounts.models import User

__all__ = ["mail_server"]


@pytest.fixture
def dana(db: None) -> User:
    """Somebody with a confirmed address and tests.people.PASSWORD."""
    from tests.people import person

    return person("dana@example.org", "Dana Whitfield")
