"""Who may read a paper, what the pages say, and the admin."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.records import queues
from apprenticeship.records.models import Event, Status

Order = Callable[..., Document]
PAGES = ["documents:document", "documents:status"]


def signed_in(user: User) -> Client:
    """Return a browser in which this user has signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_strangers_and_unknown_ids_get_the_same_404(
    page: str, ordered: Order, owner: User, outsider: User
) -> None:
    url = reverse(page, args=[ordered().pk])
    assert signed_in(owner).get(url).status_code == 200
    stranger = signed_in(outsider).get(url)
    unknown = signed_in(owner).get(reverse(page, args=[uuid.uuid4()]))
    assert (stranger.status_code, unknown.status_code) == (404, 404)


@pytest.mark.parametrize("page", PAGES)
def test_anonymous_is_sent_to_sign_in(page: str, ordered: Order) -> None:
    url = reverse(page, args=[ordered().pk])
    response = Client().get(url)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={url}")


def test_signed_out_page_that_asks_keeps_what_it_shows(ordered: Order) -> None:
    url = reverse("documents:status", args=[ordered().pk])
    response = Client().get(url, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Reswap"], response.content) == (286, "none", b"")


@pytest.mark.parametrize("page", PAGES)
def test_posting_is_refused(page: str, ordered: Order, owner: User) -> None:
    assert signed_in(owner).post(reverse(page, args=[ordered().pk])).status_code == 405


def test_paper_of_an_unregistered_subject_is_nobodys(
    ordered: Order, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprenticeship.documents import access

    document = ordered()
    monkeypatch.delitem(access._ACCESS, User)
    assert signed_in(owner).get(reverse("documents:document", args=[document.pk])).status_code == 404


def test_ready_paper_is_sent_privately_and_noted(ordered: Order, owner: User, outsider: User) -> None:
    document = ordered()
    queues.work("documents", document.pk)
    url = reverse("documents:document", args=[document.pk])
    response = signed_in(owner).get(url)
    assert b"".join(response.streaming_content)[:5] == b"%PDF-"  # type: ignore[attr-defined]
    sent = {
        name: response[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")
    }
    assert sent == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'inline; filename="employer-agreement-lakeside-regional-v3.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    assert {part.strip() for part in response["Cache-Control"].split(",")} == {"private", "no-store"}
    assert list(signed_in(owner).head(url)) == []
    assert signed_in(outsider).get(url).status_code == 404
    noted = [(row.verb, row.user, row.subject_id) for row in Event.objects.all()]
    assert noted == [("document_downloaded", owner, str(document.pk))]


def test_waiting_page_asks_again_and_works_without_javascript(ordered: Order, owner: User) -> None:
    document = ordered()
    html = signed_in(owner).get(reverse("documents:document", args=[document.pk])).content.decode()
    assert f'hx-get="/documents/{document.pk}/status/" hx-trigger="every 2s"' in html
    assert f'<a href="/documents/{document.pk}/">Look again</a>' in html
    assert "Being prepared" in html


@pytest.mark.parametrize(
    ("status", "code", "word", "asks"),
    [
        (Status.PENDING, 200, "Being prepared", True),
        (Status.DONE, 286, "Ready", False),
        (Status.FAILED, 286, "Could not be made", False),
    ],
)
def test_status_fragment_stops_asking_when_done(
    status: str, code: int, word: str, asks: bool, ordered: Order, owner: User
) -> None:
    document = ordered()
    Document.objects.filter(pk=document.pk).update(status=status, error="RecursionError", pages=3)
    url = reverse("documents:status", args=[document.pk])
    response = signed_in(owner).get(url, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert (response.status_code, word in html, "hx-get" in html) == (code, True, asks)
    assert "RecursionError" not in html
    assert "<html" not in html
    assert signed_in(owner).get(url).status_code == 200


@pytest.fixture
def staff(db: None) -> User:
    """A reviewer who may see papers."""
    user = User.objects.create_user("staff@example.org", "a-long-password", name="Staff", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_document"))
    return user


def test_admin_lists_and_changes_nothing(ordered: Order, staff: User) -> None:
    document, client = ordered(), signed_in(staff)
    queues.work("documents", document.pk)
    listed = client.get(reverse("admin:documents_document_changelist"))
    assert document.code in listed.content.decode()
    page = reverse("admin:documents_document_change", args=[document.pk])
    document.refresh_from_db()
    shown = client.get(page).content.decode()
    assert (document.file_sha256 in shown, '<input type="text"' in shown) == (True, False)
    assert client.post(page, {"title": "forged"}).status_code == 403
    assert client.get(reverse("admin:documents_document_add")).status_code == 403
    assert client.post(reverse("admin:documents_document_delete", args=[document.pk])).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_admin_list_needs_few_queries(
    rows: int, ordered: Order, staff: User, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        ordered(key=f"test:{number}")
    client = signed_in(staff)
    with django_assert_num_queries(10):
        client.get(reverse("admin:documents_document_changelist"))


@pytest.mark.parametrize("permission", [None, "change_document", "retry_notification"])
def test_admin_makes_failed_papers_again_for_those_who_may(
    permission: str | None, ordered: Order, staff: User
) -> None:
    document = ordered()
    Document.objects.filter(pk=document.pk).update(status=Status.FAILED, attempts=9)
    if permission:
        staff.user_permissions.add(Permission.objects.get(codename=permission))
    data = {"action": "make_again", "_selected_action": [str(document.pk)]}
    signed_in(staff).post(reverse("admin:documents_document_changelist"), data)
    document.refresh_from_db()
    assert document.status == (Status.PENDING if permission else Status.FAILED)
