"""Deletion on request: everything goes, a receipt stays, and the last mail forgets whom it went to."""

import re

import pytest
from django.core import mail
from django.test import Client

from apprentices.models import Candidate, Deletion
from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
from apprenticeship.records.models import Event, Notification
from apprenticeship.records.queues import work_off_everything
from tests.pages import Page, visit
from tests.people import browser, person
from tests.records.database import tables_with

pytestmark = pytest.mark.django_db

SECRETS = ("Ortiz", "ada@example", "53202", "Milwaukee")


def delete_url(candidate: Candidate) -> str:
    return f"/admin/apprentices/candidate/{candidate.pk}/delete/"


@pytest.fixture
def desk() -> Client:
    """A program manager."""
    return browser(person("max@example.org", "Max Manager", staff=MANAGERS))


def test_deletion_leaves_a_receipt_and_nothing_of_the_person(desk: Client, confirmed: Candidate) -> None:
    page = visit(desk, delete_url(confirmed))
    assert page.words("//main//form/preceding-sibling::ul/li")[1] == "2 mails kept"
    assert Candidate.objects.count() == 1
    mail.outbox.clear()
    receipt = Page(desk.post(delete_url(confirmed), {"tell": "on"}, follow=True))
    row = Deletion.objects.get()
    assert re.fullmatch(r"DEL-[A-Z2-9]{4}-[A-Z2-9]{4}", row.reference)
    assert receipt.words("//section/h2") == [f"Receipt {row.reference}"]
    assert receipt.words("//tbody/tr") == [
        "Profile: every answer, and the agreement to the consent text1",
        "Mails kept2",
        "Links to the person’s page1",
        "Records of partners who opened the details0",
        "Marks and private notes of partners0",
    ]
    assert receipt.words("//section//span[contains(@class, 'tag')]") == ["On its way"]
    work_off_everything()
    assert [text for text in SECRETS if tables_with(text)] == []
    assert [text for text in SECRETS if text in visit(desk, receipt.url).html] == []
    assert visit(desk, receipt.url).words("//section//span[contains(@class, 'tag')]") == ["Sent"]
    (last,) = mail.outbox
    assert (last.to, row.reference in str(last.body)) == (["ada@example.org"], True)
    event = Event.objects.get(verb="candidate_deleted")
    assert (event.data, event.subject_id) == ({"reference": row.reference}, str(confirmed.pk))


def test_deletion_without_mail_says_so(desk: Client, confirmed: Candidate) -> None:
    mail.outbox.clear()
    receipt = Page(desk.post(delete_url(confirmed), follow=True))
    work_off_everything()
    assert "No mail was sent about it." in receipt.text
    assert (mail.outbox, Notification.objects.count()) == ([], 0)


def test_second_click_deletes_nothing_and_makes_no_second_receipt(desk: Client, confirmed: Candidate) -> None:
    desk.post(delete_url(confirmed), {"tell": "on"})
    again = Page(desk.post(delete_url(confirmed), {"tell": "on"}, follow=True))
    assert "Nothing to do: they are deleted already." in again.text
    assert (Deletion.objects.count(), Event.objects.filter(verb="candidate_deleted").count()) == (1, 1)


def test_reviewers_read_receipts_and_delete_nobody(desk: Client, confirmed: Candidate) -> None:
    reviewer = browser(person("rosa@example.org", "Rosa Reviewer", staff=REVIEWERS))
    assert reviewer.post(delete_url(confirmed), {"tell": "on"}).status_code == 403
    assert Candidate.objects.count() == 1
    desk.post(delete_url(confirmed))
    row = Deletion.objects.get()
    assert row.reference in visit(reviewer, f"/admin/apprentices/deletion/{row.pk}/change/").text
    assert (
        reviewer.post(f"/admin/apprentices/deletion/{row.pk}/change/", {"reference": "x"}).status_code == 403
    )


def test_many_at_once_get_a_receipt_each(desk: Client, confirmed: Candidate) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [str(confirmed.pk)], "post": "yes"}
    desk.post("/admin/apprentices/candidate/", chosen)
    assert (Candidate.objects.count(), Deletion.objects.get().by) == (0, User.objects.get(name="Max Manager"))
