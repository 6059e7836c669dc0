"""AAMI's own list: shown row by row, invited once, nothing shared before a yes, forgotten after a no or silence."""

import datetime as dt
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from apprentices import fingerprints, interest, inviting, tasks
from apprentices.models import Candidate, ForgottenAddress, Invitation, InvitationList
from apprentices.people_table import plan, sample_csv, store
from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
from apprenticeship.records import queues
from apprenticeship.records.models import Event, Notification, Status
from apprenticeship.tables import MovedOn
from tests.apprentices.answers import ANSWERS
from tests.apprentices.people import candidate
from tests.desk_figures import compare_with_lists
from tests.pages import Page, press, visit
from tests.people import browser, person
from tests.records.database import tables_with
from tests.services.processes import database_url

pytestmark = pytest.mark.django_db

URL = "/admin/apprentices/invitationlist/import/"
TABLE = "name,email,zip_code,phone\r\nAda Ortiz,Ada@Example.org,53202,414-555-0142\r\nBob Li,bob@example.org,,\r\n"


@pytest.fixture
def desk() -> Client:
    """A program manager."""
    return browser(person("max@example.org", "Max Manager", staff=MANAGERS))


def upload(client: Client, text: str) -> Page:
    return Page(client.post(URL, {"file": SimpleUploadedFile("list.csv", text.encode())}))


def confirm(client: Client, page: Page, **typed: str) -> Page:
    form = page.tree.xpath("//form[.//input[@name='fingerprint']]")[0]
    fields = {row.name: row.value or "" for row in form.xpath(".//input[@type='hidden']")}
    return Page(client.post(URL, fields | typed, follow=True))


def invite(text: str = TABLE) -> InvitationList:
    """Store a table and let the worker work it off."""
    by = User.objects.filter(is_staff=True).first() or person("staff@example.org", staff=MANAGERS)
    batch = store(text, fingerprint=plan(text).fingerprint, by=by)
    queues.work_off_everything()
    return batch


def link_to(address: str) -> str:
    """Return the path in the newest mail to an address."""
    body = next(str(row.body) for row in reversed(mail.outbox) if row.to == [address])
    return (
        next(line for line in body.splitlines() if "/interest/invited/" in line).partition("8000")[2].strip()
    )


def outcomes() -> list[str]:
    return list(Invitation.objects.order_by("pk").values_list("outcome", flat=True))


def said(**changed: str) -> dict[str, str]:
    return {**ANSWERS, "name": "Ada Ortiz", "email": "ada@example.org", **changed}


def test_list_is_shown_first_invited_after_a_yes_and_its_progress_seen(desk: Client) -> None:
    candidate("Cyd", "53202")
    page = upload(
        desk, TABLE + "Cyd,CYD@example.org,,\r\nBob again,bob@example.org,,\r\n,nobody,00000,call me\r\n"
    )
    assert page.words("//section[@aria-labelledby='look']/p/span") == [
        "To correct, left out: 1", "Invited: 2", "Twice in this file, left out: 1",
        "On the list of candidates already, left out: 1",
    ]  # fmt: skip
    assert page.words("//tr[td='nobody']/td[@class='fault']/div") == [
        "email: Enter an address like name@example.org.",
        "zip_code: we don’t know this ZIP code.",
        "phone: Enter a phone number, like 218-555-0142 or 218-555-0142 ext. 7.",
    ]
    refused = confirm(desk, page)
    assert (refused.status, Invitation.objects.count(), mail.outbox) == (422, 0, [])
    done = confirm(desk, refused, agrees="on")
    assert done.words("//ul[@class='messagelist']/li") == ["2 people are being invited."]
    assert done.words("//p[@role='status']") == ["Working 0 of 2 people"]
    queues.work_off_everything()
    progress = Page(desk.get(f"{done.url.removesuffix('change/')}progress/"))
    assert (progress.status, progress.words("//p[@role='status']")) == (286, ["Done 2 of 2 people"])
    assert compare_with_lists(desk, visit(desk, done.url)) == 2
    assert sorted(row.to[0] for row in mail.outbox) == ["ada@example.org", "bob@example.org"]
    assert Candidate.objects.count() == 1
    facts = Event.objects.get(verb="list_uploaded").data
    assert facts == {"invited": 2, "left_out": 3}


def test_yes_by_the_link_confirms_without_a_second_mail_to_confirm(client: Client) -> None:
    invite()
    path = link_to("ada@example.org")
    page = visit(client, path)
    assert {name: page.fields()[name] for name in ("name", "email", "zip_code", "phone")} == {
        "name": "Ada Ortiz", "email": "ada@example.org", "zip_code": "53202", "phone": "414-555-0142",
    }  # fmt: skip
    assert outcomes() == ["invited", "invited"]
    refused = press(
        client, page, said(is_of_age="", is_consenting="") | {"is_of_age": None, "is_consenting": None}
    )
    assert set(refused.problems) == {"id_is_of_age", "id_is_consenting"}
    assert Candidate.objects.count() == 0
    assert press(client, page, said()).url == "/interest/confirmed/"
    ada = Candidate.objects.shown().get()
    assert (ada.email, ada.consent.version, ada.is_of_age) == ("ada@example.org", 2, True)
    queues.work_off_everything()
    assert [row.subject for row in mail.outbox if row.to == ["ada@example.org"]][1:] == [
        "You are on the list of future BMET apprentices"
    ]
    assert outcomes() == ["accepted", "invited"]
    assert visit(client, path).status == 410
    assert "Ada" not in str(Invitation.objects.values())


def test_another_address_has_to_prove_itself(client: Client) -> None:
    invite()
    page = press(client, visit(client, link_to("ada@example.org")), said(email="other@example.org"))
    assert page.url == "/interest/thanks/"
    assert Candidate.objects.get(email="other@example.org").status == "unconfirmed"
    assert Candidate.objects.shown().count() == 0


@pytest.mark.parametrize("by", ["button", "mail program", "silence", "staff"])
def test_no_leaves_a_fingerprint_alone_and_is_never_asked_again(
    by: str, client: Client, desk: Client
) -> None:
    invite()
    path = link_to("ada@example.org")
    invitation = Invitation.objects.get(email="ada@example.org")
    if by == "button":
        page = press(client, visit(client, path), button="unused")  # an empty form changes nothing
        assert Page(client.post(f"{path}no/", follow=True)).url == "/interest/deleted/"
        assert page.status == 200
    elif by == "mail program":
        (message,) = (row for row in mail.outbox if row.to == ["ada@example.org"])
        way_out = re.sub(r"^<https?://[^/]+|>$", "", message.extra_headers["List-Unsubscribe"])
        strict = Client(enforce_csrf_checks=True)
        assert strict.get(way_out).status_code == 302
        assert outcomes() == ["invited", "invited"]
        assert strict.post(way_out, {"List-Unsubscribe": "One-Click"}).status_code == 200
    elif by == "silence":
        long_ago = timezone.now() - inviting.ANSWER_WITHIN
        Invitation.objects.filter(pk=invitation.pk).update(changed_at=long_ago + dt.timedelta(minutes=1))
        tasks.erase_unconfirmed()
        assert outcomes() == ["invited", "invited"]
        Invitation.objects.filter(pk=invitation.pk).update(changed_at=long_ago)
        tasks.erase_unconfirmed()
    else:
        desk.post(f"/admin/apprentices/invitation/{invitation.pk}/delete/", {"post": "yes"})
    assert [text for text in ("ada@example", "Ada Ortiz", "414-555-0142") if tables_with(text)] == []
    assert visit(client, path).status == 410
    mail.outbox.clear()
    again = plan(TABLE)
    assert [line.outcome for line in again.lines] == ["repeated" if by == "silence" else "gone", "repeated"]
    assert again.invited == []


def test_deleted_candidates_are_not_invited_whoever_deleted_them(settings: Any) -> None:
    interest.erase(candidate("Ada"), by=None)
    assert [line.outcome for line in plan(TABLE).lines] == ["gone", "waiting"]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [settings.SECRET_KEY]
    assert [line.outcome for line in plan(TABLE).lines] == ["gone", "waiting"]
    assert "ada@example.org" not in str(ForgottenAddress.objects.values())


def test_who_is_known_when_the_worker_comes_is_not_invited() -> None:
    by = person("staff@example.org", staff=MANAGERS)
    first = store(TABLE, fingerprint=plan(TABLE).fingerprint, by=by)
    second = store(TABLE, fingerprint=plan(TABLE).fingerprint, by=by)  # before the worker came
    candidate("Bob")
    queues.work_off_everything()
    assert [[row.outcome for row in batch.invitations.all()] for batch in (first, second)] == [
        ["invited", "known"],
        ["repeated", "known"],
    ]
    assert [row.to for row in mail.outbox] == [["ada@example.org"]]
    assert list(Invitation.objects.exclude(email="").values_list("email", flat=True)) == ["ada@example.org"]


def test_confirmation_of_what_has_changed_meanwhile_invites_nobody(desk: Client) -> None:
    page = upload(desk, TABLE)
    candidate("Bob")
    again = confirm(desk, page, agrees="on")
    assert again.words("//div[@role='alert']/p") == [
        "Something changed since you looked. Nobody was invited; this is what the file does now."
    ]
    confirm(desk, again, agrees="on")
    with pytest.raises(MovedOn):
        store(TABLE, fingerprint="0" * 64, by=User.objects.get())
    assert Invitation.objects.count() == 1


def test_heading_of_other_lists_is_understood_and_formulas_are_refused() -> None:
    heading, ada_typed = (
        "First Name;Last Name;E-Mail Address;ZIP;Age",
        "Ada;Ortiz;ada@example.org;53202-1234;31",
    )
    text = f"{heading}\n{ada_typed}\n=1+1;;bob@example.org;;\n"
    ada, bob = plan(text).lines
    assert ada.cells == {"name": "Ada Ortiz", "email": "ada@example.org", "zip_code": "53202", "phone": ""}
    assert bob.errors == ("name: this begins like a spreadsheet formula. Enter the plain value.",)
    assert [line.outcome for line in plan(sample_csv()).lines] == ["waiting", "waiting"]


def test_names_with_html_or_line_breaks_are_errors_of_their_row() -> None:
    text = 'name,email\n<b>Ada</b>,ada@example.org\n"Bob\nRay",bob@example.org\n'
    assert [line.errors for line in plan(text).lines] == [
        ("name: Write the name without < and >.",), ("name: Write the name in one line.",)
    ]  # fmt: skip


def test_preview_cuts_what_is_endless(desk: Client) -> None:
    page = upload(desk, f"name,email\n{'n' * 9000},{'a' * 10_000}@example.org\n")
    cells = set(page.words("//td/div[@class='clipped']")) - {""}
    assert cells == {"a" * 79 + "…", "n" * 79 + "…"}
    assert "a" * 80 not in page.html


def test_only_managers_invite(desk: Client) -> None:
    reviewer = browser(person("rosa@example.org", "Rosa Reviewer", staff=REVIEWERS))
    page = upload(desk, TABLE)
    fields = {"text": TABLE, "fingerprint": plan(TABLE).fingerprint, "agrees": "on"}
    assert reviewer.post(URL, fields).status_code == 403
    assert reviewer.get(f"{URL}sample/").status_code == 403
    batch = InvitationList.objects.filter(pk=confirm(desk, page, agrees="on").url.split("/")[4]).get()
    assert visit(reviewer, f"/admin/apprentices/invitationlist/{batch.pk}/change/").status == 200
    row = batch.invitations.first()
    assert (
        reviewer.post(f"/admin/apprentices/invitation/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    )


@pytest.mark.parametrize("size", [1, 300])
def test_plan_and_progress_cost_the_same_for_any_number(
    size: int, desk: Client, django_assert_num_queries: Any
) -> None:
    text = "email\n" + "".join(f"p{number}@example.org\n" for number in range(size))
    with django_assert_num_queries(3):
        agreed = plan(text)
    batch = store(text, fingerprint=agreed.fingerprint, by=User.objects.get())
    with django_assert_num_queries(9):
        desk.get(f"/admin/apprentices/invitationlist/{batch.pk}/change/")


DYING = """
import os, signal, django
django.setup()
from apprenticeship.records import mail, queues
send, sent = mail.send, []
def deadly(*args, **kwargs):
    sent.append(send(*args, **kwargs))
    if len(sent) == 3:
        os.kill(os.getpid(), signal.SIGKILL)  # the row and its mail are written, not committed
mail.send = deadly
queues.work("invitation_lists", int(os.environ["BATCH"]))
"""


@pytest.mark.django_db(transaction=True)
def test_worker_killed_amid_the_list_invites_everybody_once_in_the_end() -> None:
    text = "email\n" + "".join(f"p{number}@example.org\n" for number in range(5))
    batch = store(text, fingerprint=plan(text).fingerprint, by=person("staff@example.org", staff=MANAGERS))
    own = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "apprenticeship.settings", "DEBUG": "1"}
    died = subprocess.run([sys.executable, "-c", DYING], env=os.environ | own | {"BATCH": f"{batch.pk}"})
    assert died.returncode == -9
    assert outcomes() == ["invited", "invited", "waiting", "waiting", "waiting"]
    queues.work_off_everything()  # its lease still holds
    assert outcomes().count("waiting") == 3
    InvitationList.objects.update(claimed_until=timezone.now() - dt.timedelta(seconds=1))
    queues.work_off_everything()
    batch.refresh_from_db()
    assert (batch.status, set(outcomes())) == (Status.DONE, {"invited"})
    owed = Notification.objects.filter(name="candidate_invited").values_list("recipient", flat=True)
    assert sorted(owed) == [f"p{number}@example.org" for number in range(5)]
    assert sorted(row.to[0] for row in mail.outbox) == sorted(owed)


def test_fingerprint_tells_an_address_by_no_other() -> None:
    one, same, other = (fingerprints.fingerprint(text) for text in ("a@b.org", "A@B.org", "b@b.org"))
    assert (one == same, one == other, len(one)) == (True, False, 64)
