"""Minimum wages from a file: shown row by row, stored only as shown, logged; through the pages."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apprenticeship.accounts.roles import MANAGERS
from apprenticeship.program.coverage import missing_on
from apprenticeship.program.models import MinimumWage
from apprenticeship.program.wage_cells import COLUMNS, template_csv
from apprenticeship.program.wage_import import BYTES_MAX, Outcome, plan, store
from apprenticeship.records.models import Event
from apprenticeship.tables import MovedOn, Unreadable, decode
from tests.pages import Page
from tests.people import browser, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]

URL = "/admin/program/minimumwage/import/"
HEAD = ",".join(COLUMNS)
MINNESOTA = "MN,,11.80,2027-01-01,2027-12-31,yes,Minnesota DLI,https://dli.mn.gov/,2026-11-20,"
ARIZONA = "AZ,,15.20,2026-01-01,2026-12-31,yes,Arizona Industrial Commission,,2026-11-20,"


@pytest.fixture
def november() -> Any:
    with time_machine.travel("2026-11-25 12:00:00+00:00", tick=False):
        yield


@pytest.fixture
def manager() -> Client:
    return browser(person("manager@example.org", "Terrence Blake", staff=MANAGERS))


def table(*rows: str) -> str:
    return "\r\n".join([HEAD, *rows]) + "\r\n"


def upload(client: Client, content: bytes) -> Page:
    return Page(client.post(URL, {"file": SimpleUploadedFile("wages.csv", content)}))


def confirm(client: Client, page: Page, **typed: str) -> Page:
    form = page.tree.xpath("//form[.//input[@name='fingerprint']]")[0]
    fields = {row.name: row.value or "" for row in form.xpath(".//input[@type='hidden']")}
    return Page(client.post(URL, fields | typed, follow=True))


def rates(state: str) -> list[tuple[str, str]]:
    rows = MinimumWage.objects.filter(jurisdiction=state, sector="").order_by("effective_from")
    return [(row.effective_from.isoformat(), str(row.rate)) for row in rows]


def outcomes(text: str) -> list[str]:
    return [line.outcome.value for line in plan(text).lines]


def errors(*rows: str) -> list[list[str]]:
    return [line.errors for line in plan(table(*rows)).lines]


def test_file_is_shown_first_and_stored_after_a_yes(manager: Client) -> None:
    before = MinimumWage.objects.count()
    page = upload(manager, table(MINNESOTA, ARIZONA, "WI,,,2027-01-01,,,,,,").encode())
    assert page.words("//section[@aria-labelledby='look']/p/span") == [
        "Changed: 1",
        "New: 1",
        "No rate entered, left out: 1",
    ]
    assert page.words("//table//span[contains(@class, 'tag')]") == ["Changes a rate that is in force already"]
    assert MinimumWage.objects.count() == before

    refused = confirm(manager, page)
    assert (refused.status, rates("MN")) == (422, [("2026-01-01", "11.41")])
    assert refused.words("//ul[contains(@class, 'errorlist')]/li") == [
        "Tick this first: some rows change a rate that is entered already."
    ]
    done = confirm(manager, refused, agrees="on")
    assert done.url == "/admin/program/minimumwage/"
    assert done.words("//ul[@class='messagelist']/li") == ["2 minimum wages stored."]
    assert rates("MN") == [("2026-01-01", "11.41"), ("2027-01-01", "11.80")]
    assert rates("AZ") == [("2026-01-01", "15.20")]


def test_each_stored_row_is_logged_with_what_it_was(manager: Client) -> None:
    confirm(manager, upload(manager, table(MINNESOTA, ARIZONA).encode()), agrees="on")
    added, changed = Event.objects.filter(chain="program").order_by("number")
    assert (added.verb, added.user.email) == ("minimum_wage_added", "manager@example.org")
    assert {name: added.data[name] for name in ("jurisdiction", "rate")} == {
        "jurisdiction": "MN",
        "rate": "11.80",
    }
    assert (changed.verb, changed.data["changes"]["rate"]) == ("minimum_wage_changed", ["15.15", "15.20"])
    assert added.data["source"] == changed.data["source"]


def test_second_confirmation_of_the_same_file_stores_nothing(manager: Client) -> None:
    page = upload(manager, table(MINNESOTA).encode())
    confirm(manager, page)
    again = confirm(manager, page)
    assert again.words("//div[@role='alert']/p") == [
        "The rates changed since you looked. Nothing was stored; this is what the file does now."
    ]
    assert Event.objects.filter(verb="minimum_wage_added").count() == 1


def test_rate_changed_meanwhile_stops_the_confirmation(manager: Client) -> None:
    by = person("other@example.org", staff=MANAGERS)
    seen = plan(table(ARIZONA))
    MinimumWage.objects.filter(jurisdiction="AZ").update(rate=Decimal("15.18"))
    with pytest.raises(MovedOn):
        store(table(ARIZONA), fingerprint=seen.fingerprint, by=by)
    assert rates("AZ") == [("2026-01-01", "15.18")]


def test_row_with_an_error_keeps_the_whole_file_out(manager: Client) -> None:
    page = upload(manager, table(MINNESOTA, "OH,,eleven,2027-01-01,2027-12-31,,Ohio,,2026-11-20,").encode())
    assert page.tree.xpath("//input[@name='fingerprint']") == []
    assert page.words("//table[1]//tbody/tr/td[last()]")[0] == (
        "rate: dollars per hour, at most two decimals, such as 15.00."
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ZZ,,11.00,2027-01-01,2027-12-31,,Source,,2026-11-20,", "jurisdiction: a postal code"),
        ("OH,,=1+1,2027-01-01,2027-12-31,,Source,,2026-11-20,", "rate: this begins like a spreadsheet"),
        ("OH,,11.00,2027-01-01,2027-12-31,,@SUM(A1),,2026-11-20,", "source_name: this begins like"),
        ("OH,,11.005,2027-01-01,2027-12-31,,Source,,2026-11-20,", "rate: dollars per hour"),
        ("OH,,0,2027-01-01,2027-12-31,,Source,,2026-11-20,", "rate: Enter 0.01 or more."),
        ("OH,,11.00,01.01.2027,2027-12-31,,Source,,2026-11-20,", "effective_from: a date"),
        ("OH,,11.00,2027-01-01,2026-12-31,,Source,,2026-11-20,", "known_through: this day is before"),
        ("OH,,11.00,2027-01-01,,,Source,,2026-11-20,", "known_through: Say through which day"),
        ("OH,,11.00,2027-01-01,2027-12-31,perhaps,Source,,2026-11-20,", "is_confirmed: yes or no."),
        ("OH,,11.00,2027-01-01,2027-12-31,,,,2026-11-20,", "source_name: say where"),
        ("OH,,11.00,2027-01-01,2027-12-31,,Source,not a link,2026-11-20,", "source_url: Enter a valid URL."),
        ("OH,ca_health_other,11.00,2027-01-01,2027-12-31,,S,,2026-11-20,", "sector: This sector belongs"),
        ("OH,farms,11.00,2027-01-01,2027-12-31,,S,,2026-11-20,", "sector: Value 'farms' is not a valid"),
    ],
)
def test_each_wrong_cell_is_named(row: str, said: str) -> None:
    assert [[text[: len(said)] for text in found] for found in errors(row)] == [[said]]


def test_row_that_stands_twice_is_an_error() -> None:
    assert errors(MINNESOTA, MINNESOTA) == [[], ["The same state, sector and date stand in row 2."]]


def test_names_dollars_and_american_dates_are_read() -> None:
    row = "minnesota,,$11.80,1/1/2027,12/31/2027,TRUE,Minnesota DLI,,11/20/2026,"
    wage = plan(table(row)).lines[0].wage
    assert wage is not None
    assert (wage.jurisdiction, wage.rate, wage.effective_from) == (
        "MN",
        Decimal("11.80"),
        dt.date(2027, 1, 1),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_as_spreadsheets_write_them_are_read(encoding: str, delimiter: str) -> None:
    text = table(MINNESOTA.replace("DLI", "Dépt")).replace(",", delimiter)
    wage = plan(decode(text.encode(encoding), bytes_max=BYTES_MAX)).lines[0].wage
    assert wage is not None
    assert wage.source_name == "Minnesota Dépt"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02",
        b"PK\x03\x04\x00zip",
        b"state,wage\nMN,11\n",
        HEAD.encode(),
        HEAD.encode() + b"\n,,\n",
        b"x" * 200_001,
    ],
)
def test_what_is_no_table_is_refused_with_advice(manager: Client, content: bytes) -> None:
    page = upload(manager, content)
    assert page.status == 422
    assert len(page.words("//ul[contains(@class, 'errorlist')]/li")) == 1


def test_forged_confirmation_with_rubbish_stores_nothing(manager: Client) -> None:
    before = MinimumWage.objects.count()
    manager.post(URL, {"text": "rubbish", "fingerprint": "0", "agrees": "on"})
    assert MinimumWage.objects.count() == before
    with pytest.raises(Unreadable):
        plan("rubbish")


def test_template_lists_what_next_year_lacks_and_reads_back_as_blank() -> None:
    today = dt.date(2026, 11, 25)
    rows = list(csv.DictReader(io.StringIO(template_csv(today))))
    assert len(rows) == len(missing_on(dt.date(2027, 1, 1)))
    assert {row["effective_from"] for row in rows} == {"2027-01-01"}
    assert set(outcomes(template_csv(today))) == {Outcome.BLANK.value}


def test_warning_counts_what_next_year_lacks(manager: Client) -> None:
    names = [row.name for row in missing_on(dt.date(2027, 1, 1))]
    assert ("Minnesota" in names, "Alaska" in names, "Federal" in names) == (True, False, False)
    confirm(manager, upload(manager, table(MINNESOTA).encode()))
    assert [row.name for row in missing_on(dt.date(2027, 1, 1))] == [n for n in names if n != "Minnesota"]
    page = Page(manager.get("/admin/program/minimumwage/"))
    expected = f"{len(names) - 1} minimum wages are not entered for 2027"
    assert page.words("//div[@class='notice now']/h2") == [expected]


def test_unconfirmed_rate_still_counts_as_missing() -> None:
    found = {row.name: row for row in missing_on(dt.date(2027, 1, 1))}
    assert (found["Michigan"].has_unconfirmed, found["Ohio"].has_unconfirmed) == (True, False)
    assert str(found["Michigan"].last.rate) == "13.73"


def test_row_edited_in_its_form_is_logged(manager: Client) -> None:
    row = MinimumWage.objects.get(jurisdiction="AZ")
    url = f"/admin/program/minimumwage/{row.pk}/change/"
    page = Page(manager.get(url))
    fields = {name: value for name, value in page.fields().items() if name != "_saveasnew"}
    manager.post(url, fields | {"rate": "15.25"})
    event = Event.objects.get(verb="minimum_wage_changed")
    assert event.data["changes"] == {"rate": ["15.15", "15.25"]}


def test_list_and_import_keep_their_query_count(manager: Client, django_assert_num_queries: Any) -> None:
    Page(manager.get("/admin/program/minimumwage/"))
    with django_assert_num_queries(12):
        manager.get("/admin/program/minimumwage/")
    for rows in ([MINNESOTA], [MINNESOTA, ARIZONA, "OH,,11.00,2027-01-01,2027-12-31,,S,,2026-11-20,"]):
        with django_assert_num_queries(7):
            upload(manager, table(*rows).encode())
