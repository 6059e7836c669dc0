"""A partner chooses how to appear in public: prepared, sent, judged by AAMI, shown, changed, hidden, taken down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.employers.logo_files import CORPUS, SVG, logo
from tests.pages import Page, visit
from tests.people import browser, colleague_of

if TYPE_CHECKING:
    from apprenticeship.accounts.models import User
    from employers.models import LogoCard
    from employers.samples.journey import Journey

pytestmark = pytest.mark.django_db

PAGE = "/organization/card/"
TYPED = {"display_name": "Lakeside", "website": "www.example.org", "alt_text": "Lakeside, a blue bar"}


@pytest.fixture(autouse=True)
def stored_here(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def active(journey: Journey) -> Journey:
    """The sample partner, active."""
    from employers.onboarding import State

    journey.to(State.ACTIVE)
    return journey


def save(client: Client, content: bytes | None = None, name: str = "logo.png", **typed: str) -> Page:
    fields: dict[str, Any] = visit(client, PAGE).fields() | TYPED | typed
    fields.pop("logo", None)
    if content is not None:
        fields["logo"] = SimpleUploadedFile(name, content)
    return Page(client.post(PAGE, fields, follow=True))


def newest() -> LogoCard:
    from employers.models import LogoCard

    found: LogoCard = LogoCard.objects.latest("saved_at")
    return found


def send(client: Client, **ticked: str) -> LogoCard:
    card = newest()
    client.post(f"{PAGE}send/", {"card": str(card.pk)} | ticked)
    card.refresh_from_db()
    return card


def decide(user: User, card: LogoCard, name: str, **typed: str) -> Any:
    return browser(user).post(f"/admin/employers/logocard/{card.pk}/decide/{name}/", typed)


def told() -> list[tuple[str, str]]:
    from apprenticeship.records.models import Notification

    rows = Notification.objects.filter(name__startswith="logo_card").order_by("created_at", "recipient")
    return [(row.name, row.recipient) for row in rows]


def shown() -> list[str]:
    from employers.models import LogoCard

    return [str(card) for card in LogoCard.objects.shown()]


def test_card_is_prepared_previewed_sent_approved_and_shown(active: Journey) -> None:
    from apprenticeship.records.models import Event

    client = browser(active.owner)
    page = save(client, logo())
    card = newest()
    assert (page.status, page.notices) == (200, ["Saved. Look at the preview, then send it to AAMI."])
    assert (card.website, card.status, shown()) == ("https://www.example.org", "draft", [])
    pictures = page.tree.xpath("//ul[contains(@class, 'logo-wall')]//img")
    assert [(img.get("src"), img.get("alt")) for img in pictures] == [(card.logo_url, "Lakeside, a blue bar")]
    assert send(client).status == "waiting"
    assert decide(active.reviewer, card, "approve").status_code == 302
    card.refresh_from_db()
    assert (card.status, card.decided_by, shown()) == ("approved", active.reviewer, ["Lakeside"])
    assert told() == [
        ("logo_card_to_approve", "reviewer@example.org"),
        ("logo_card_approved", "owner@example.org"),
    ]
    events = Event.objects.filter(verb__startswith="logo_card").order_by("number")
    assert [(row.verb, row.user, row.data) for row in events] == [
        (f"logo_card_{verb}", user, {"card": str(card.pk)})
        for verb, user in (("saved", active.owner), ("sent", active.owner), ("approved", active.reviewer))
    ]


def test_picture_is_public_only_once_approved_and_while_active(active: Journey, outsider: User) -> None:
    from employers import desk
    from employers.models import Onboarding, Role

    client, anybody = browser(active.owner), Client()
    save(client, logo())
    card = newest()
    viewer = browser(colleague_of(active.onboarding.employer, Role.VIEWER))
    reviewer = browser(active.reviewer)

    def outcomes() -> list[int]:
        people = (anybody, browser(outsider), client, viewer, reviewer)
        return [person.get(card.logo_url_2x).status_code for person in people]

    assert outcomes() == [404, 404, 200, 200, 200]
    assert client.get(card.logo_url)["Cache-Control"] == "private, no-store"
    decide(active.reviewer, send(client), "approve")
    answer = anybody.get(card.logo_url)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"], answer["X-Content-Type-Options"]) == (
        200, "image/webp", "public, max-age=31536000, immutable", "nosniff",
    )  # fmt: skip
    assert (answer.cookies.keys(), answer.has_header("Vary")) == (set(), False)
    desk.suspend(Onboarding.objects.get(), by=active.manager, reason="A pause.")
    assert (shown(), anybody.get(card.logo_url).status_code) == ([], 404)
    assert "Your partnership rests, so your entry is hidden" in visit(client, PAGE).text
    desk.reinstate(Onboarding.objects.get(), by=active.manager, reason="Back.")
    assert (shown(), anybody.get(card.logo_url).status_code) == (["Lakeside"], 200)
    desk.end(Onboarding.objects.get(), by=active.manager, reason="Closed.")
    assert (shown(), anybody.get(card.logo_url).status_code) == ([], 404)


@pytest.mark.parametrize("name", ["../../scans/x-1x", "-1x", "0" * 64 + "-3x", "0" * 64 + "-1x", "1x"])
def test_no_other_file_can_be_reached(active: Journey, name: str) -> None:
    client = browser(active.owner)
    save(client, None)
    assert client.get(f"/logos/{name}.webp").status_code == 404


def test_change_needs_approval_again_and_the_approved_one_stays(active: Journey) -> None:
    client = browser(active.owner)
    save(client, logo())
    decide(active.reviewer, send(client), "approve")
    first = newest()
    save(client, display_name="Lakeside Regional")
    second = newest()
    assert (second.logo, second.alt_text, shown()) == (first.logo, first.alt_text, ["Lakeside"])
    send(client)
    assert shown() == ["Lakeside"]
    page = decide(active.reviewer, second, "refuse", reason="")
    assert (page.status_code, "This field is required" in page.content.decode()) == (422, True)
    decide(active.reviewer, second, "refuse", reason="Please use the name in your agreement.")
    assert (shown(), told()[-1]) == (["Lakeside"], ("logo_card_refused", "owner@example.org"))
    assert "Please use the name in your agreement." in visit(client, PAGE).text
    save(client, display_name="Lakeside Regional Medical Center", removes_logo="on")
    decide(active.reviewer, send(client), "approve")
    third = newest()
    assert (shown(), third.logo, third.alt_text) == (["Lakeside Regional Medical Center"], "", "")
    first.refresh_from_db()
    assert first.status == "ended"
    client.post(f"{PAGE}take-down/")
    assert shown() == []


def test_words_of_the_logo_before_are_asked_for_again(active: Journey) -> None:
    client = browser(active.owner)
    asked = "The logo is new, its words are those of the one before: Lakeside, a blue bar"
    assert asked not in save(client, logo()).text
    assert send(client).status == "waiting"
    assert asked not in save(client, website="www.example.org/jobs").text
    assert asked in save(client, logo(size=(601, 300))).text
    assert asked in save(client, display_name="Lakeside Regional").text  # the same new logo, saved once more
    assert send(client).status == "draft"
    assert "tick that the words fit the new logo" in visit(client, PAGE).text
    assert send(client, words_fit="on").status == "waiting"
    assert asked not in save(client, website="www.example.org/careers").text
    assert asked not in save(client, logo(size=(602, 300)), alt_text="Lakeside, a wave").text
    assert send(client).status == "waiting"


def test_aami_takes_an_entry_off_with_a_reason(active: Journey) -> None:
    from apprenticeship.records.models import Notification

    client = browser(active.owner)
    save(client)
    decide(active.reviewer, send(client), "approve")
    decide(active.reviewer, newest(), "refuse", reason="The site is gone.")
    mail = Notification.objects.get(name="logo_card_refused")
    assert (shown(), mail.context["was_shown"], mail.context["reason"]) == ([], True, "The site is gone.")


def test_decisions_of_strangers_latecomers_and_colleagues_change_nothing(active: Journey) -> None:
    from employers.models import Membership, Role
    from tests.records.database import everything

    client = browser(active.owner)
    save(client, logo())
    draft = newest()
    assert decide(active.reviewer, draft, "approve").status_code == 409
    card = send(client)
    before = everything()
    assert decide(active.owner, card, "approve").status_code == 302
    seat = {"user": active.manager, "role": Role.VIEWER}
    Membership.objects.create(employer=active.onboarding.employer, **seat)
    assert decide(active.manager, card, "approve").status_code == 403
    assert (card.status, shown()) == ("waiting", [])
    assert browser(active.owner).post(f"{PAGE}send/", {"card": str(card.pk)}).status_code == 302
    assert len(told()) == 1
    assert before["employers_logocard"] == everything()["employers_logocard"]


def test_viewers_read_and_change_nothing(active: Journey) -> None:
    from employers.models import LogoCard, Role

    client = browser(colleague_of(active.onboarding.employer, Role.VIEWER))
    page = visit(client, PAGE)
    assert (page.status, "The owner and editors prepare the entry here." in page.text) == (200, True)
    posts = [client.post(PAGE + path, TYPED).status_code for path in ("", "send/", "take-down/")]
    assert (posts, LogoCard.objects.count()) == ([403, 403, 403], 0)


def test_two_people_at_once_lose_nothing(active: Journey) -> None:
    from employers.models import LogoCard

    client = browser(active.owner)
    opened = visit(client, PAGE).fields()
    save(client, display_name="First")
    page = Page(client.post(PAGE, opened | TYPED | {"display_name": "Second"}))
    assert (page.status, page.fields()["display_name"]) == (409, "Second")
    assert ("First" in page.text, LogoCard.objects.count()) == (True, 1)
    page = Page(client.post(PAGE, page.fields() | {"display_name": "Second"}, follow=True))
    assert (page.status, str(newest())) == (200, "Second")


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"display_name": " "}, "id_display_name", "This field is required"),
        ({"display_name": "x" * 81}, "id_display_name", "at most 80 characters"),
        ({"website": "javascript://alert(1)"}, "id_website", "address of a website"),
        ({"website": "ftp://example.org"}, "id_website", "address of a website"),
        ({"website": "no dots"}, "id_website", "address of a website"),
    ],
)
def test_wrong_answers_are_said_and_kept(
    active: Journey, typed: dict[str, str], field: str, words: str
) -> None:
    from employers.models import LogoCard

    page = save(browser(active.owner), **typed)
    assert (page.status, words in page.problems[field], LogoCard.objects.count()) == (422, True, 0)
    assert page.fields()["alt_text"] == TYPED["alt_text"]


def test_bad_logos_are_refused_on_the_page_and_good_ones_need_words(active: Journey) -> None:
    from employers.models import LogoCard

    client = browser(active.owner)
    for name, content in (("logo.svg", SVG), ("logo.png", CORPUS["moving.png"][0]())):
        page = save(client, content, name)
        assert (page.status, list(page.problems)) == (422, ["id_logo"])
    page = save(client, logo(), alt_text="")
    assert (page.status, list(page.problems), LogoCard.objects.count()) == (422, ["id_alt_text"], 0)


def test_page_of_the_desk_shows_what_waits_first(
    active: Journey, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = browser(active.owner)
    save(client, logo())
    card = send(client)
    staff = browser(active.reviewer)
    with django_assert_num_queries(6):
        staff.get("/admin/employers/logocard/")
    page = visit(staff, f"/admin/employers/logocard/{card.pk}/change/")
    assert (page.headline, "Approve and show" in page.text) == ("Lakeside Regional Medical Center", True)


def test_pictures_go_once_replaced_and_never_one_still_needed(
    active: Journey, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    from employers.models import LogoCard

    owner = browser(active.owner)

    def stored() -> set[str]:
        return {path.name[:64] for path in tmp_path.rglob("*.webp")}

    def version(content: bytes | None, *, approve: bool = False) -> LogoCard:
        with django_capture_on_commit_callbacks(execute=True):
            save(owner, content)
            card = newest()
            if approve:
                decide(active.reviewer, send(owner, words_fit="on"), "approve")
        return card

    first = version(logo(), approve=True)
    draft = version(logo(size=(500, 300)))
    assert stored() == {first.logo, draft.logo}  # the approved one is still shown
    second = version(logo(size=(300, 300)))
    assert stored() == {first.logo, second.logo}  # the draft before is replaced
    same = version(logo(), approve=True)
    assert (same.logo, stored()) == (first.logo, {first.logo})  # the first version's picture is shown again
    text = version(None)  # keeps the picture
    assert (text.logo, stored()) == (first.logo, {first.logo})
    final = version(logo(size=(400, 250)), approve=True)
    assert stored() == {final.logo}
    assert visit(browser(active.manager), f"/admin/employers/logocard/{first.pk}/change/").status == 200
    assert set(LogoCard.objects.exclude(pk=final.pk).values_list("logo", flat=True)) == {""}
    owner.post(f"{PAGE}take-down/")
    assert stored() == {final.logo}  # to start from, if they appear again


def test_pictures_left_behind_are_swept_and_shared_ones_stay(active: Journey, tmp_path: Path) -> None:
    from employers import tasks
    from employers.models import Employer, LogoCard

    owner = browser(active.owner)
    save(owner, logo())
    shared = newest().logo
    other = Employer.objects.create(legal_name="Other Hospital")
    LogoCard.objects.create(employer=other, display_name="Other", logo=shared, status="approved")
    save(owner, logo(size=(300, 300)))  # nothing runs after this commit: the process has died
    tasks.remove_replaced_logos()
    assert len(list(tmp_path.rglob(f"{shared}*"))) == 2
    LogoCard.objects.filter(employer=other).delete()
    tasks.remove_replaced_logos()
    assert {path.name[:64] for path in tmp_path.rglob("*.webp")} == {newest().logo}
