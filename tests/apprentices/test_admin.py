"""Candidates in the admin: by region, read-only, deleted with their mail."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from apprentices import keeping, opening, own
from apprentices.interest import Answers, express
from apprentices.models import Candidate, ConsentText
from apprentices.places import place_of
from apprenticeship.accounts.models import User
from apprenticeship.records.models import Notification
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.apprentices.people import candidate
from tests.employers.conftest import journey, owner, program_documents, reviewer  # noqa: F401
from tests.pages import visit

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
    ada = add("Ada", "53202")
    Candidate.objects.update(confirm_hash="c0ffee" * 10, new_email_hash="facade" * 10)
    page = client.get(f"{LIST}{ada.pk}/change/").content.decode()
    assert "Milwaukee, Wisconsin" in page
    assert "c0ffee" not in page
    assert "facade" not in page
    assert client.post(f"{LIST}{ada.pk}/change/", {"name": "Eve"}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
    assert Candidate.objects.get().name == "Ada"


def test_page_tells_who_opened_what_was_mailed_and_what_can_be_done(
    client: Client, manager: User, journey: Journey
) -> None:
    journey.to(State.ACTIVE)
    employer = journey.onboarding.employer
    ada = candidate("Ada Ortiz", "53202", phone="414-555-0142", about="I repair radios.")
    twin = candidate("Bea Ortiz", "10001", phone="414-555-0142")
    opened = opening.open_details(ada.pk, employer, "planned", by=journey.owner)
    opening.note_progress(employer, ada, mark="interviewing", note="A private word.", by=journey.owner)
    client.force_login(manager)
    page = visit(client, f"{LIST}{ada.pk}/change/")
    assert (page.headline, page.words("//title")) == ("Ada Ortiz", ["Ada Ortiz | AAMI desk"])
    at = f"{opened.at:%b} {opened.at.day}, {opened.at:%Y, %H:%M} UTC"
    assert page.words("//section[@aria-labelledby='opened']//li") == [
        f"{employer} Interviewing{at}, by {journey.owner}: An apprenticeship planned within a year "
        "Can read them · the person is told with the next daily mail"
    ]
    assert "A private word." not in page.html
    assert str(ada.latitude) not in page.html
    assert page.tree.xpath("//div[@class='notice now']//a/@href") == [f"{LIST}{twin.pk}/change/"]
    assert f"{LIST}{ada.pk}/delete/" in page.tree.xpath("//section[@aria-labelledby='do']//a/@href")
    assert keeping.tell_who_looked() == 1
    own.stop(ada)
    page = visit(client, f"{LIST}{ada.pk}/change/")
    assert (
        "Can no longer read them: sharing stopped"
        in page.words("//section[@aria-labelledby='opened']//li")[0]
    )
    assert page.words("//header//span[contains(@class, 'tag')]") == ["stopped sharing"]
    assert page.words("//section[@aria-labelledby='mail']//li/span") == ["On its way"]
    client.force_login(staff("view_candidate"))
    links = visit(client, f"{LIST}{ada.pk}/change/").tree.xpath("//main//section//a/@href")
    assert [link for link in links if "delete" in link or "consenttext" in link] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_few_queries(
    client: Client, manager: User, journey: Journey, django_assert_num_queries: Any, rows: int
) -> None:
    journey.to(State.ACTIVE)
    ada = candidate("Ada Ortiz", "53202")
    for _row in range(rows):
        opening.open_details(ada.pk, journey.onboarding.employer, "planned", by=journey.owner)
        keeping.tell_who_looked()
        own.stop(ada)
        own.stay(ada)
        Candidate.objects.update(told_at=None)
    client.force_login(manager)
    client.get(f"{LIST}{ada.pk}/change/")
    with django_assert_num_queries(10):
        client.get(f"{LIST}{ada.pk}/change/")


def test_deletion_needs_its_permission(client: Client) -> None:
    ada = add("Ada", "53202")
    user = staff("view_candidate")
    client.force_login(user)
    bulk = {"action": "delete_selected", "_selected_action": [str(ada.pk)], "post": "yes"}
    assert client.post(f"{LIST}{ada.pk}/delete/", {"post": "yes"}).status_code == 403
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
    page = visit(client, "/admin/apprentices/consenttext/")
    in_force = [
        mark.get("alt") for mark in page.tree.xpath("//td[contains(@class, 'field-is_in_force')]/img")
    ]
    assert in_force == ["True", "False", "False"]
