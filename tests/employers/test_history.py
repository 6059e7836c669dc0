"""Who did what, field by field: an employer's history as sentences, without what concerns a person."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from apprenticeship.accounts.models import User
from apprenticeship.records.events import first_broken
from apprenticeship.records.models import AppendOnlyError, Change, Event
from employers import desk, registering
from employers.models import Employer, Onboarding, Site
from employers.onboarding import Part, State
from employers.samples.journey import Journey
from tests.employers.amending import decide, draft, sign_in_portal
from tests.pages import Page, fill_in, visit
from tests.people import browser

pytestmark = pytest.mark.django_db


def history_page(client: Client, onboarding: Onboarding, query: str = "") -> Page:
    return visit(client, reverse("admin:employers_onboarding_history", args=[onboarding.pk]) + query)


def heads(page: Page) -> list[str]:
    """Return what each entry says, newest first."""
    return page.words("//ol/li/b")


def newest(page: Page) -> list[str]:
    """Return the sentences of the newest entry."""
    return page.words("//ol/li[1]/ul/li")


def test_save_on_the_employers_page_is_told_field_by_field(journey: Journey, reviewer: User) -> None:
    onboarding = journey.to(State.MENTOR)
    owner = browser(journey.owner)
    typed = {
        "dba_name": "Lakeside",
        "naics": "",
        "contact_name": "Somebody Secret",
        "sites-0-journeyworkers": "12",
    }
    Employer.objects.update(naics="622110")
    fill_in(owner, "/onboarding/get-started/", typed)
    page = history_page(browser(reviewer), onboarding)
    assert heads(page)[0] == "Organization and sites saved"
    assert newest(page) == [
        "Doing business as set to “Lakeside”.",
        "NAICS code emptied; it was “622110”.",
        "Contact: contact person changed; what it says is not kept here.",
        "Site 1: journeyworkers on staff changed from “6” to “12”.",
    ]
    assert f"Organization and sites saved · {journey.owner}" in page.words("//ol/li[1]")[0]
    assert "Somebody Secret" not in page.text
    event = Event.objects.filter(verb="part_saved").latest("number")
    site = Site.objects.order_by("pk")[0]
    assert event.data == {
        "part": "profile", "fields": ["dba_name", "naics", "contact_name", f"site-{site.pk}.journeyworkers"],
    }  # fmt: skip


def test_rows_added_and_removed_are_told(journey: Journey, reviewer: User) -> None:
    onboarding = journey.to(State.SUBMISSION)

    def replace(row: Onboarding) -> None:
        row.employer.funding_sources.all().delete()
        row.employer.funding_sources.create(kind="state", name="Job Skills", amount=Decimal("7400.00"))

    (source,) = onboarding.employer.funding_sources.all()
    was = f"{source.get_kind_display()} · ${source.amount:,}"
    journey.save(Part.FUNDING, replace)
    page = history_page(browser(reviewer), onboarding)
    index = heads(page).index("Funding saved")
    assert page.words(f"//ol/li[{index + 1}]/ul/li") == [
        "Source 1 set to “State grant or tax credit · Job Skills · $7,400.00”.",
        f"Source 1 emptied; it was “{was}”.",
    ]


def test_wages_are_told_period_by_period(journey: Journey, reviewer: User) -> None:
    onboarding = journey.to(State.AGREEMENT)
    journey.build_wages()
    page = history_page(browser(reviewer), onboarding)
    index = heads(page).index("Wage schedule saved")
    lines = page.words(f"//ol/li[{index + 1}]/ul/li")
    assert lines[0] == "Fully proficient rate set to “$34.00 an hour”."
    assert lines[1].startswith("Period 1, hours 0 to ")


def test_no_word_about_a_person_is_kept(journey: Journey) -> None:
    onboarding = journey.to(State.ACTIVE)
    employer = onboarding.employer
    mentor = employer.mentors.first()
    assert mentor is not None
    secrets = {
        employer.contact_name, employer.contact_email, employer.contact_phone, employer.complaint_name,
        employer.complaint_email, mentor.name, mentor.email, onboarding.signatory_name, journey.owner.email,
    }  # fmt: skip
    words = "\n".join(f"{row.before}\n{row.after}" for row in Change.objects.all())
    assert [secret for secret in secrets if secret and secret in words] == []
    told = set(Change.objects.filter(is_personal=True).values_list("field", flat=True))
    assert {"contact_title", "complaint_email", "signatory", f"mentor-{mentor.pk}.email"} <= told
    assert Change.objects.filter(is_personal=True).exclude(before="", after="").count() == 0


def test_decisions_are_told_with_their_words(journey: Journey, reviewer: User) -> None:
    onboarding = journey.to(State.REVIEW)
    desk.request_changes(
        onboarding, by=reviewer, notes={Part.FUNDING: "Name the grant."}, message="Nearly there."
    )
    page = history_page(browser(reviewer), onboarding)
    assert heads(page)[0] == "AAMI asked for changes"
    assert newest(page) == ["Funding: “Name the grant.”"]
    first = page.words("//ol/li[1]")[0]
    assert ("Rosalind Meyer" in first, "Nearly there." in first) == (True, True)


def test_amendment_in_force_is_told_field_by_field(journey: Journey, reviewer: User) -> None:
    onboarding = journey.to(State.ACTIVE)
    owner = browser(journey.owner)
    draft(owner, "Lakeside Health, Inc.")
    sign_in_portal(owner, journey.owner.name)
    decide(browser(reviewer), "countersign", reviewer)
    page = history_page(browser(reviewer), onboarding)
    index = heads(page).index("Amendment written into the record")
    assert page.words(f"//ol/li[{index + 1}]/ul/li") == [
        "Legal name changed from “Lakeside Regional Medical Center” to “Lakeside Health, Inc.”."
    ]


def test_employer_and_case_have_the_same_history(journey: Journey, reviewer: User) -> None:
    onboarding = journey.to(State.REVIEW)
    client = browser(reviewer)
    address = reverse("admin:employers_employer_history", args=[onboarding.employer_id])
    assert heads(visit(client, address)) == heads(history_page(client, onboarding))
    links = visit(client, f"/admin/employers/onboarding/{onboarding.pk}/change/").tree.xpath(
        "//a[text()='History']/@href"
    )
    assert links == [reverse("admin:employers_onboarding_history", args=[onboarding.pk])]


def test_strangers_read_no_history(journey: Journey) -> None:
    onboarding = journey.to(State.REVIEW)
    address = reverse("admin:employers_onboarding_history", args=[onboarding.pk])
    assert browser(journey.owner).get(address)["Location"].startswith("/admin/login/")


def test_history_is_written_once_and_its_chain_holds(journey: Journey) -> None:
    onboarding = journey.to(State.SUBMISSION)
    row = Change.objects.first()
    assert row is not None
    for forbidden in (row.save, row.delete, Change.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            forbidden()
    assert first_broken(onboarding.employer.chain) is None


def test_save_that_changes_nothing_says_no_more(journey: Journey, reviewer: User) -> None:
    onboarding = journey.to(State.SUBMISSION)
    fill_in(browser(journey.owner), "/onboarding/funding/", {})
    page = history_page(browser(reviewer), onboarding)
    assert (heads(page)[0], newest(page)) == ("Funding saved", [])


def test_history_costs_the_same_with_many_events(journey: Journey, reviewer: User) -> None:
    onboarding = journey.to(State.SUBMISSION)
    client = browser(reviewer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            history_page(client, onboarding)
        return len(found)

    def rate(number: int) -> Any:
        return lambda row: row.employer.funding_sources.update(name=f"Source {number}")

    few = queries()
    for number in range(60):
        journey.save(Part.FUNDING, rate(number))
    assert queries() == few
    page = history_page(client, onboarding, "?p=2")
    assert page.tree.xpath("//p[@class='desk-buttons']/a/text()") == ["Newer"]


def test_registration_is_told_with_its_items_its_number_and_its_day(journey: Journey, reviewer: User) -> None:
    case = journey.to(State.REGISTRATION)
    item = case.registration.attempts.get().checks.first()
    registering.check(case, item.pk, by=reviewer, is_checked=True)
    ticked = history_page(browser(reviewer), case)
    assert (heads(ticked)[0], newest(ticked)) == ("Registration checklist: item checked", [item.text])
    journey.register()
    case.registration.refresh_from_db()
    registered = history_page(browser(reviewer), case)
    day = date_format(case.registration.registered_on, "M j, Y")
    told = f"Program number {case.registration.program_number}, registered on {day}."
    assert told in registered.words("//ol/li/ul/li")
