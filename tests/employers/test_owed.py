"""What an agreement in force is owed: found by the sweep when it was never ordered, is stuck, or was not mailed."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.urls import reverse

from apprenticeship.celery import app
from apprenticeship.documents.models import Document
from apprenticeship.documents.verifying import by_content
from apprenticeship.records import queues
from apprenticeship.records.models import Event, Notification
from apprenticeship.records.queues import work_off_everything
from employers import owed
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.employers.stored import StoredJourney
from tests.people import browser
from tests.records.database import tamper

pytestmark = pytest.mark.django_db
LATE = ["final_paper_ordered_late", "final_paper_mailed_late"]


@pytest.fixture
def partner(journey: StoredJourney) -> StoredJourney:
    """An employer whose agreement AAMI has just countersigned; no worker has looked yet."""
    journey.to(State.REVIEW)
    journey.work_off()
    journey.once("approved", journey.approve)
    mail.outbox.clear()
    return journey


def final() -> Document:
    document: Document = Document.objects.get(kind="final_agreement")
    return document


def told() -> list[str]:
    """Return what the event log says of papers and mails that were ordered late."""
    return list(Event.objects.filter(verb__in=LATE).order_by("number").values_list("verb", flat=True))


def brought_to() -> list[str]:
    """Return who got the final paper by mail."""
    name = final().filename
    return sorted(m.to[0] for m in mail.outbox if [a[0] for a in m.attachments] == [name])


def test_beat_looks_twice_a_minute() -> None:
    schedule = app.conf.beat_schedule
    assert [schedule[name]["schedule"] for name in ("sweep", "order-owed")] == [30, 30]


def test_nothing_is_ordered_while_nothing_is_missing(partner: Journey) -> None:
    assert (owed.order_owed(), told()) == (0, [])
    work_off_everything()
    assert (owed.order_owed(), told(), Document.objects.filter(kind="final_agreement").count()) == (0, [], 1)


def test_signed_but_not_rendered_is_found_by_the_sweep(partner: Journey) -> None:
    waiting = [pk for name, pk in queues.due() if name == "documents"]  # no nudge ever arrived
    assert final().pk in waiting
    work_off_everything()
    assert (final().status, by_content(final().read()).verdict.value) == ("done", "genuine")
    assert brought_to() == sorted([partner.owner.email, partner.reviewer.email])


def test_nothing_is_sealed_over_a_broken_event_log(partner: StoredJourney) -> None:
    chain = partner.onboarding.employer.chain
    with transaction.atomic():
        tamper("UPDATE records_event SET verb = 'x' WHERE chain_id = %s AND number = 2", chain)
    work_off_everything()
    assert (final().status, brought_to()) == ("pending", [])
    assert final().error.startswith("Not sealed: the event log is broken at event 2.")


def test_rendered_but_not_sealed_waits_with_its_reason_and_is_made_again_by_hand(
    partner: Journey, settings: Any
) -> None:
    from apprenticeship.documents import sealing

    settings.SEALING_KEY_FILE = "/nowhere/key.p12"
    sealing._loaded.cache_clear()
    work_off_everything()
    reason = "The sealing key key.p12 cannot be read: FileNotFoundError"
    assert (final().status, final().attempts, final().error, brought_to()) == ("pending", 1, reason, [])
    settings.SEALING_KEY_FILE = ""
    sealing._loaded.cache_clear()
    staff = browser(partner.manager)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=6)):
        staff.force_login(partner.manager, backend="django.contrib.auth.backends.ModelBackend")
        address = reverse("admin:documents_document_change", args=[final().pk])
        page = staff.get(address).content.decode()
        assert f"This paper could not be made: {reason}." in page
        again = staff.post(reverse("admin:documents_document_retry", args=[final().pk]), follow=True)
        assert "The paper is being made again." in again.content.decode()
        work_off_everything()
        assert "Make it again" not in staff.get(address).content.decode()
    assert (final().status, final().error) == ("done", "")
    assert Event.objects.filter(verb="document_retried", user=partner.manager).count() == 1
    assert brought_to() == sorted([partner.owner.email, partner.reviewer.email])


def test_sealed_but_not_mailed_goes_out_when_the_mail_server_is_back(partner: Journey, settings: Any) -> None:
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    work_off_everything()
    rows = final().notifications
    assert {(row.status, row.error[:22]) for row in rows.all()} == {("pending", "ConnectionRefusedError")}
    settings.EMAIL_BACKEND = works
    assert (work_off_everything(), brought_to()) == (0, [])  # it backs off first
    with time_machine.travel(max(rows.values_list("not_before", flat=True))):
        work_off_everything()
    assert brought_to() == sorted([partner.owner.email, partner.reviewer.email])


def test_final_paper_that_was_never_ordered_is_ordered_and_mailed_once(partner: Journey) -> None:
    final().notifications.all().delete()
    Document.objects.filter(kind="final_agreement").delete()
    assert (owed.order_owed(), told()) == (2, LATE)
    assert (owed.order_owed(), told()) == (0, LATE)
    work_off_everything()
    assert (final().status, by_content(final().read()).verdict.value) == ("done", "genuine")
    assert brought_to() == [partner.owner.email]


def test_mail_of_a_final_paper_that_was_never_ordered_goes_out_once(partner: Journey) -> None:
    work_off_everything()
    mail.outbox.clear()
    final().notifications.all().delete()
    assert (owed.order_owed(), told()) == (1, LATE[1:])
    assert owed.order_owed() == 0
    work_off_everything()
    assert brought_to() == [partner.owner.email]
    assert Notification.objects.filter(name="agreement_in_force").count() == 1


def test_ended_agreement_is_owed_nothing(partner: Journey) -> None:
    from employers.models import Agreement

    Document.objects.filter(kind="final_agreement").delete()
    Agreement.objects.update(status="superseded")
    assert owed.order_owed() == 0


def test_sweep_costs_five_queries_while_nothing_is_missing(
    partner: Journey, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(5):
        assert owed.order_owed() == 0
