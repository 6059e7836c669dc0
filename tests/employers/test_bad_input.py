"""Anything in any field of any step: no error page, a message at the field, the text kept, nothing foreign changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apprenticeship.accounts.models import User
from employers.application import Application
from employers.models import FundingSource, Mentor, Onboarding, Position, Site, WagePeriod
from employers.onboarding import State
from employers.people import found_employer
from employers.samples.journey import Journey
from employers.summary import answers_as_data
from tests.employers.answers import step_url
from tests.pages import Page, press, visit
from tests.people import browser

pytestmark = pytest.mark.django_db
SLUGS = ("get-started", "standards", "position", "funding", "mentor", "agreement", "wages")
MANAGED = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
CONTROLS = "//form[@id='part-form']//*[self::input or self::select or self::textarea][@name]"
TEXTS = {
    "ten thousand characters": "x" * 10_000,
    "controls": "a\x00b\x07c\x1b[31m\x7f\x85d",
    "nul": "\x00",
    "arabic": "مستشفى الملك",
    "chinese": "湖畔地區醫療中心",
    "emoji": "🏥👩‍🔧",
    "right to left override": "a\u202ebc",
    "lone surrogate in a number": "1\ud800",
    "html": '<script>alert(1)</script>"><b onmouseover=x>',
    "template": "{{ settings.SECRET_KEY }}{% now 'Y' %} %(name)s %s {0}",
    "spaces": " \t \u00a0 ",
}
NUMBERS = (
    "-1", "0", "1e400", "NaN", "sNaN", "Infinity", "99999999999", "9" * 5000, "1_000", "١٢", "1,5", "½", "1e-400", ".",
)  # fmt: skip
DATES = (
    "2026-02-30", "2020-01-01", "0000-00-00", "99999-01-01", "9999-12-31", "1-1-1", "tomorrow",
)  # fmt: skip
UNKNOWN = ("nonsense", "-1", "9" * 30, "00000000-0000-0000-0000-000000000000", "' OR 1=1 --")


def url_of(slug: str) -> str:
    return reverse("employers:wages") if slug == "wages" else step_url(slug)


def typed_fields(page: Page) -> Iterator[tuple[str, str]]:
    """Yield every field that a person fills in, with the kind of its control."""
    for control in page.tree.xpath(CONTROLS):
        is_repeated = "-1-" in control.name  # the second row is as the first
        if control.get("type") != "hidden" and not is_repeated:
            yield control.name, "select" if control.tag == "select" else control.get("type", "text")


@pytest.fixture
def filled(journey: Journey) -> Onboarding:
    """An application with an answer in every list, in step 6."""
    return journey.to(State.AGREEMENT)


@pytest.fixture
def stranger(filled: Onboarding, outsider: User) -> Onboarding:
    """Another employer's application, with a row in every list."""
    other = found_employer(outsider, "Stranger Hospital")
    site = Site.objects.create(employer=other.employer, name="Stranger site", state="MN")
    Position.objects.create(employer=other.employer, site=site, branch="new", openings=7)
    FundingSource.objects.create(employer=other.employer, kind="other", amount=777)
    Mentor.objects.create(employer=other.employer, site=site, name="Stranger mentor")
    return other


def said(onboarding: Onboarding) -> dict[str, Any]:
    return answers_as_data(Application(Onboarding.objects.select_related("employer").get(pk=onboarding.pk)))


def type_into(client: Client, page: Page, names: list[str], value: str) -> Page:
    """Type one value into these fields: each is stored, or refused at the field with the text still there."""
    accepted = list(names)
    while accepted:
        page = press(client, page, dict.fromkeys(accepted, value))
        assert page.status in (200, 422), value[:40]
        if page.status == 200:
            break
        refused = [name for name in accepted if f"id_{name}" in page.problems]
        assert list(page.problems) == [f"id_{name}" for name in refused], value[:40]
        assert page.ids >= set(page.problems)
        assert_kept(page, accepted, value)
        accepted = [name for name in accepted if name not in refused]
        page = visit(client, page.url)
    return page


def assert_kept(page: Page, names: list[str], value: str) -> None:
    """Assert that what was typed stands in the page's form; a list has no place for what it does not offer."""
    for control in page.tree.xpath(CONTROLS):
        if control.name in names and control.tag != "select":
            assert readable(control.value) == readable(value), (control.name, value[:40])


def readable(text: str | None) -> str:
    """Return what of a text an HTML parser gives back: no invisible controls, single spaces."""
    return " ".join(
        "".join(char for char in text or "" if char >= " " and char not in "\x7f\x85\ufffd").split()
    )


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("value", TEXTS.values(), ids=TEXTS.keys())
def test_odd_text_in_every_field(slug: str, value: str, filled: Onboarding, owner: User) -> None:
    client = browser(owner)
    value = value.encode("utf-8", "replace").decode()
    page = visit(client, url_of(slug))
    names = [name for name, kind in typed_fields(page) if kind != "checkbox"]
    assert "<script>alert" not in type_into(client, page, names, value).html


@pytest.mark.parametrize("slug", SLUGS)
def test_absurd_number_in_every_field(slug: str, filled: Onboarding, owner: User) -> None:
    client = browser(owner)
    page = visit(client, url_of(slug))
    names = [
        name
        for name, kind in typed_fields(page)
        if kind in ("number", "text") and not name.endswith(("name", "title", "street", "city", "county"))
    ]
    for value in NUMBERS:
        page = type_into(client, page, names, value)
    for period in WagePeriod.objects.exclude(rate=None):
        assert 0 < period.rate < 1000
    for row in Position.objects.all():
        assert row.openings is None or 1 <= row.openings <= 200
        assert row.hours_per_week is None or 8 <= row.hours_per_week <= 60
    for source in FundingSource.objects.exclude(amount=None):
        assert 1 <= source.amount <= 10_000_000


@pytest.mark.parametrize("value", DATES)
def test_impossible_start_is_refused_at_its_field(value: str, filled: Onboarding, owner: User) -> None:
    client, before = browser(owner), Position.objects.get().planned_start
    page = press(client, visit(client, step_url("position")), {"positions-0-planned_start": value})
    assert (page.status, list(page.problems)) == (422, ["id_positions-0-planned_start"])
    assert page.fields()["positions-0-planned_start"] == value
    assert Position.objects.get().planned_start == before


def test_start_may_be_written_as_americans_write_dates(filled: Onboarding, owner: User) -> None:
    next_year = timezone.localdate().year + 1
    client, date = browser(owner), f"12/31/{next_year}"
    page = press(client, visit(client, step_url("position")), {"positions-0-planned_start": date})
    assert page.status == 200
    assert Position.objects.get().planned_start == dt.date(next_year, 12, 31)


@pytest.mark.parametrize("slug", SLUGS)
def test_unknown_choice_in_every_list_is_refused_at_its_field(
    slug: str, filled: Onboarding, owner: User
) -> None:
    client, before = browser(owner), said(filled)
    page = visit(client, url_of(slug))
    names = [
        name
        for name, kind in typed_fields(page)
        if kind == "select" and name not in ("pattern", "is_instruction_paid")
    ]
    for value in UNKNOWN if names else ():
        after = press(client, page, dict.fromkeys(names, value))
        assert (after.status, list(after.problems)) == (422, [f"id_{name}" for name in names])
    assert said(filled) == before


def test_rows_of_another_employer_are_out_of_reach(
    filled: Onboarding, stranger: Onboarding, owner: User
) -> None:
    client, before = browser(owner), said(stranger)
    foreign = stranger.employer
    own_ids = {
        model: set(model.objects.exclude(employer=foreign).values_list("pk", flat=True))
        for model in (Site, Position)
    }
    for slug, prefix, pk in (
        ("get-started", "sites", foreign.sites.get().pk),
        ("position", "positions", foreign.positions.get().pk),
        ("funding", "sources", foreign.funding_sources.get().pk),
        ("mentor", "mentors", foreign.mentors.get().pk),
    ):
        for typed in ({f"{prefix}-0-id": str(pk)}, {f"{prefix}-0-id": str(pk), f"{prefix}-0-DELETE": "on"}):
            page = press(client, visit(client, step_url(slug)), typed)
            assert "Stranger" not in page.html
    for slug, prefix in (("position", "positions"), ("mentor", "mentors")):
        page = press(client, visit(client, step_url(slug)), {f"{prefix}-0-site": str(foreign.sites.get().pk)})
        assert (page.status, list(page.problems)) == (422, [f"id_{prefix}-0-site"])
    assert said(stranger) == before
    assert own_ids[Site] <= set(Site.objects.exclude(employer=foreign).values_list("pk", flat=True))


@pytest.mark.parametrize(
    "parent", ["sites-0-employer", "positions-0-employer", "employer", "state", "reviewer"]
)
def test_fields_that_no_form_has_are_ignored(
    parent: str, filled: Onboarding, stranger: Onboarding, owner: User
) -> None:
    client, before = browser(owner), (said(filled), said(stranger))
    for slug in SLUGS:
        press(
            client,
            visit(client, url_of(slug)),
            {parent: str(stranger.employer.pk)} if parent != "state" else {},
        )
    press(
        client,
        visit(client, step_url("funding")),
        {"state": "active", "reviewer": str(owner.pk), "confirms_hiring": ""},
    )
    fresh = Onboarding.objects.get(pk=filled.pk)
    assert (fresh.state, fresh.reviewer, fresh.confirms_hiring) == ("agreement", None, True)
    assert said(stranger) == before[1]
    assert {row["key"] for row in said(filled)["profile"]} == {row["key"] for row in before[0]["profile"]}


MANAGEMENT = ("", "x", "-1", "9" * 5000, "1000000", "1.5", "٣", "0", None)


@pytest.mark.parametrize("value", MANAGEMENT, ids=lambda value: str(value)[:8])
@pytest.mark.parametrize(
    ("slug", "prefix", "buttons"),
    [
        ("get-started", "sites", ["add=sites"]),
        ("position", "positions", ["add=positions"]),
        ("funding", "sources", ["add=sources"]),
        ("mentor", "mentors", ["add=mentors"]),
        ("wages", "periods", ["do=add", "do=remove-1", f"do=remove-{'9' * 5000}", "do=pattern"]),
    ],
)
def test_tampered_row_counts_break_nothing(
    slug: str, prefix: str, buttons: list[str], value: str | None, filled: Onboarding, owner: User
) -> None:
    client = browser(owner)
    headline = visit(client, url_of(slug)).headline
    total, *others = (f"{prefix}-{name}" for name in MANAGED)
    forged = [({total: value}, button) for button in ("action=draft", *buttons)]
    for typed, button in [*forged, (dict.fromkeys(others, value), "action=draft")]:
        page = press(client, visit(client, url_of(slug)), typed, button)
        assert page.status in (200, 409, 422)
        assert page.headline == headline
    for model in (Site, Position):
        assert model.objects.filter(employer=filled.employer).exists()


def test_form_without_any_field_changes_nothing(filled: Onboarding, owner: User) -> None:
    client, before = browser(owner), said(filled)
    for slug in SLUGS:
        page = Page(client.post(url_of(slug), {}))
        assert page.status in (409, 422)
    assert said(filled) == before


@pytest.mark.parametrize("rows", [61, 101, 900])
def test_more_rows_than_allowed_are_refused_in_words(rows: int, filled: Onboarding, owner: User) -> None:
    client = browser(owner)
    page = visit(client, step_url("mentor"))
    typed = {f"mentors-{number}-name": f"Mentor {number}" for number in range(rows)} | {
        "mentors-TOTAL_FORMS": str(rows)
    }
    after = press(client, page, typed)
    assert (after.status, Mentor.objects.count()) == (422, 1)
    assert [
        word for word in after.words("//div[contains(@class, 'error-summary')]//li") if "60" in word
    ] != []


def test_two_rows_that_say_the_same_are_both_kept(filled: Onboarding, owner: User) -> None:
    client = browser(owner)
    page = visit(client, step_url("funding"))
    same = {
        f"sources-{number}-{name}": value
        for number in (1, 2)
        for name, value in (("kind", "other"), ("amount", "5"))
    }
    after = press(client, page, same | {"sources-TOTAL_FORMS": "3"})
    assert (after.notices, FundingSource.objects.count()) == (["Draft saved."], 3)


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug != "standards"])  # which has ticks alone
def test_error_summary_names_the_fields_in_the_order_of_the_page(
    slug: str, filled: Onboarding, owner: User
) -> None:
    client = browser(owner)
    page = visit(client, url_of(slug))
    typed = {name: "x" * 10_000 for name, kind in typed_fields(page) if kind != "checkbox"}
    after = press(client, page, typed | {"zip_code": "00000", "sites-0-zip_code": "00000"})
    named = [anchor for anchor in after.problems if anchor]
    assert len(named) > 1
    assert named == [found for found in after.tree.xpath("//form[@id='part-form']//@id") if found in named]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"zip_code": "00000"}, "ZIP code: There is no ZIP code 00000. Check the digits."),
        (
            {"zip_code": "10001"},
            "ZIP code: 10001 is a ZIP code in New York, not in Minnesota. Change one of the two.",
        ),
        ({"ein": "123"}, "EIN: An EIN has nine digits, like 12-3456789."),
        ({"naics": "clinic"}, "NAICS code: A NAICS code has two to six digits, like 622110 for hospitals."),
        ({"sites-0-journeyworkers": "-3"}, "Site 1: Journeyworkers on staff: Enter 0 or more."),
        ({"contact_email": "dana"}, "Contact person’s e-mail: Enter a valid e-mail address."),
    ],
)
def test_wrong_answer_is_named_in_words(
    typed: dict[str, str], message: str, filled: Onboarding, owner: User
) -> None:
    client = browser(owner)
    page = press(client, visit(client, step_url("get-started")), typed)
    [name] = typed
    assert page.problems == {f"id_{name}": message}
    assert page.fields()[name] == typed[name]
