"""What /readyz answers."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_ready_names_each_part(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        200,
        {"database": True, "broker": True, "storage": True},
    )
