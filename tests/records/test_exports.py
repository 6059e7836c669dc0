"""Lists of the admin as CSV: the rows on the screen, for those who may, and the log knows."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apprentices.models import Candidate, ConsentText
from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
from apprenticeship.records import events
from apprenticeship.records.exports import PEOPLE, Exported
from apprenticeship.records.models import Event, Notification
from employers.models import Employer, Onboarding
from employers.people import found_employer
from tests.pages import visit
from tests.people import PASSWORD, browser, person

pytestmark = pytest.mark.django_db
EMPLOYERS = "/admin/employers/employer/"


@pytest.fixture
def manager(db: None) -> User:
    return person("manager@example.org", "Terrence Blake", staff=MANAGERS)


@pytest.fixture
def reviewer(db: None) -> User:
    return person("reviewer@example.org", "Rosalind Meyer", staff=REVIEWERS)


def hospital(name: str, state: str = "MN", **fields: Any) -> Employer:
    """Return an employer whose application is under way."""
    onboarding = found_employer(person(f"owner{User.objects.count()}@example.org"), name)
    Employer.objects.filter(pk=onboarding.employer_id).update(state=state, **fields)
    return onboarding.employer


def downloaded(client: Client, address: str, query: str = "") -> list[list[str]]:
    """Return the cells of a list's file, its first row the headings."""
    response: Any = client.post(f"{address}export/{query}")
    assert response.streaming, response
    text = b"".join(response).decode("utf-8")
    assert text[0] == "\ufeff"
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def column(rows: list[list[str]], heading: str) -> list[str]:
    index = rows[0].index(heading)
    return [row[index] for row in rows[1:]]


def test_file_holds_the_rows_and_columns_of_the_filtered_list(reviewer: User) -> None:
    hospital("Lakeside Regional", "MN")
    hospital("Summit <b>Health</b> & Sons", "CO", city="Denver")
    hospital("Lakeside Summit", "CO")
    client = browser(reviewer)
    page = visit(client, f"{EMPLOYERS}?state__exact=CO&o=0")
    (link,) = page.tree.xpath("//a[text()='Download as CSV']/@href")
    assert link == "export/?state__exact=CO&o=0"
    shown = page.words("//th[@class='field-known_as']")
    page = visit(client, EMPLOYERS + link)
    assert "filtered as you saw them: 2 rows" in page.text

    rows = downloaded(client, EMPLOYERS, "?state__exact=CO&o=0")
    assert rows[0] == [
        "Employer", "Kind of organization", "City", "State or territory", "Contact person", "Application",
        "Created (UTC)", "Legal name",
    ]  # fmt: skip
    assert column(rows, "Legal name") == shown == ["Lakeside Summit", "Summit <b>Health</b> & Sons"]
    assert column(rows, "Application") == ["Getting started", "Getting started"]
    found = downloaded(client, EMPLOYERS, "?q=lakeside&state__exact=CO")
    assert column(found, "Legal name") == ["Lakeside Summit"]


def test_file_has_a_name_and_stays_nowhere(reviewer: User) -> None:
    hospital("Lakeside Regional")
    with time_machine.travel(dt.datetime(2026, 11, 25, 23, 30, tzinfo=dt.UTC)):
        response = browser(reviewer).post(f"{EMPLOYERS}export/")
    assert [response[name] for name in ("Content-Disposition", "Content-Type", "Cache-Control")] == [
        'attachment; filename="employers-2026-11-25.csv"', "text/csv; charset=utf-8",
        "max-age=0, no-cache, no-store, must-revalidate, private",
    ]  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_name_that_is_a_formula_arrives_as_text(start: str, reviewer: User) -> None:
    hospital(f"{start}cmd|' /C calc'!A0", contact_name=f'{start}HYPERLINK("https://example.org")')
    rows = downloaded(browser(reviewer), EMPLOYERS)
    assert column(rows, "Employer") == column(rows, "Legal name") == [f"'{start}cmd|' /C calc'!A0"]
    assert column(rows, "Contact person") == [f'\'{start}HYPERLINK("https://example.org")']


def test_log_keeps_who_took_which_list_and_no_word_of_it(manager: User) -> None:
    hospital("Lakeside Regional")
    hospital("Summit Health")
    downloaded(browser(manager), EMPLOYERS, "?q=lakeside&o=0")
    event = Event.objects.get(verb="list_exported")
    assert (event.chain_id, event.user, event.data) == (
        "program", manager, {"list": "employers.employer", "rows": 1, "filters": ["q"]},
    )  # fmt: skip


def test_looking_at_the_page_takes_nothing(manager: User) -> None:
    hospital("Lakeside Regional")
    page = visit(browser(manager), f"{EMPLOYERS}export/")
    assert (page.headline, Event.objects.filter(verb="list_exported").count()) == ("Download as CSV", 0)


PEOPLE_LISTS = {
    "accounts.user", "apprentices.candidate", "apprentices.invitation", "employers.invitation", "employers.membership",
    "records.notification",
}  # fmt: skip


def test_lists_of_people_need_their_own_permission() -> None:
    registered = admin.site._registry.items()
    lists = {model._meta.label_lower: model_admin for model, model_admin in registered}
    kept = {name for name, row in lists.items() if isinstance(row, Exported)}
    assert {name for name in kept if lists[name].export_permission == PEOPLE} == PEOPLE_LISTS
    assert set(lists) - kept == {
        "auth.group", "account.emailaddress", "program.program", "program.reminderplan",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(PEOPLE_LISTS))
def test_reviewer_takes_no_addresses_away(name: str, reviewer: User) -> None:
    address = reverse(f"admin:{name.replace('.', '_')}_changelist")
    client = browser(reviewer)
    assert [client.get(f"{address}export/").status_code, client.post(f"{address}export/").status_code] == [
        403, 403,
    ]  # fmt: skip
    if name != "accounts.user":
        assert "Download as CSV" not in client.get(address).content.decode()
    assert Event.objects.filter(verb="list_exported").count() == 0


def test_who_it_is_is_asked_first_and_the_filter_is_kept(reviewer: User) -> None:
    hospital("Lakeside Regional", "MN")
    client = Client()
    client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    address = f"{EMPLOYERS}export/?state__exact=MN"
    for answer in (client.get(address), client.post(address)):
        assert answer["Location"] == (
            "/accounts/reauthenticate/?next=%2Fadmin%2Femployers%2Femployer%2Fexport%2F%3Fstate__exact%3DMN"
        )
    assert Event.objects.filter(verb="list_exported").count() == 0
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": address})
    assert answer["Location"] == address
    assert "filtered as you saw them: 1 row" in visit(client, address).text


def test_filter_that_makes_no_sense_leads_back(reviewer: User) -> None:
    answer = browser(reviewer).post(f"{EMPLOYERS}export/?created_at__nonsense=1")
    assert answer["Location"] == "../?e=1"


# Many rows, few queries ------------------------------------------------------------------------------------


def many_candidates(count: int) -> None:
    consent = ConsentText.objects.current()
    Candidate.objects.bulk_create(
        Candidate(
            name=f"=Sam {number}", email=f"sam{number}@example.org", zip_code="55805", state="MN", region=5,
            is_of_age=True, asked_age=16, consent=consent, consented_at=dt.datetime.now(dt.UTC),
        )
        for number in range(count)
    )  # fmt: skip


def many_events(count: int) -> None:
    user = person("busy@example.org", "Busy")
    for number in range(count):
        events.record(events.PROGRAM, "notification_retried", by=user, data={"number": number})


def many_notifications(count: int) -> None:
    employer = hospital("Lakeside Regional")
    Notification.objects.all().delete()
    facts = {"name": "approved", "subject_id": str(employer.pk)}
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(employer)
    Notification.objects.bulk_create(
        Notification(recipient=f"a{number}@example.org", subject_type=kind, **facts)
        for number in range(count)
    )


def many_employers(count: int) -> None:
    rows = Employer.objects.bulk_create(Employer(legal_name=f"Hospital {number}") for number in range(count))
    Onboarding.objects.bulk_create(Onboarding(employer=employer) for employer in rows)


@pytest.mark.parametrize("count", [3, 1000])
@pytest.mark.parametrize(
    ("name", "make", "queries"),
    [
        ("employers_employer", many_employers, 18),
        ("employers_onboarding", many_employers, 20),
        ("apprentices_candidate", many_candidates, 18),
        ("records_notification", many_notifications, 20),
        ("records_event", many_events, 15),
    ],
)
def test_thousand_rows_cost_no_more_queries_than_three(
    name: str,
    make: Callable[[int], None],
    queries: int,
    count: int,
    manager: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make(count)
    client, address = browser(manager), reverse(f"admin:{name}_changelist")
    with django_assert_num_queries(queries):
        rows = downloaded(client, address)
    # The log's own list shows that it was taken.
    assert len(rows) == count + 1 + (name == "records_event")
    assert [cell for row in rows for cell in row if re.match(r"[=+\-@\t\r]", cell)] == []
