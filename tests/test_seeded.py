"""Tests of what every test that commits relies on."""

import pytest

from apprenticeship.accounts.models import User
from apprenticeship.program.models import MinimumWage
from tests import seeded
from tests.people import person


@pytest.mark.django_db(transaction=True)
def test_whatever_was_committed_the_seeded_rows_are_laid_back() -> None:
    before = list(MinimumWage.objects.order_by("pk").values())
    person("somebody@example.org")
    MinimumWage.objects.filter(jurisdiction="CA").delete()
    MinimumWage.objects.update(rate=1)
    seeded.lay_back()
    assert not User.objects.exists()
    assert list(MinimumWage.objects.order_by("pk").values()) == before
    assert before
