"""Candidates in the admin: by region, read-only, deleted with their mail."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from apprentices.interest import Answers, express
from apprentices.models import Candidate, ConsentText
from apprentices.places import place_of
from apprenticeship.accounts.models import User
from apprenticeship.records.models import Notification

pytestmark = pytest.mark.django_db

LIST = "/admin/apprentices/candidate/"


def add(name: str, zip_code: str) -> Candidate:
    """Return somebody who filled in the form."""
    place, consent = place_of(zip_code), ConsentText.objects.latest("version")
    assert place is not None
    email = f"{name.lower()}@example.org"
    express(Answers(name=name, email=email, place=place, asked_age=16, consent=consent))
    return Candidate.objects.get(email=email)


def staff(*codes: str) -> User:
    """Return staff with some permissions on candidates."""
    user = User.objects.create_user("staff@example.org", "demo-pass-2026", name="Sam Staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return user


def names(client: Client, query: str) -> list[str]:
    """Return the names that the list shows for a query."""
    return [candidate.name for candidate in client.get(LIST + query).context["cl"].result_list]


def test_list_filters_by_region_state_status_and_search(client: Client, manager: User) -> None:
    client.force_login(manager)
    for name, zip_code in {"Ada": "53202", "Bob": "60601", "Cyd": "10001", "Dan": "09012"}.items():
        add(name, zip_code)
    assert sorted(names(client, "")) == ["Ada", "Bob", "Cyd", "Dan"]
    assert names(client, "?region=5") == ["Bob", "Ada"]
    assert names(client, "?region=none") == ["Dan"]
    assert names(client, "?region=nonsense") == names(client, "")
    assert names(client, "?state__exact=NY") == ["Cyd"]
    assert names(client, "?status__exact=confirmed") == []
    assert names(client, "?q=bob@example") == ["Bob"]
    assert ">Chicago</a>" in client.get(LIST).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_few_queries(
    client: Client, manager: User, django_assert_num_queries: Any, rows: int
) -> None:
    client.force_login(manager)
    for name in ("Ada", "Bob", "Cyd")[:rows]:
        add(name, "53202")
    client.get(LIST)
    with django_assert_num_queries(10):
        client.get(LIST)


def test_page_is_read_only_and_shows_no_hash(client: Client, manager: User) -> None:
    client.force_login(manager)
    candidate = add("Ada", "53202")
    Candidate.objects.update(confirm_hash="c0ffee" * 10, new_email_hash="facade" * 10)
    page = client.get(f"{LIST}{candidate.pk}/change/").content.decode()
    assert "Milwaukee, Wisconsin" in page
    assert "c0ffee" not in page
    assert "facade" not in page
    assert client.post(f"{LIST}{candidate.pk}/change/", {"name": "Eve"}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
    assert Candidate.objects.get().name == "Ada"


def test_deletion_needs_its_permission(client: Client) -> None:
    candidate = add("Ada", "53202")
    user = staff("view_candidate")
    client.force_login(user)
    bulk = {"action": "delete_selected", "_selected_action": [str(candidate.pk)], "post": "yes"}
    assert client.post(f"{LIST}{candidate.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, bulk)
    assert Candidate.objects.count() == 1

    user.user_permissions.add(Permission.objects.get(codename="delete_candidate"))
    client.post(LIST, bulk)
    assert (Candidate.objects.count(), Notification.objects.count()) == (0, 0)


def test_staff_without_permission_see_nobody(client: Client) -> None:
    client.force_login(staff())
    assert client.get(LIST).status_code == 403


def test_consent_text_is_edited_by_a_new_version(client: Client, manager: User) -> None:
    client.force_login(manager)
    consent = ConsentText.objects.latest("version")
    page = f"/admin/apprentices/consenttext/{consent.pk}/change/"
    client.post(page, {"version": "2", "text": "Other words.", "retired_at_0": "", "retired_at_1": ""})
    assert ConsentText.objects.latest("version").text == consent.text
    client.post(
        "/admin/apprentices/consenttext/add/",
        {
            "version": "3",
            "text": "Newer words.",
            "published_at_0": "2026-01-02",
            "published_at_1": "03:04:05",
        },
    )
    current = ConsentText.objects.current()
    assert current is not None
    assert (current.version, current.text) == (3, "Newer words.")
