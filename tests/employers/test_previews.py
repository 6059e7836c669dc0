"""Preview links: who makes them, what they show, what they never do, and every way they end."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.masking import mask
from apprenticeship.records.models import Event
from employers.models import Agreement, Onboarding, PreviewLink, Role
from employers.onboarding import Part, State
from employers.samples.journey import Journey
from tests.employers.amending import draft
from tests.pages import Page, fill_in, visit
from tests.people import browser
from tests.records.database import everything, tables_with

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DULUTH = ZoneInfo("America/Chicago")  # where the sample employer is
PAGE, ADDRESS = "/onboarding/agreement/previews/", re.compile(r"http://testserver(/preview/[\w-]{40,}/)")


@pytest.fixture
def owner_page(journey: Journey) -> Client:
    """The owner's browser, at step 6 with wages that hold and nothing presented."""
    journey.to(State.AGREEMENT)
    journey.build_wages()
    return browser(journey.owner)


def make(client: Client, label: str = "Legal") -> str:
    """Make a link and return its path, which the page shows once."""
    page = fill_in(client, PAGE, {"label": label})
    found = ADDRESS.search(page.html)
    assert found, page.text
    return found[1]


def listed(client: Client, url: str = PAGE) -> list[list[str]]:
    """Return label, state and openings of every link on a page."""
    rows = visit(client, url).tree.xpath("//td[@data-label='For']/parent::tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("td")[:3]] for row in rows]


def test_link_shows_agreement_and_wages_and_offers_nothing_to_do(
    owner_page: Client, client: Client, journey: Journey
) -> None:
    page = visit(client, make(owner_page))
    assert (page.status, page.headline) == (
        200,
        f"Employer Agreement of {journey.onboarding.employer}",
    )
    assert page.words("//article/@aria-label/..//h2")[0] == "Preamble and definitions"
    for words in (
        "Draft The agreement as it would be presented",
        "Not a place to sign",
        "Minimum wage at each site",
    ):
        assert words in page.text
    assert page.tree.xpath("//main//form | //main//button") == []
    for private in (journey.owner.email, "Robin Castellano", "555-555-0142", "Legal"):
        assert private not in page.html


def test_preview_stores_nothing_but_its_own_count(owner_page: Client, client: Client) -> None:
    path = make(owner_page)
    before = everything()
    client.get(path)
    link = PreviewLink.objects.get()
    assert (link.opened, link.last_opened_at is not None, Agreement.objects.count()) == (1, True, 0)
    PreviewLink.objects.update(opened=0, last_opened_at=None)
    assert everything() == before


def test_link_is_shown_once_and_stored_hashed(owner_page: Client) -> None:
    path = make(owner_page)
    token = path.split("/")[2]
    assert tables_with(token) == set()
    for url in (PAGE, "/onboarding/agreement/", "/onboarding/", "/mail/"):
        assert token not in owner_page.get(url).content.decode()
    assert mask(f"GET {path}") == "GET /preview/…/"


def test_form_sent_twice_makes_one_link(owner_page: Client) -> None:
    fields = visit(owner_page, PAGE).fields() | {"label": "Legal"}
    owner_page.post(PAGE, fields)
    again = Page(owner_page.post(PAGE, fields, follow=True))
    assert again.notices == ["This link was made already, and is shown only once. Make another one."]
    assert (ADDRESS.search(again.html), PreviewLink.objects.count()) == (None, 1)


def test_search_engines_and_caches_are_told_to_stay_away(owner_page: Client, client: Client) -> None:
    answer = client.get(make(owner_page))
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()
    assert client.get("/preview/" + "a" * 43 + "/")["X-Robots-Tag"] == "noindex, nofollow"


def test_several_links_are_listed_with_state_and_openings(
    owner_page: Client, client: Client, journey: Journey
) -> None:
    first, second = make(owner_page, "Legal"), make(owner_page, "Human Resources")
    client.get(first)
    client.get(first)
    client.head(second)
    owner_page.get(second)  # the employer's own people are not counted
    until = f"Works until {dt.datetime.now(DULUTH) + dt.timedelta(days=14):%b %-d}"
    rows = listed(owner_page, "/onboarding/agreement/")
    assert [row[:2] for row in rows] == [["Legal", until], ["Human Resources", until]]
    assert (rows[0][2][:13], rows[1][2]) == ("2 times, last", "Not yet")
    assert rows == listed(owner_page)


def test_expired_revoked_and_guessed_links_say_what_to_do(owner_page: Client, client: Client) -> None:
    path = make(owner_page)
    with time_machine.travel(timezone.now() + dt.timedelta(days=14, minutes=1), tick=True):
        late = visit(client, path)
        assert (late.status, "It worked for fourteen days." in late.text) == (410, True)
    link = PreviewLink.objects.get()
    page = Page(owner_page.post(f"{PAGE}{link.pk}/", follow=True))
    assert page.notices == ["The link for Legal no longer works."]
    owner_page.post(f"{PAGE}{link.pk}/")
    gone = visit(client, path)
    assert (gone.status, "have taken it back" in gone.text) == (410, True)
    assert visit(client, "/preview/" + "a" * 43 + "/").status == 410
    assert (listed(owner_page), PreviewLink.objects.get().opened) == ([], 0)
    verbs = Event.objects.filter(verb__startswith="preview").order_by("number")
    assert [(row.verb, row.data) for row in verbs] == [
        ("preview_link_made", {"link": str(link.pk)}),
        ("preview_link_revoked", {"link": str(link.pk)}),
    ]


@pytest.mark.parametrize(("role", "status"), [(Role.OWNER, 200), (Role.EDITOR, 200), (Role.VIEWER, 403)])
def test_owners_and_editors_make_and_revoke_viewers_read(
    role: Role, status: int, owner_page: Client, colleague: Callable[[Role], User]
) -> None:
    make(owner_page, "Board")
    other = browser(colleague(role))
    assert [row[0] for row in listed(other)] == ["Board"]
    form_key = visit(owner_page, PAGE).fields()["form_key"]
    assert other.post(PAGE, {"label": "Legal", "form_key": form_key}).status_code == status
    link = PreviewLink.objects.get(label="Board")
    other.post(f"{PAGE}{link.pk}/")
    link.refresh_from_db()
    assert (link.revoked_at is not None) == (status == 200)


def test_another_employers_link_cannot_be_revoked(owner_page: Client, outsider: User) -> None:
    from employers.people import found_employer

    make(owner_page)
    found_employer(outsider, "Other Hospital")
    link = PreviewLink.objects.get()
    assert browser(outsider).post(f"{PAGE}{link.pk}/").status_code == 404
    assert listed(browser(outsider)) == []


def test_link_follows_the_agreement_from_draft_to_signed(
    owner_page: Client, client: Client, journey: Journey
) -> None:
    path = make(owner_page)
    journey.onboarding = Onboarding.objects.get()
    journey.save(Part.AGREEMENT, journey._signatory)
    owner_page.post("/onboarding/agreement/present/")
    presented = visit(client, path)
    assert "presented for signature The text that was frozen on" in presented.text
    assert Agreement.objects.get().sha256 in presented.text.replace("\u200b", "")
    journey.sign_presented(Agreement.objects.get())
    assert "signed by the employer It is in force once AAMI has countersigned." in visit(client, path).text


def test_link_of_a_partner_shows_the_open_amendment(client: Client, journey: Journey) -> None:
    journey.to(State.ACTIVE)
    owner = browser(journey.owner)
    path = make(owner)
    assert "The agreement that both parties have signed." in visit(client, path).text
    draft(owner)
    page = visit(client, path)
    assert "Draft The agreement as it would be presented" in page.text
    assert visit(owner, "/amendment/").tree.xpath(f"//main//a[@href='{PAGE}']") != []


def test_nothing_is_shown_while_the_wages_do_not_hold(owner_page: Client, client: Client) -> None:
    path = make(owner_page)
    fill_in(owner_page, "/onboarding/agreement/wages/", {"periods-0-rate": ""})
    page = visit(client, path)
    assert (page.status, "Come back later" in page.text, page.words("//article")) == (200, True, [])
    assert "There is nothing to show yet" in visit(owner_page, PAGE).text
    form = {"label": "HR", "form_key": "b6c4b0c2-5b0b-4a5b-9d43-0d3f6b1f2a11"}
    assert (owner_page.post(PAGE, form).status_code, PreviewLink.objects.count()) == (409, 1)


@pytest.mark.parametrize("label", ["", "   ", "x" * 61, "\x00"])
def test_label_that_does_not_fit_is_refused_and_kept(label: str, owner_page: Client) -> None:
    page = fill_in(owner_page, PAGE, {"label": label})
    assert (page.status, list(page.problems), PreviewLink.objects.count()) == (422, ["id_label"], 0)


def test_label_is_printed_as_text(owner_page: Client) -> None:
    make(owner_page, "<b>Legal</b>")
    assert [row[0] for row in listed(owner_page)] == ["<b>Legal</b>"]


def test_twenty_links_are_enough(owner_page: Client) -> None:
    for number in range(20):
        make(owner_page, f"Team {number}")
    page = fill_in(owner_page, PAGE, {"label": "One more"})
    assert (page.status, PreviewLink.objects.count()) == (409, 20)
    assert "Revoke one that nobody needs any more." in page.text


def test_withdrawing_ends_every_link(owner_page: Client, client: Client) -> None:
    path = make(owner_page)
    owner_page.post("/onboarding/move/withdraw/", {"reason": "Budget"})
    assert (client.get(path).status_code, PreviewLink.objects.valid().count()) == (410, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_with_one_link_and_with_three(
    rows: int, owner_page: Client, client: Client, django_assert_num_queries: Any
) -> None:
    paths = [make(owner_page, f"Team {number}") for number in range(rows)]
    visit(client, paths[0])
    with django_assert_num_queries(9):
        owner_page.get(PAGE)
    with django_assert_num_queries(12):
        client.get(paths[0])
