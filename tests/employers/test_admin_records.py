"""Mail and events in the admin: readable, and failed mail goes again by a permitted POST alone."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.records.models import Event, Notification, Status
from apprenticeship.records.queues import work_off_everything
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.pages import visit
from tests.people import PASSWORD, browser

pytestmark = pytest.mark.django_db
MAILS, EVENTS = "/admin/records/notification/", "/admin/records/event/"


@pytest.fixture
def lost(journey: Journey) -> Notification:
    """A mail that was given up."""
    journey.to(State.STANDARDS)
    row = Notification.objects.first()
    assert row is not None
    Notification.objects.filter(pk=row.pk).update(
        status=Status.FAILED, error="The address was refused", attempts=9
    )
    row.refresh_from_db()
    return row


def test_failed_mail_goes_again_for_those_who_may(
    lost: Notification, reviewer: User, manager: User, owner: User
) -> None:
    address = f"{MAILS}{lost.pk}/retry/"
    assert Client().post(address).status_code == 302
    assert browser(owner).post(address).status_code == 302
    assert browser(reviewer).post(address).status_code == 403
    assert browser(manager).get(address).status_code == 405
    lost.refresh_from_db()
    assert lost.status == Status.FAILED
    page = browser(manager).post(address, follow=True).content.decode()
    assert "The mail is on its way again." in page
    work_off_everything()
    lost.refresh_from_db()
    assert lost.status == Status.DONE
    assert Event.objects.get(verb="notification_retried").user == manager
    assert "this mail did not fail" in browser(manager).post(address, follow=True).content.decode()


def test_event_log_is_as_long_as_its_chains_and_shorter_when_searched(
    journey: Journey, reviewer: User
) -> None:
    journey.to(State.FUNDING)
    desk, chain = browser(reviewer), journey.onboarding.employer.chain
    found = {
        "": Event.objects.all(),
        f"?chain={chain}": Event.objects.filter(chain=chain),
        "?q=part_saved": Event.objects.filter(verb="part_saved"),
    }
    counts = {query: desk.get(EVENTS + query).context["cl"].result_count for query in found}
    assert counts == {query: events.count() for query, events in found.items()}
    assert counts[""] > counts["?q=part_saved"] > 0


def test_mail_page_offers_the_retry_to_those_who_may(
    lost: Notification, reviewer: User, manager: User
) -> None:
    address = f"{MAILS}{lost.pk}/change/"
    assert "Send again" in browser(manager).get(address).content.decode()
    page = browser(reviewer).get(address).content.decode()
    assert "Not delivered" in page
    assert "The address was refused" in page
    assert "Send again" not in page
    Notification.objects.filter(pk=lost.pk).update(name="step_completed")
    assert f"Step completed → {lost.recipient}" in visit(browser(reviewer), address).words("//h2")


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_any_number_of_rows(
    journey: Journey, reviewer: User, django_assert_num_queries: Any, rows: int
) -> None:
    client = browser(reviewer)
    journey.to(State.REVIEW)
    Notification.objects.exclude(pk__in=Notification.objects.values("pk")[:rows]).delete()
    with django_assert_num_queries(9):
        client.get(MAILS)
    with django_assert_num_queries(7):
        client.get(f"{EVENTS}?chain={journey.onboarding.employer.chain}")


def test_mail_filter_uses_the_words_of_the_tags(lost: Notification, reviewer: User) -> None:
    page = browser(reviewer).get(f"{MAILS}?delivery=failed")
    assert page.context["cl"].result_count == 1
    assert "Not delivered" in page.content.decode()


def test_events_are_readable_by_chain_and_never_changed(journey: Journey, reviewer: User) -> None:
    case = journey.to(State.STANDARDS)
    page = browser(reviewer).get(f"{EVENTS}?chain={case.employer.chain}")
    assert page.context["cl"].result_count == Event.objects.filter(chain=case.employer.chain).count()
    assert "Organization and sites saved" in page.content.decode()
    event = Event.objects.latest("at")
    for verb in ("change", "delete"):
        assert (
            browser(reviewer).post(f"{EVENTS}{event.pk}/{verb}/", {"verb": "x", "post": "yes"}).status_code
            == 403
        )


def test_stuck_mail_is_listed_with_its_reason_and_goes_again(journey: Journey, manager: User) -> None:
    journey.to(State.AGREEMENT)
    work_off_everything()
    late, failed, fresh = Notification.objects.all()[:3]
    Notification.objects.update(error="The mail server is away")
    ago = timezone.now() - dt.timedelta(minutes=6)
    Notification.objects.filter(pk=late.pk).update(status=Status.PENDING, created_at=ago)
    Notification.objects.filter(pk=failed.pk).update(status=Status.FAILED)
    Notification.objects.filter(pk=fresh.pk).update(status=Status.PENDING, created_at=timezone.now())
    client = browser(manager)
    page = client.get(MAILS, {"stuck": "yes"})
    assert {row.pk for row in page.context["cl"].result_list} == {late.pk, failed.pk}
    assert "The mail server is away" in page.content.decode()
    for row in (late, failed):
        assert "Send again" in client.get(f"{MAILS}{row.pk}/change/").content.decode()
        client.post(f"{MAILS}{row.pk}/retry/")
    assert "Send again" not in client.get(f"{MAILS}{fresh.pk}/change/").content.decode()
    work_off_everything()
    assert client.get(MAILS, {"stuck": "yes"}).context["cl"].result_count == 0


def test_password_is_changed_on_the_portals_own_page(manager: User) -> None:
    """With its limits, asked again, and told by mail; the admin's own form knows none of these."""
    client = browser(manager)
    link = visit(client, "/admin/").tree.xpath("//a[@href='/admin/password_change/']/@href")
    for url in (*link, "/admin/password_change/done/"):
        page = visit(client, url)
        assert (page.url, page.status) == ("/accounts/password/change/", 200)
    new = "another-long-pass-2026"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/admin/password_change/", typed).url == "/accounts/password/change/"
    manager.refresh_from_db()
    assert manager.check_password(PASSWORD)
    client.post("/accounts/password/change/", typed)
    manager.refresh_from_db()
    assert manager.check_password(new)
    assert Notification.objects.get(name="account_password_changed").recipient == manager.email


def test_history_of_a_paper_is_said_in_the_portals_words(journey: Journey, reviewer: User) -> None:
    journey.to(State.REVIEW)
    paper = Document.objects.latest("created_at")
    page = visit(browser(reviewer), f"/admin/documents/document/{paper.pk}/history/")
    assert "Nothing was kept about this yet." in page.text
