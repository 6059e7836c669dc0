"""The walk of a candidate: form, mail, confirmation, mail, deletion."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from apprentices import interest, links
from apprentices.models import Candidate, ConsentText
from apprenticeship.accounts.models import User
from apprenticeship.records import events
from apprenticeship.records.grants import PLACEHOLDER
from apprenticeship.records.models import Event, Notification
from apprenticeship.records.queues import work_off_everything
from tests.apprentices.answers import ANSWERS, INTEREST

pytestmark = pytest.mark.django_db

THANKS = "/interest/thanks/?zip_code=53202"


def everything_stored() -> str:
    """Return every row of every table, all columns, as one text in lower case."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows.append(f"{table}: {cursor.fetchall()}")
    return "\n".join(rows).lower()


def verbs() -> list[str]:
    return list(Event.objects.filter(chain=events.CANDIDATES).values_list("verb", flat=True))


def test_walk_from_form_to_deletion(client: Client, mailed_link: Callable[[], str]) -> None:
    response = client.post(INTEREST, ANSWERS)
    assert (response.status_code, response.url) == (302, THANKS)
    page = client.get(THANKS).content.decode()
    assert "Milwaukee, Wisconsin" in page
    assert "Chicago" in page

    link = mailed_link()
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]
    assert client.get(link).status_code == 200
    candidate = Candidate.objects.get()
    assert (candidate.status, candidate.confirmed_at) == ("unconfirmed", None)

    assert client.post(link, {"answer": "confirm"}).url == "/interest/confirmed/"
    candidate.refresh_from_db()
    assert candidate.status == "confirmed"
    assert list(Candidate.objects.confirmed().in_region(5)) == [candidate]
    assert list(Candidate.objects.in_region(4)) == []

    mine = mailed_link()
    assert "Hello Ada Ortiz," in mail.outbox[-1].body
    page = client.get(mine).content.decode()
    assert all(text in page for text in ("Ada Ortiz", "ada@example.org", "53202", "Chicago", "2 mails"))
    assert client.post(f"{mine}delete/").url == "/interest/deleted/"
    assert client.get("/interest/deleted/").status_code == 200
    assert not Candidate.objects.exists()
    assert verbs() == ["candidate_added", "candidate_confirmed", "candidate_deleted"]
    assert events.first_broken(events.CANDIDATES) is None


def test_candidate_keeps_what_was_looked_up_and_agreed_to(client: Client) -> None:
    client.post(INTEREST, ANSWERS | {"email": " ADA@Example.ORG ", "zip_code": "53202-1234"})
    candidate = Candidate.objects.get()
    assert (candidate.email, candidate.zip_code) == ("ada@example.org", "53202")
    assert (candidate.place, candidate.region_name) == ("Milwaukee, Wisconsin", "Chicago")
    assert (round(candidate.latitude or 0), round(candidate.longitude or 0)) == (43, -88)
    assert (candidate.is_of_age, candidate.asked_age) == (True, 16)
    assert candidate.consent == ConsentText.objects.current()
    assert timezone.now() - candidate.consented_at < dt.timedelta(minutes=1)


def test_age_asked_for_is_the_programs(client: Client) -> None:
    apps.get_model("program", "Program").objects.update(minimum_age=18)
    assert "I am 18 or older" in client.get(INTEREST).content.decode()
    client.post(INTEREST, ANSWERS)
    assert Candidate.objects.get().asked_age == 18


def test_deletion_leaves_nothing_personal_in_the_database(client: Client, confirmed: Candidate) -> None:
    assert "ada ortiz" in everything_stored()
    interest.erase(confirmed, by=None)
    stored = everything_stored()
    for word in ("ortiz", "ada@example", "53202", "milwaukee", confirmed.confirm_hash):
        assert word not in stored
    assert Event.objects.latest("number").data == {}
    assert Event.objects.latest("number").subject_id == str(confirmed.pk)


def test_deletion_by_staff_leaves_nothing_personal_either(
    client: Client, confirmed: Candidate, manager: User
) -> None:
    client.force_login(manager)
    client.post(f"/admin/apprentices/candidate/{confirmed.pk}/delete/", {"post": "yes"})
    assert "ortiz" not in everything_stored()
    assert "ada@example" not in everything_stored()
    assert LogEntry.objects.get().object_repr == f"candidate {confirmed.pk}"
    assert Event.objects.latest("number").user == manager


def test_tokens_stand_in_the_mail_alone(client: Client, mailed_link: Callable[[], str]) -> None:
    client.post(INTEREST, ANSWERS)
    first = mailed_link()
    client.post(first, {"answer": "confirm"})
    second = mailed_link()
    stored = everything_stored()
    assert first.split("/")[3].lower() not in stored
    assert second.split("/")[3].lower() not in stored
    assert [PLACEHOLDER in row.body for row in Notification.objects.all()] == [True, True]


@pytest.mark.parametrize("path", ["confirm", "mine", "email", "unsubscribe"])
def test_unknown_link_says_what_to_do(client: Client, path: str) -> None:
    for method in (client.get, client.post):
        response = method(f"/interest/{path}/{'x' * 43}/")
        assert response.status_code == 410
        assert "What you can do" in response.content.decode()


def test_confirmation_link_expires_after_14_days(client: Client, mailed_link: Callable[[], str]) -> None:
    client.post(INTEREST, ANSWERS)
    link = mailed_link()
    late = timezone.now() + dt.timedelta(minutes=1)
    Candidate.objects.update(confirm_expires_at=late)
    assert client.get(link).status_code == 200
    Candidate.objects.update(confirm_expires_at=late - dt.timedelta(days=14))
    assert client.post(link, {"answer": "confirm"}).status_code == 410
    assert Candidate.objects.get().status == "unconfirmed"


def test_replayed_confirmation_changes_nothing(client: Client, mailed_link: Callable[[], str]) -> None:
    client.post(INTEREST, ANSWERS)
    link = mailed_link()
    client.post(link, {"answer": "confirm"})
    before = Candidate.objects.values().get()
    for response in (client.post(link), client.post(link, {"answer": "delete"}), client.get(link)):
        assert response.url == "/interest/confirmed/"
    assert Candidate.objects.values().get() == before
    assert Notification.objects.filter(name="candidate_confirmed").count() == 1


def test_replayed_deletion_link_is_gone(
    client: Client, confirmed: Candidate, mailed_link: Callable[[], str]
) -> None:
    client.post("/interest/link/", {"email": confirmed.email, "opened": ANSWERS["opened"]})
    link = mailed_link()
    client.post(f"{link}delete/")
    for path in (link, f"{link}delete/", f"{link}change/"):
        assert client.get(path).status_code == 410
        assert client.post(path).status_code == 410
    assert verbs().count("candidate_deleted") == 1


def test_opening_links_changes_nothing(client: Client, mailed_link: Callable[[], str]) -> None:
    client.post(INTEREST, ANSWERS)
    before = everything_stored()
    client.get(THANKS)
    client.get("/interest/place/?zip_code=53202")
    assert everything_stored() == before
    for answer in ("confirm", "delete"):
        link = mailed_link()
        before = everything_stored()
        client.get(link)
        client.head(link)
        assert everything_stored() == before
        client.post(link, {"answer": answer})


def test_confirmation_link_deletes_too(client: Client, mailed_link: Callable[[], str]) -> None:
    client.post(INTEREST, ANSWERS)
    assert client.post(mailed_link(), {"answer": "delete"}).url == "/interest/deleted/"
    assert "ortiz" not in everything_stored()


def test_newer_mail_revokes_the_older_link(client: Client, mailed_link: Callable[[], str]) -> None:
    client.post(INTEREST, ANSWERS)
    old = mailed_link()
    client.post(INTEREST, ANSWERS | {"name": "Ada B. Ortiz"})
    assert client.get(old).status_code == 410  # at once: it would confirm other answers than it showed
    new = mailed_link()
    assert "Ada B. Ortiz" in client.get(new).content.decode()
    assert Candidate.objects.count() == 1


def test_double_click_sends_one_mail(client: Client, mailed_link: Callable[[], str]) -> None:
    client.post(INTEREST, ANSWERS)
    client.post(INTEREST, ANSWERS)
    link = mailed_link()
    client.get(THANKS)
    assert len(mail.outbox) == 1
    assert client.get(link).status_code == 200
    Notification.objects.update(created_at=timezone.now() - dt.timedelta(minutes=2))
    client.post(INTEREST, ANSWERS)
    mailed_link()
    assert len(mail.outbox) == 2


def test_known_address_is_never_revealed(
    client: Client, confirmed: Candidate, mailed_link: Callable[[], str]
) -> None:
    before = Candidate.objects.values("name", "zip_code", "status", "confirmed_at").get()
    stranger = Client()
    typed = ANSWERS | {"email": "Ada@Example.org", "name": "Somebody Else", "zip_code": "10001"}
    known = stranger.post(INTEREST, typed)
    unknown = stranger.post(INTEREST, typed | {"email": "new@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert (
        Candidate.objects.values("name", "zip_code", "status", "confirmed_at").get(pk=confirmed.pk) == before
    )
    work_off_everything()
    theirs = next(message for message in mail.outbox[2:] if message.to == ["ada@example.org"])
    assert theirs.subject == "The link to your page"
    assert "Somebody Else" not in theirs.body
    link = re.search(r"/interest/mine/[\w-]+/", str(theirs.body))
    assert link is not None
    assert "Ada Ortiz" in client.get(link[0]).content.decode()


def test_first_mail_repeats_nothing_that_was_typed(client: Client, mailed_link: Callable[[], str]) -> None:
    client.post(INTEREST, ANSWERS | {"name": "Win money at evil.example"})
    mailed_link()
    html = mail.outbox[0].alternatives[0].content  # type: ignore[attr-defined]
    assert "evil" not in f"{mail.outbox[0].body}{html}{mail.outbox[0].subject}"


def test_mail_waiting_for_an_erased_person_is_never_sent(client: Client) -> None:
    client.post(INTEREST, ANSWERS)
    interest.erase(Candidate.objects.get(), by=None)
    work_off_everything()
    assert mail.outbox == []


def test_unconfirmed_are_erased_after_14_days(client: Client, confirmed: Candidate) -> None:
    client.post(INTEREST, ANSWERS | {"email": "old@example.org"})
    client.post(INTEREST, ANSWERS | {"email": "new@example.org"})
    work_off_everything()
    past = timezone.now() - dt.timedelta(days=14, minutes=1)
    Candidate.objects.exclude(email="new@example.org").update(consented_at=past, confirm_expires_at=past)
    assert interest.erase_unconfirmed() == 1
    assert set(Candidate.objects.values_list("email", flat=True)) == {"ada@example.org", "new@example.org"}


def test_asking_for_the_link_keeps_nothing_unconfirmed_longer(
    client: Client, mailed_link: Callable[[], str]
) -> None:
    client.post(INTEREST, ANSWERS)
    mailed_link()
    Candidate.objects.update(consented_at=timezone.now() - dt.timedelta(days=13))
    Notification.objects.update(created_at=timezone.now() - dt.timedelta(days=13))
    client.post("/interest/link/", {"email": "ada@example.org", "opened": ANSWERS["opened"]})
    link, candidate = mailed_link(), Candidate.objects.get()
    assert client.get(link).status_code == 200
    assert candidate.confirm_expires_at == candidate.consented_at + dt.timedelta(days=14)
    Candidate.objects.update(consented_at=timezone.now() - dt.timedelta(days=14, minutes=1))
    with pytest.raises(LookupError):
        links.confirm_path(str(candidate.pk))
    assert interest.erase_unconfirmed() == 1


@pytest.mark.parametrize("name", [ANSWERS["name"], "Ada B. Ortiz"])
def test_filling_the_form_in_again_counts_anew(
    client: Client, mailed_link: Callable[[], str], name: str
) -> None:
    client.post(INTEREST, ANSWERS)
    mailed_link()
    Candidate.objects.update(consented_at=timezone.now() - dt.timedelta(days=13))
    client.post(INTEREST, ANSWERS | {"name": name})
    assert client.get(mailed_link()).status_code == 200
    row = Candidate.objects.get()
    assert (row.name, timezone.now() - row.consented_at < dt.timedelta(minutes=1)) == (name, True)


def test_mail_is_plain_text_of_72_columns(client: Client, confirmed: Candidate) -> None:
    client.post(INTEREST, ANSWERS)
    work_off_everything()
    assert [message.subject for message in mail.outbox] == [
        "Please confirm your interest in an apprenticeship",
        "You are on the list of future BMET apprentices",
        "The link to your page",
    ]
    for message in mail.outbox:
        lines = [line for line in str(message.body).splitlines() if not line.startswith("http")]
        assert max(map(len, lines)) <= 72
        assert "<" not in message.body
        assert "&#" not in message.body


def test_form_closes_without_a_consent_text(client: Client) -> None:
    ConsentText.objects.update(retired_at=timezone.now())
    for method in (client.get, client.post):
        response = method(INTEREST, ANSWERS)
        assert response.status_code == 503
        assert "The form is closed just now" in response.content.decode()
    assert not Candidate.objects.exists()


def test_published_consent_text_never_changes(db: None) -> None:
    consent = ConsentText.objects.latest("version")
    consent.text = "Something else."
    with pytest.raises(Exception, match="published and cannot change"):
        consent.save()


def test_pages_cost_few_queries(
    client: Client, mailed_link: Callable[[], str], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):  # consent text, age, the contact in the footer
        client.get(INTEREST)
    with django_assert_num_queries(1):  # the contact
        client.get(THANKS)
    with django_assert_num_queries(0):
        client.get("/interest/place/?zip_code=53202")
    client.post(INTEREST, ANSWERS)
    link = mailed_link()
    with django_assert_num_queries(2):  # candidate with consent text, contact
        client.get(link)
    client.post(link, {"answer": "confirm"})
    link = mailed_link()
    with django_assert_num_queries(5):  # link with candidate, program, mails, who looked, contact
        client.get(link)
