"""The candidate's own page: see, change, stop, start again; what time does to those who stay silent."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from apprentices import keeping, own
from apprentices.models import Candidate, ConsentText, PageLink
from apprentices.tasks import keep_candidates
from apprenticeship.program.models import Program
from apprenticeship.records.models import Event, Notification
from apprenticeship.records.queues import work_off_everything
from tests.apprentices.answers import ANSWERS
from tests.pages import Page, press, visit

pytestmark = pytest.mark.django_db

LINK = re.compile(r"https?://[^/\s]+(/interest/(?:mine|email)/[\w-]+/)")


def newest_link(to: str = "ada@example.org") -> str:
    """Return the path in the newest mail to an address."""
    work_off_everything()
    bodies = [str(message.body) for message in mail.outbox if message.to == [to]]
    return LINK.findall(bodies[-1])[0]


def ask_for_link(client: Client, email: str) -> Page:
    return Page(client.post("/interest/link/", {"email": email, "opened": ANSWERS["opened"]}, follow=True))


@pytest.fixture
def mine(confirmed: Candidate) -> str:
    """The path of Ada's page."""
    return newest_link()


def test_every_mails_link_opens_the_page(client: Client, confirmed: Candidate, mine: str) -> None:
    ask_for_link(client, "ADA@example.org")
    newer = newest_link()
    assert newer != mine
    for path in (mine, newer):
        page = visit(client, path)
        assert page.headline == "Your page, Ada Ortiz"
        assert page.words("//h2")[0] == "Partner employers can find you Sharing"


def test_one_button_stops_and_another_starts_again(client: Client, confirmed: Candidate, mine: str) -> None:
    page = press(client, visit(client, mine), button="do=stop")
    assert page.notices == ["You share nothing any more. No employer can see you."]
    assert list(Candidate.objects.shown()) == []
    assert page.words("//h2")[0] == "You share nothing Stopped"
    page = press(client, page, button="do=stay")
    assert list(Candidate.objects.shown()) == [confirmed]
    verbs = list(Event.objects.values_list("verb", flat=True))
    assert verbs[-2:] == ["candidate_stopped", "candidate_restarted"]


def test_mail_program_stops_by_one_click_without_cookie_or_form(confirmed: Candidate) -> None:
    headers = mail.outbox[-1].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.sub(r"^<https?://[^/]+|>$", "", headers["List-Unsubscribe"])
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(path).status_code == 302
    assert list(Candidate.objects.shown()) == [confirmed]
    for _again in range(2):
        response = strict.post(path, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert list(Candidate.objects.shown()) == []
    assert Event.objects.filter(verb="candidate_stopped").count() == 1


def test_mail_without_a_page_has_no_way_out(client: Client, confirmed: Candidate) -> None:
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers  # the one to confirm


def test_opening_the_pages_changes_nothing(client: Client, confirmed: Candidate, mine: str) -> None:
    before = Candidate.objects.values().get()
    for path in (mine, f"{mine}change/", f"{mine}delete/"):
        client.get(path)
        client.head(path)
    assert Candidate.objects.values().get() == before
    assert Event.objects.latest("number").verb == "candidate_confirmed"


def test_every_answer_can_be_changed(client: Client, confirmed: Candidate, mine: str) -> None:
    typed = {
        "name": "Ada B. Ortiz", "phone": "414-555-0142", "zip_code": "60601", "travel": "100", "moving": "anywhere",
        "available": "0", "education": "5", "knows_electronics": None, "knows_it": "on", "about": "I fix\nradios.",
        "service": "", "work": "field", "current_employer": "Lake Clinic", "heard_from": "military",
        "wants_openings": "on", "opened": ANSWERS["opened"],
    }  # fmt: skip
    page = press(client, visit(client, f"{mine}change/"), typed)
    assert page.notices == ["Your answers are changed."]
    now = Candidate.objects.get()
    assert (now.name, now.phone, now.zip_code, now.city, now.region) == (
        "Ada B. Ortiz",
        "414-555-0142",
        "60601",
        "Chicago",
        5,
    )
    assert (now.travel, now.moving, now.available, now.education) == (100, "anywhere", 0, 5)
    assert (now.knows_electronics, now.knows_it, now.knows_clinical) == (False, True, False)
    assert (now.about, now.service, now.work, now.current_employer) == (
        "I fix\nradios.",
        "",
        "field",
        "Lake Clinic",
    )
    assert (now.heard_from, now.wants_openings, now.status) == ("military", True, "confirmed")
    assert now.consented_at == confirmed.consented_at
    assert all(
        text in page.text for text in ("Up to 100 miles", "Right away", "Lake Clinic", "Associate degree")
    )


@pytest.mark.parametrize("status", ["expired", "stopped"])
def test_who_is_hidden_stays_so_after_a_change_and_is_told(
    client: Client, confirmed: Candidate, mine: str, status: str
) -> None:
    Candidate.objects.update(status=status)
    page = press(client, visit(client, f"{mine}change/"), {"name": "Ada B.", "opened": ANSWERS["opened"]})
    assert page.notices == [
        "Your answers are changed, but no employer can find you until you press “Share again”."
    ]
    assert page.buttons("do")[0] == "stay"
    row = Candidate.objects.get()
    assert (row.name, row.status) == ("Ada B.", status)


def test_wrong_answers_are_kept_and_explained(client: Client, confirmed: Candidate, mine: str) -> None:
    page = press(
        client,
        visit(client, f"{mine}change/"),
        {"zip_code": "00000", "name": "", "opened": ANSWERS["opened"]},
    )
    assert page.problems == {
        "id_name": "Your name: Enter your name.",
        "id_zip_code": "ZIP code: We don’t know this ZIP code. "
        "Enter a U.S. ZIP code of five digits, for example 53202.",
    }
    assert page.fields()["zip_code"] == "00000"
    assert Candidate.objects.get().zip_code == "53202"


def test_newer_consent_text_is_agreed_to_with_the_next_change(
    client: Client, confirmed: Candidate, mine: str
) -> None:
    assert "is_consenting" not in visit(client, f"{mine}change/").html
    ConsentText.objects.create(version=3, text="Newer words.", published_at=timezone.now())
    page = visit(client, f"{mine}change/")
    assert "Newer words." in page.text
    typed = {"opened": ANSWERS["opened"]}
    assert press(client, page, typed).problems == {
        "id_is_consenting": "I have read this text and agree to it: Without your agreement we may not keep your data."
    }
    press(client, page, typed | {"is_consenting": "on"})
    now = Candidate.objects.get()
    assert (now.consent.version, now.consented_at > confirmed.consented_at) == (3, True)


def test_new_address_counts_once_it_is_confirmed(client: Client, confirmed: Candidate, mine: str) -> None:
    typed = {"email": "new@example.org", "opened": ANSWERS["opened"]}
    page = press(client, visit(client, f"{mine}change/"), typed)
    assert page.notices[1:] == [
        "We sent a link to new@example.org. Until you follow it, we write to the address you had."
    ]
    assert Candidate.objects.get().email == "ada@example.org"
    link = newest_link("new@example.org")
    first = mail.outbox[-1]
    assert "Ada" not in f"{first.subject}{first.body}"  # it may be a stranger's address
    assert "Is this your new address?" in client.get(link).content.decode()
    assert Candidate.objects.get().email == "ada@example.org"
    assert "Your address is changed" in client.post(link).content.decode()
    now = Candidate.objects.get()
    assert (now.email, now.new_email, now.new_email_hash) == ("new@example.org", "", "")
    work_off_everything()
    assert sorted((message.to[0], message.subject) for message in mail.outbox[-2:]) == [
        ("ada@example.org", "Your address with us was changed"),
        ("new@example.org", "The link to your page"),
    ]
    assert client.get(mine).status_code == 410  # whoever reads the old mailbox
    assert visit(client, newest_link("new@example.org")).headline == "Your page, Ada Ortiz"
    assert client.post(link).status_code == 410


def test_address_of_somebody_else_on_the_list_is_not_taken(
    client: Client, confirmed: Candidate, mine: str
) -> None:
    client.post("/interest/", ANSWERS | {"email": "bob@example.org"})
    press(client, visit(client, f"{mine}change/"), {"email": "bob@example.org", "opened": ANSWERS["opened"]})
    work_off_everything()
    link = LINK.findall(str(mail.outbox[-1].body))[0]
    assert "stands on the list already" in client.get(link).content.decode()
    assert "stands on the list already" in client.post(link).content.decode()
    assert set(Candidate.objects.values_list("email", flat=True)) == {"ada@example.org", "bob@example.org"}


def test_lost_link_is_mailed_and_the_answer_tells_nothing(client: Client, confirmed: Candidate) -> None:
    known, unknown = ask_for_link(client, "ada@example.org"), ask_for_link(client, "nobody@example.org")
    assert (known.status, known.url, known.text) == (unknown.status, unknown.url, unknown.text)
    before = Notification.objects.count()
    ask_for_link(client, "ada@example.org")  # a double click
    assert Notification.objects.count() == before
    assert {row.recipient for row in Notification.objects.all()} == {"ada@example.org"}
    client.post("/interest/", ANSWERS | {"email": "bob@example.org"})
    Notification.objects.filter(recipient="bob@example.org").delete()
    ask_for_link(client, "bob@example.org")
    assert Notification.objects.filter(recipient="bob@example.org").get().name == "candidate_confirm"


def test_link_form_limits_and_traps(client: Client, confirmed: Candidate) -> None:
    bad = client.post("/interest/link/", {"email": "ada@", "opened": ANSWERS["opened"]})
    assert Page(bad).problems == {"id_email": "E-mail address: Enter an address like name@example.org."}
    fast = client.post("/interest/link/", {"email": "ada@example.org"})
    assert "Please send it once more." in fast.content.decode()
    statuses = [
        client.post("/interest/link/", {"email": "ada@example.org", "opened": ANSWERS["opened"]}).status_code
        for _number in range(4)
    ]
    assert statuses == [302, 302, 302, 429]


def heard(candidate: Candidate, days: float) -> None:
    """Let the last word of somebody be so many days ago."""
    Candidate.objects.filter(pk=candidate.pk).update(heard_at=timezone.now() - dt.timedelta(days=days))


def test_silence_is_asked_about_then_hides_then_deletes(
    client: Client, confirmed: Candidate, mine: str
) -> None:
    heard(confirmed, 75)
    assert (keeping.ask_again(), keeping.hide_silent(), keeping.erase_silent()) == (0, 0, 0)
    heard(confirmed, 77)
    assert (keeping.ask_again(), keeping.ask_again()) == (1, 0)
    link = newest_link()
    assert mail.outbox[-1].subject == "Are you still interested in a BMET apprenticeship?"
    assert list(Candidate.objects.shown()) == [confirmed]
    heard(confirmed, 90)
    assert list(Candidate.objects.shown()) == []  # at once, not when beat comes round
    assert (keeping.hide_silent(), keeping.hide_silent()) == (1, 0)
    work_off_everything()
    assert mail.outbox[-1].subject == "You are hidden from employers"
    page = press(client, visit(client, link), button="do=stay")
    assert page.words("//h2")[0] == "Partner employers can find you Sharing"
    assert list(Candidate.objects.shown()) == [confirmed]


def test_last_notice_comes_before_the_deletion_and_a_button_stays(
    client: Client, confirmed: Candidate
) -> None:
    start = confirmed.heard_at
    with time_machine.travel(start, tick=False) as clock:
        keep_candidates()
        for day, count in ((350.9, 0), (351, 1), (352, 0)):
            clock.move_to(start + dt.timedelta(days=day))
            Candidate.objects.update(status="expired")
            assert (keeping.give_notice(), keeping.erase_silent()) == (count, 0)
        link = newest_link()
        last = mail.outbox[-1]
        assert "List-Unsubscribe" in last.extra_headers
        day = (start + dt.timedelta(days=365)).strftime("%B %-d, %Y")
        assert last.subject == f"Shall we delete what we keep about you on {day}?"
        clock.move_to(start + dt.timedelta(days=364.9))
        assert (keeping.erase_silent(), visit(client, link).status) == (
            0,
            200,
        )  # opening alone changes nothing
        clock.move_to(start + dt.timedelta(days=365, minutes=-1))
        assert press(client, visit(client, link), button="do=stay").words("//h2")[0].endswith("Sharing")
        again = timezone.now()
        clock.move_to(again + dt.timedelta(days=351))
        assert (keeping.give_notice(), keeping.erase_silent()) == (1, 0)
        clock.move_to(again + dt.timedelta(days=364.9))
        assert keeping.erase_silent() == 0
        clock.move_to(again + dt.timedelta(days=365))
        assert (keeping.erase_silent(), Candidate.objects.count(), PageLink.objects.count()) == (1, 0, 0)
    assert Notification.objects.count() == 0


def test_nobody_is_deleted_without_the_last_notice_however_late_it_is(confirmed: Candidate) -> None:
    start = confirmed.heard_at
    with time_machine.travel(start + dt.timedelta(days=500), tick=False) as clock:  # the worker was down
        assert (keeping.erase_silent(), keeping.give_notice(), keeping.erase_silent()) == (0, 1, 0)
        clock.move_to(start + dt.timedelta(days=513.9))
        assert keeping.erase_silent() == 0
        clock.move_to(start + dt.timedelta(days=514))
        assert keeping.erase_silent() == 1


def test_who_stopped_can_keep_everything_hidden(client: Client, confirmed: Candidate, mine: str) -> None:
    own.stop(confirmed)
    heard(confirmed, 355)
    assert keeping.give_notice() == 1
    page = press(client, visit(client, mine), button="do=keep")
    assert page.notices == ["Kept. You share nothing, and no employer can see you."]
    assert (list(Candidate.objects.shown()), keeping.give_notice()) == ([], 0)
    assert Event.objects.latest("number").verb == "candidate_kept"
    press(client, page, button="do=stay")
    assert page.buttons("do") == ["stay", "keep"]
    client.post(mine, {"do": "keep"})  # nothing for whoever shares
    assert list(Candidate.objects.shown()) == [confirmed]


def test_answer_in_time_is_asked_again_after_the_next_days(
    client: Client, confirmed: Candidate, mine: str
) -> None:
    heard(confirmed, 80)
    assert keeping.ask_again() == 1
    press(client, visit(client, mine), button="do=stay")
    assert keeping.ask_again() == 0
    heard(confirmed, 80)
    assert keeping.ask_again() == 1


def test_days_are_the_programs(confirmed: Candidate) -> None:
    Program.objects.update(
        candidate_reconfirm_days=30,
        candidate_reminder_days=5,
        candidate_erase_days=60,
        candidate_notice_days=7,
    )
    heard(confirmed, 26)
    assert (keeping.ask_again(), keeping.hide_silent()) == (1, 0)
    heard(confirmed, 31)
    assert (list(Candidate.objects.shown()), keeping.hide_silent()) == ([], 1)
    heard(confirmed, 54)
    assert keeping.give_notice() == 1
    heard(confirmed, 61)
    for days, erased in ((6.9, 0), (7, 1)):
        Candidate.objects.update(warned_at=timezone.now() - dt.timedelta(days=days))
        assert keeping.erase_silent() == erased


def test_stopped_is_not_asked_or_hidden_but_deleted_in_the_end(confirmed: Candidate) -> None:
    own.stop(confirmed)
    heard(confirmed, 95)
    assert (keeping.ask_again(), keeping.hide_silent(), keeping.erase_silent()) == (0, 0, 0)
    heard(confirmed, 366)
    assert keeping.give_notice() == 1
    Candidate.objects.update(warned_at=timezone.now() - dt.timedelta(days=14))
    assert keeping.erase_silent() == 1


@pytest.mark.parametrize("links", [1, 3])
def test_page_costs_few_queries(
    client: Client, confirmed: Candidate, mine: str, django_assert_num_queries: Any, links: int
) -> None:
    for _number in range(links):
        PageLink.objects.create(candidate=confirmed)
    client.get(mine)
    with django_assert_num_queries(5):  # link with candidate, program, who looked, mails, contact
        client.get(mine)
    with django_assert_num_queries(3):
        client.get(f"{mine}change/")


def test_form_s_trap_is_out_of_sight_wherever_it_is_drawn(client: Client, confirmed: Candidate) -> None:
    for url in ("/interest/", "/interest/link/", f"{newest_link()}change/"):
        hidden = visit(client, url).tree.xpath(
            "//*[@aria-hidden='true'][contains(@class, 'visually-hidden')]"
        )
        assert [field.name for part in hidden for field in part.xpath(".//input")] == ["leave_empty"], url
