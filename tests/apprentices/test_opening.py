"""Opening details: with a purpose, logged, told, limited; marks, notes, table and the weekly mail."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

from __future__ import annotations

import csv
import datetime as dt
import re
import uuid
from io import StringIO
from typing import Any

import lxml.html
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from apprentices import export, keeping, links, opening, own, weekly
from apprentices.deleting import delete_on_request
from apprentices.models import Candidate, Disclosure, Progress, WeeklyLink, WeeklySearch
from apprenticeship.program.models import Program
from apprenticeship.records import events
from apprenticeship.records.models import Event, Notification
from apprenticeship.records.queues import work_off_everything
from employers import desk
from employers.application import zone_of
from employers.models import Employer
from employers.onboarding import State
from employers.samples import hospitals
from employers.samples.journey import Journey
from tests.apprentices.people import candidate
from tests.employers.conftest import journey, manager, owner, program_documents, reviewer  # noqa: F401
from tests.employers.stored import StoredJourney
from tests.pages import Page, press, visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db

SEARCH = "/candidates/"


@pytest.fixture
def employer(partner: Client, journey: Journey) -> Employer:
    """The active partner."""
    return journey.onboarding.employer


@pytest.fixture
def other(employer: Employer, journey: Journey) -> Journey:
    """Another active partner."""
    pia = person("prairie@example.org", "Pia Prairie", pk=940_000)
    other = StoredJourney(hospitals.PRAIRIE, pia, journey.reviewer, journey.manager)
    other.to(State.ACTIVE)
    other.work_off()
    return other


def open_page(client: Client, row: Candidate, purpose: str = "opening") -> Page:
    return Page(client.post(f"{SEARCH}{row.pk}/", {"purpose": purpose}, follow=True))


def test_opening_takes_a_purpose_and_shows_everything_then(partner: Client, journey: Journey) -> None:
    row = candidate(phone="218-555-0142", about="I repair radios.", current_employer="Acme")
    page = press(partner, visit(partner, f"{SEARCH}{row.pk}/"), button="open=1")
    assert list(page.problems.values()) == [
        "What do you want to write to them about? Choose what you want to write about. They are told."
    ]
    assert not Disclosure.objects.exists()
    page = press(partner, page, {"purpose": "planned"}, button="open=1")
    assert page.headline == "Ada Ortiz"
    assert page.notices == ["Opened. They are told by mail that it was you, and why."]
    for text in ("ada@example.org", "218-555-0142", "I repair radios.", "Acme", "Duluth, Minnesota 55805"):
        assert text in page.text
    event = Event.objects.filter(chain=events.CANDIDATES).get()
    assert (event.verb, event.user, event.subject_id) == ("candidate_opened", journey.owner, str(row.pk))
    assert event.data == {"employer": str(journey.onboarding.employer_id), "purpose": "planned"}


def test_double_click_opens_once(partner: Client) -> None:
    row = candidate()
    assert [open_page(partner, row).headline for _click in range(2)] == ["Ada Ortiz"] * 2
    assert (Disclosure.objects.count(), Event.objects.filter(chain="candidates").count()) == (1, 1)


def test_candidate_is_told_once_a_day_and_sees_who_looked(
    partner: Client, other: Journey, employer: Employer
) -> None:
    row = candidate()
    open_page(partner, row)
    assert (keeping.tell_who_looked(), keeping.tell_who_looked()) == (1, 0)
    work_off_everything()
    message = next(m for m in mail.outbox if m.to == ["ada@example.org"])
    assert message.subject == f"{employer} opened your details"
    assert "An apprenticeship that is open now" in message.body
    link = re.findall(r"/interest/mine/[\w-]+/", str(message.body))[0]
    page = visit(Client(), link)
    assert [text.startswith(f"{employer}, Duluth, MN") for text in page.words("//section//ol/li")] == [True]
    open_page(browser(other.owner), row)
    assert keeping.tell_who_looked() == 0
    Candidate.objects.update(told_at=timezone.now() - dt.timedelta(hours=25))
    assert keeping.tell_who_looked() == 1
    work_off_everything()
    assert mail.outbox[-1].subject == "Prairie Health System opened your details"


@pytest.mark.parametrize("since", ["stopped", "hidden", "restarted"])
def test_candidate_is_told_also_after_stopping_or_being_hidden(
    partner: Client, employer: Employer, since: str
) -> None:
    row = candidate()
    open_page(partner, row)
    if since == "hidden":
        Candidate.objects.update(heard_at=timezone.now() - dt.timedelta(days=91))
        assert keeping.hide_silent() == 1
    else:
        own.stop(row)
    if since == "restarted":
        own.stay(row)
    assert (keeping.tell_who_looked(), keeping.tell_who_looked()) == (1, 0)
    work_off_everything()
    message = next(m for m in mail.outbox if m.subject == f"{employer} opened your details")
    is_out = "Since then you have been taken out of the list" in message.body
    assert (message.to, is_out) == (["ada@example.org"], since != "restarted")
    assert ("One button there stops sharing" in message.body) == (since == "restarted")


def test_openings_not_mailed_yet_are_listed_where_somebody_deletes(
    partner: Client, employer: Employer, journey: Journey
) -> None:
    row = candidate()
    path = links.page_path(str(links.page_grant(row)[1]))

    def listed() -> list[str]:
        return visit(Client(), f"{path}delete/").words("//main//section//li")

    assert listed() == []
    open_page(partner, row)
    today = date_format(timezone.localtime(), "F j, Y")
    assert listed() == [f"{employer}, Duluth, MN · {today} · An apprenticeship that is open now"]
    assert delete_on_request(row, by=journey.manager, tell=True)
    work_off_everything()
    (message,) = (m for m in mail.outbox if m.to == ["ada@example.org"])
    assert f"- {employer}, Duluth, MN" in message.body
    assert "no mail had told" in message.body


def test_limit_holds_by_partner_and_day(partner: Client, other: Journey, employer: Employer) -> None:
    Program.objects.update(candidate_openings_per_day=2)
    rows = [candidate(name) for name in ("Ada", "Bob", "Cyd")]
    open_page(partner, rows[0])
    open_page(partner, rows[1])
    page = open_page(partner, rows[2])
    first = Disclosure.objects.order_by("at").first()
    assert first
    again = date_format((first.at + dt.timedelta(days=1)).astimezone(zone_of(employer)), "M j, g:i A T")
    for seen in (page, visit(partner, f"{SEARCH}{rows[2].pk}/")):
        assert "The day’s limit is reached" in seen.text
        assert "Your organization has opened 2 people within 24 hours; 2 are the most." in seen.text
        assert f"The next can be opened from {again}." in seen.text
        assert "cyd@example.org" not in seen.html
        assert not seen.tree.xpath("//main//form")
    own.stop(rows[0])  # does not give one back
    assert "The day’s limit is reached" in open_page(partner, rows[2]).text
    assert open_page(browser(other.owner), rows[2]).headline == "Cyd"
    Disclosure.objects.filter(employer=employer).update(at=timezone.now() - dt.timedelta(hours=25))
    assert open_page(partner, rows[2]).headline == "Cyd"


def test_who_stops_is_gone_for_those_who_had_opened_them(partner: Client, employer: Employer) -> None:
    row = candidate()
    open_page(partner, row)
    own.stop(row)
    gone, never = (visit(partner, f"{SEARCH}{pk}/") for pk in (row.pk, uuid.uuid4()))
    assert (gone.status, gone.headline, gone.text) == (404, "Nobody to see here", never.text)
    assert "Ada" not in visit(partner, f"{SEARCH}opened/").html
    assert "Ada" not in partner.get(f"{SEARCH}opened.csv").content.decode()
    own.stay(row)
    assert "Candidate, details closed" in visit(partner, f"{SEARCH}{row.pk}/").text
    assert open_page(partner, row).headline == "Ada Ortiz"
    assert Disclosure.objects.count() == 2


def test_marks_and_notes_are_each_employers_own(partner: Client, other: Journey, employer: Employer) -> None:
    row, theirs = candidate(), browser(other.owner)
    open_page(partner, row)
    open_page(theirs, row)
    page = press(
        partner, visit(partner, f"{SEARCH}{row.pk}/"), {"mark": "interviewing", "note": "Call on Monday"}
    )
    assert page.notices == ["Saved. Neither they nor other partners see it."]
    assert page.fields()["note"] == "Call on Monday"
    assert visit(theirs, f"{SEARCH}{row.pk}/").fields() == {"mark": "new", "note": ""}
    assert visit(partner, f"{SEARCH}opened/?mark=interviewing").words("//tbody//a") == ["Ada Ortiz"]
    assert visit(theirs, f"{SEARCH}opened/?mark=interviewing").words("//tbody//a") == []
    assert visit(partner, f"{SEARCH}opened/?mark=hired").text.count("Nobody here.") == 1
    page = press(partner, page, {"note": "x" * 2001})
    assert list(page.problems) == ["id_note"]
    assert page.fields()["note"] == "x" * 2001
    assert set(Progress.objects.values_list("note", flat=True)) == {"Call on Monday", ""}


def test_table_holds_the_opened_alone_and_no_formulas(partner: Client, employer: Employer) -> None:
    opened = candidate(
        "Ada", about="=HYPERLINK(1)", current_employer="@SUM", phone="+1 218-555-0142", work="field",
        knows_it=True, knows_clinical=True,
    )  # fmt: skip
    candidate("Bob")
    open_page(partner, opened)
    press(partner, visit(partner, f"{SEARCH}{opened.pk}/"), {"mark": "new", "note": "-2+3"})
    response = partner.get(f"{SEARCH}opened.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    head, *lines = csv.reader(StringIO(response.content.decode("utf-8-sig")))
    cells = dict(zip(head, lines[0], strict=True))
    assert (len(lines), cells["Name"], cells["E-mail"]) == (1, "Ada", "ada@example.org")
    assert [cells[name] for name in ("In their own words", "Current employer", "Phone", "Private note")] == [
        "'=HYPERLINK(1)",
        "'@SUM",
        "'+1 218-555-0142",
        "'-2+3",
    ]
    assert [cells[name] for name in ("Opened for", "Experience with", "Works in the field")] == [
        "An apprenticeship that is open now", "IT, Clinical", opened.get_work_display(),
    ]  # fmt: skip
    assert export.harmless(" =1") == "' =1"


def test_weekly_mail_counts_new_matches(partner: Client, journey: Journey, employer: Employer) -> None:
    page = visit(partner, f"{SEARCH}?state=MN&available=0")
    page = Page(
        partner.post("/candidates/weekly/", {"state": "MN", "available": "0", "do": "follow"}, follow=True)
    )
    assert page.notices == ["We write to you every week in which new people match this search."]
    row = WeeklySearch.objects.get()
    assert row.query == "state=MN&available=0"
    candidate("Ada", "55805", available=0, days=3)
    candidate("Old", "55805", available=0, days=20)
    candidate("Far", "53202", available=0, days=3)
    candidate("Hid", "55805", available=0, days=3, status="stopped")
    assert weekly.tell_matches() == 0  # the week is not over
    WeeklySearch.objects.update(counted_at=timezone.now() - dt.timedelta(days=7))
    assert (weekly.tell_matches(), weekly.tell_matches()) == (1, 0)
    work_off_everything()
    message = next(m for m in mail.outbox if "End this weekly mail" in m.body)
    assert message.subject == "1 new person matches your search"
    assert "/candidates/?state=MN&available=0" in message.body
    assert "Minnesota · Could start: Right away" in message.body
    assert "One person joined the list" in message.body
    assert "Ada" not in message.body
    (html,) = (content for content, kind in message.alternatives if kind == "text/html")
    button, end = lxml.html.fromstring(html).xpath("//a[not(starts-with(@href, 'mailto:'))]")[:2]
    assert (button.text, end.text) == ("Sign in and look", "End this weekly mail")
    assert ("/candidates/?state=MN" in button.get("href"), "/weekly/stop/" in end.get("href")) == (True, True)


def weekly_stop_paths(weeks: int) -> list[str]:
    """Let weeks pass, each with somebody new, and return the way out of each week's mail."""
    for week in range(weeks):
        candidate(f"Week{week}", days=3)
        WeeklySearch.objects.update(counted_at=timezone.now() - dt.timedelta(days=7))
        assert weekly.tell_matches() == 1
        work_off_everything()
    headers = [m.extra_headers["List-Unsubscribe"] for m in mail.outbox if "End this weekly mail" in m.body]
    return [re.sub(r"^<https?://[^/]+|>$", "", header) for header in headers]


@pytest.mark.parametrize("used", [0, 1])
def test_every_weekly_mails_link_ends_it_and_says_so(partner: Client, employer: Employer, used: int) -> None:
    partner.post("/candidates/weekly/", {"do": "follow"})
    paths = weekly_stop_paths(2)
    strict = Client(enforce_csrf_checks=True)
    assert [visit(strict, path).headline for path in paths] == ["End the weekly mail?"] * 2
    assert WeeklySearch.objects.count() == 1
    assert strict.post(paths[used], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert WeeklySearch.objects.count() == 0
    assert [visit(strict, path).headline for path in paths] == ["The weekly mail has ended"] * 2
    partner.post("/candidates/weekly/", {"do": "follow"})
    assert visit(strict, paths[used]).headline == "End the weekly mail?"


def test_unknown_link_is_not_told_that_the_weekly_mail_ended(partner: Client, employer: Employer) -> None:
    partner.post("/candidates/weekly/", {"do": "follow"})
    (path,) = weekly_stop_paths(1)
    WeeklyLink.objects.create(user=employer.memberships.get().user)  # of a mail that has not left
    for guess in (path[:-2] + "/", f"/candidates/weekly/stop/{'a' * 43}/"):
        for answer in (Client().get(guess), Client().post(guess, {"List-Unsubscribe": "One-Click"})):
            assert answer.status_code == 410
            assert Page(answer).headline == "We don’t know this link"
            assert "if you get a weekly mail about candidates, it goes on" in Page(answer).text
            assert "has ended" not in Page(answer).text
    assert WeeklySearch.objects.count() == 1


@pytest.mark.parametrize("ending", ["suspend", "leave"])
def test_weekly_mail_ends_with_the_partnership_and_the_seat(
    partner: Client, journey: Journey, employer: Employer, ending: str
) -> None:
    partner.post("/candidates/weekly/", {"state": "MN", "do": "follow"})
    candidate(days=3)
    WeeklySearch.objects.update(counted_at=timezone.now() - dt.timedelta(days=8))
    if ending == "suspend":
        desk.suspend(journey.onboarding, by=journey.manager, reason="Late papers.")
    else:
        employer.memberships.update(is_active=False)
    before = Notification.objects.count()
    assert weekly.tell_matches() == 0
    assert Notification.objects.count() == before


def test_weekly_mail_is_ended_on_the_page(partner: Client, employer: Employer) -> None:
    partner.post("/candidates/weekly/", {"do": "follow"})
    page = visit(partner, SEARCH)
    assert "Stop the weekly mail" in page.text
    assert Page(partner.post("/candidates/weekly/", {"do": "stop"}, follow=True)).notices == [
        "The weekly mail has ended."
    ]
    assert not WeeklySearch.objects.exists()


def test_weekly_mail_says_its_search_and_is_replaced(partner: Client, employer: Employer) -> None:
    def panel(query: str) -> tuple[str, list[str]]:
        page = visit(partner, SEARCH + query)
        text = page.words("//section[@aria-labelledby='weekly-title']")[0]
        return text.removeprefix("Weekly mail about new people "), page.buttons("do")

    site = employer.sites.get(zip_code="55805")
    assert panel("?state=MN") == (
        "One mail a week says how many new people match your search; none in a week without. "
        "This search: Minnesota Write to me every week", ["follow"],
    )  # fmt: skip
    partner.post("/candidates/weekly/", {"near": site.pk, "do": "follow"})
    here = f"within 50 miles of {site}"
    assert panel(f"?near={site.pk}") == (
        f"Your weekly mail is about this search: {here} Stop the weekly mail", ["stop"]
    )  # fmt: skip
    assert panel("") == (
        f"Your weekly mail is about another search: {here} This search: everybody "
        "Replace it with this search Stop the weekly mail", ["follow", "stop"],
    )  # fmt: skip
    assert panel("?zip_code=00000")[1] == ["stop"]
    WeeklySearch.objects.update(query="near=999999")
    assert "does not work any more" in panel("")[0]
    partner.post("/candidates/weekly/", {"state": "MN", "do": "follow"})
    assert WeeklySearch.objects.get().query == "state=MN"


@pytest.mark.parametrize("rows", [1, 3])
def test_opened_list_costs_few_queries(
    partner: Client, employer: Employer, journey: Journey, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        opening.open_details(candidate(f"P{number}").pk, employer, "opening", by=journey.owner)
    partner.get(f"{SEARCH}opened/")
    with django_assert_num_queries(6):
        partner.get(f"{SEARCH}opened/")
    with django_assert_num_queries(5):
        partner.get(f"{SEARCH}opened.csv")
