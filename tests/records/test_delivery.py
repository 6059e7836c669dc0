"""Mail leaves once, in two forms, under one Message-ID; what goes wrong is said, retried and given up."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.documents.orders import order
from apprenticeship.records import delivery, grants, mail, queues
from apprenticeship.records.models import Notification, Status
from employers import people
from employers.models import Employer, Invitation, Role
from tests.documents import papers
from tests.records.database import tables_with
from tests.records.mail_server import MailServer, html_of, text_of

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[Any]:
    """Let time stand still at noon."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def welcome(to: str = "owner@example.org", **fields: Any) -> Notification:
    facts = {
        "person": "Dana",
        "employer": "Lakeside & Sons",
        "action_url": "http://127.0.0.1:8000/onboarding/",
    }
    return mail.send("welcome", to, facts, **fields)


def facts(row: Notification) -> tuple[str, int, str]:
    row.refresh_from_db()
    return row.status, row.attempts, row.error


def minted_path(message: EmailMessage) -> str:
    """Return the path of the link that a mail carries."""
    (line,) = [line for line in text_of(message).splitlines() if "/join/" in line]
    return line.strip().removeprefix("http://127.0.0.1:8000")


def test_mail_goes_out_as_text_with_an_html_twin(mail_server: MailServer) -> None:
    row = welcome()
    assert queues.work_off_everything() == 1
    (message,) = mail_server.messages
    assert message["Subject"] == "Your application has started"
    assert message["To"] == "owner@example.org"
    assert message["From"] == "BMET Apprenticeship <bmet@example.org>"
    assert message["Message-ID"] == f"<{row.pk}@127.0.0.1>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert text_of(message).splitlines()[:4] == [
        "Hello Dana,",
        "",
        "You have started an application for Lakeside & Sons to become an",
        "employer partner in the BMET Apprenticeship.",
    ]
    assert (
        html_of(message).count("<p>You have started an application for Lakeside &amp; Sons to become an") == 1
    )


def test_sent_mail_is_kept_as_it_went(mail_server: MailServer, noon: Any) -> None:
    row = welcome()
    queues.work_off_everything()
    assert facts(row) == (Status.DONE, 1, "")
    assert (row.done_at, row.subject) == (NOON, "Your application has started")
    assert row.body.splitlines() == text_of(mail_server.messages[0]).splitlines()
    assert queues.work("notifications", row.pk) is False
    assert len(mail_server.messages) == 1


def test_server_that_is_down_delays_mail_and_loses_none(mail_server: MailServer, noon: Any) -> None:
    rows = [welcome(), welcome("reviewer@example.org")]
    mail_server.down()
    assert queues.work_off_everything() == 2
    refused = "ConnectionRefusedError: [Errno 111] Connection refused"
    assert [facts(row) for row in rows] == [(Status.PENDING, 1, refused)] * 2
    assert list(queues.due()) == []
    mail_server.up()
    noon.move_to(NOON + dt.timedelta(seconds=15))
    assert queues.work_off_everything() == 2
    assert [facts(row) for row in rows] == [(Status.DONE, 2, "")] * 2
    assert [message["Message-ID"] for message in mail_server.messages] == [row.message_id for row in rows]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("550 No such user", (Status.FAILED, 1, "The address was refused by its mail server")),
        ("450 Come back later", (Status.PENDING, 1, "The address was refused by its mail server")),
    ],
)
def test_refused_address_stops_no_other_mail(
    reply: str, expected: tuple[str, int, str], mail_server: MailServer
) -> None:
    mail_server.replies["gone@example.org"] = reply
    refused, good = welcome("gone@example.org"), welcome()
    assert queues.work_off_everything() == 2
    assert [facts(refused), facts(good)] == [expected, (Status.DONE, 1, "")]
    assert [message["To"] for message in mail_server.messages] == ["owner@example.org"]


def test_greylisted_address_gets_its_mail_later(mail_server: MailServer, noon: Any) -> None:
    mail_server.replies["owner@example.org"] = "450 Come back later"
    row = welcome()
    queues.work_off_everything()
    del mail_server.replies["owner@example.org"]
    noon.move_to(row.not_before + dt.timedelta(seconds=15))
    queues.work_off_everything()
    assert facts(row) == (Status.DONE, 2, "")
    assert [message["Message-ID"] for message in mail_server.messages] == [row.message_id]


@pytest.mark.parametrize(
    "address",
    ["a@example.org\nBcc: victim@example.org", "a@example.org\r\n\r\nspam", "no-address", "a@b@c"],
)
def test_impossible_address_is_given_up_and_adds_no_header(address: str, mail_server: MailServer) -> None:
    row, good = welcome(address), welcome()
    queues.work_off_everything()
    assert facts(row) == (Status.FAILED, 1, "No mail can be written to this address")
    assert facts(good) == (Status.DONE, 1, "")
    assert [message["To"] for message in mail_server.messages] == ["owner@example.org"]


def test_line_breaks_in_a_name_add_no_header(mail_server: MailServer) -> None:
    row = mail.send(
        "withdrawn",
        "owner@example.org",
        {"employer": "Lake\r\nBcc: v@example.org\n\nside", "by": "", "reason": ""},
    )
    queues.work_off_everything()
    (message,) = mail_server.messages
    assert facts(row) == (Status.DONE, 1, "")
    assert message["Subject"] == "Lake Bcc: v@example.org side: application withdrawn"
    assert sorted(message.keys()) == [
        "Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To",
    ]  # fmt: skip


# Papers -------------------------------------------------------------------------------------------------------


@pytest.fixture
def paper(owner: User) -> Document:
    """A paper that is being prepared."""
    return order(
        "wage_schedule",
        subject=owner,
        data=papers.wage_schedule(),
        title="Wage schedule",
        version=1,
        effect_key="t:1",
        by=None,
    )


@pytest.fixture
def submission_mail(paper: Document) -> Notification:
    """The mail that takes the paper along."""
    context = {"employer": "Lakeside", "person": "Rosalind", "action_url": "http://127.0.0.1:8000/admin/"}
    return mail.send("review_needed", "reviewer@example.org", context, attachments=[paper])


def test_mail_takes_its_papers_along_after_an_hour_without_nudges(
    submission_mail: Notification, paper: Document, mail_server: MailServer, noon: Any
) -> None:
    noon.move_to(NOON + dt.timedelta(hours=1))
    assert list(queues.due()) == [("documents", paper.pk), ("notifications", submission_mail.pk)]
    queues.work_off_everything()
    [message] = mail_server.messages
    assert [part.get_filename() for part in message.iter_attachments()] == [paper.filename]


def test_mail_waits_for_its_papers_and_takes_them_along(
    submission_mail: Notification, paper: Document, mail_server: MailServer, noon: Any
) -> None:
    assert queues.work("notifications", submission_mail.pk)
    assert facts(submission_mail) == (Status.PENDING, 0, "waiting for its papers")
    assert mail_server.messages == []
    assert queues.work("documents", paper.pk)
    assert queues.work("notifications", submission_mail.pk)
    paper.refresh_from_db()
    (message,) = mail_server.messages
    (attached,) = message.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("application/pdf", paper.filename)
    assert attached.get_content() == paper.read()
    assert [line for line in text_of(message).splitlines() if "papers" in line or "Attached" in line] == [
        "Attached: Wage schedule."
    ]


@pytest.mark.parametrize(
    ("waited", "expected"),
    [
        (
            dt.timedelta(minutes=10) - dt.timedelta(milliseconds=1),
            (Status.PENDING, 0, "waiting for its papers"),
        ),
        (dt.timedelta(minutes=10), (Status.DONE, 1, "")),
    ],
)
def test_after_ten_minutes_mail_goes_with_a_link_instead(
    waited: dt.timedelta,
    expected: tuple[str, int, str],
    submission_mail: Notification,
    mail_server: MailServer,
    noon: Any,
) -> None:
    noon.move_to(NOON + waited)
    assert queues.work("notifications", submission_mail.pk)
    assert facts(submission_mail) == expected
    bodies = [
        (list(message.iter_attachments()), text_of(message).splitlines()) for message in mail_server.messages
    ]
    sent = expected[0] == Status.DONE
    assert [attachments for attachments, _lines in bodies] == ([[]] if sent else [])
    assert [
        lines.count("Some papers were not ready in time; the case shows them.")
        for _attachments, lines in bodies
    ] == ([1] if sent else [])


def test_paper_that_failed_is_not_waited_for(
    submission_mail: Notification, paper: Document, mail_server: MailServer
) -> None:
    Document.objects.claim(paper.pk).give_up("ValueError")
    assert queues.work("notifications", submission_mail.pk)
    assert facts(submission_mail) == (Status.DONE, 1, "")
    assert [list(message.iter_attachments()) for message in mail_server.messages] == [[]]


def test_stored_paper_that_is_gone_is_retried(
    submission_mail: Notification, paper: Document, mail_server: MailServer
) -> None:
    queues.work("documents", paper.pk)
    paper.refresh_from_db()
    paper.file.storage.delete(paper.file.name)
    queues.work("notifications", submission_mail.pk)
    status, attempts, error = facts(submission_mail)
    assert (status, attempts, error.partition(":")[0]) == (Status.PENDING, 1, "FileNotFoundError")
    assert mail_server.messages == []


# Links that grant something -----------------------------------------------------------------------------------


@pytest.fixture
def invitation(employer: Employer, owner: User) -> Invitation:
    """An invitation whose mail has not left."""
    return people.invite(employer, "casey@example.org", Role.EDITOR, by=owner)


def test_link_is_minted_when_its_mail_leaves_and_is_kept_nowhere(
    invitation: Invitation, mail_server: MailServer
) -> None:
    row = Notification.objects.get(name="invitation")
    assert (invitation.token_hash, row.grant, row.grant_id) == ("", "invitation", str(invitation.pk))
    assert row.context == {
        "employer": "Lakeside Regional Medical Center",
        "by": "Dana Whitfield",
        "role": "Editor",
        "expires_at": "December 6, 2026",
    }
    queues.work_off_everything()
    (message,) = mail_server.messages
    token = minted_path(message).split("/")[2]
    row.refresh_from_db()
    invitation.refresh_from_db()
    assert invitation.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert people.invitation_by(token) == invitation
    assert row.body.splitlines() == [
        grants.PLACEHOLDER if token in line else line for line in text_of(message).splitlines()
    ]
    assert tables_with(token) == set()
    assert tables_with(invitation.token_hash) == {"employers_invitation"}


def test_retry_mints_another_link_and_ends_the_last(
    invitation: Invitation, mail_server: MailServer, noon: Any
) -> None:
    mail_server.down()
    queues.work_off_everything()
    invitation.refresh_from_db()
    unsent = invitation.token_hash
    mail_server.up()
    noon.move_to(NOON + dt.timedelta(seconds=15))
    queues.work_off_everything()
    invitation.refresh_from_db()
    (message,) = mail_server.messages
    token = minted_path(message).split("/")[2]
    assert (len(unsent), invitation.token_hash) == (64, hashlib.sha256(token.encode()).hexdigest())
    assert (unsent == invitation.token_hash, tables_with(unsent)) == (False, set())


def test_mail_sent_twice_by_a_dying_worker_has_one_id_and_only_its_last_link_works(
    invitation: Invitation, mail_server: MailServer, noon: Any
) -> None:
    row = Notification.objects.get(name="invitation")
    slow = Notification.objects.claim(row.pk)
    noon.move_to(NOON + dt.timedelta(seconds=101))
    heir = Notification.objects.claim(row.pk)
    delivery.deliver(slow)
    delivery.deliver(heir)
    first, second = mail_server.messages
    assert (first["Message-ID"], second["Message-ID"]) == (row.message_id, row.message_id)
    tokens = [minted_path(message).split("/")[2] for message in (first, second)]
    assert [people.invitation_by(token) for token in tokens] == [None, invitation]
    assert facts(row) == (Status.DONE, 2, "")


@pytest.mark.parametrize("end", ["revoked_at", "accepted_at"])
def test_grant_that_ended_before_its_mail_left_is_given_up(
    end: str, invitation: Invitation, mail_server: MailServer
) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(**{end: NOON})
    queues.work_off_everything()
    row = Notification.objects.get(name="invitation")
    assert facts(row) == (Status.FAILED, 1, "Nothing to grant any more (DoesNotExist)")
    assert mail_server.messages == []


@pytest.mark.parametrize("reply", ["250 OK", "550 No such user forget@example.org"])
def test_mail_that_is_not_kept_forgets_whom_it_went_to(mail_server: MailServer, reply: str) -> None:
    if reply != "250 OK":
        mail_server.replies["forget@example.org"] = reply
    row = welcome("forget@example.org", is_kept=False)
    assert row.recipient == "forget@example.org"
    queues.work_off_everything()
    assert len(mail_server.messages) == (reply == "250 OK")
    row.refresh_from_db()
    assert (row.recipient, row.context, row.subject, row.body) == ("", {}, "", "")
    assert row.status == (Status.DONE if mail_server.messages else Status.FAILED)
    assert tables_with("forget@example.org") == set()
