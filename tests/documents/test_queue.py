"""A paper is ordered with its act, made once, and tells the mail that waits for it."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from apprenticeship.documents import rendering, working
from apprenticeship.documents.models import CODE_LETTERS, Document, new_code
from apprenticeship.documents.orders import order
from apprenticeship.records import queues
from apprenticeship.records.models import Notification, Status
from apprenticeship.records.models.queue import MAX_ATTEMPTS

Order = Callable[..., Document]


def stored_files(media: Path) -> list[Path]:
    """Return every file in private storage."""
    return [path for path in media.rglob("*") if path.is_file()]


@pytest.fixture
def kicked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Catch nudges at the broker's edge."""
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(queues, "kick", lambda name, pk: seen.append((name, str(pk))))
    return seen


def test_code_is_readable_and_unguessable() -> None:
    codes = {new_code() for _number in range(500)}
    assert len(codes) == 500
    assert set("".join(code.removeprefix("BMET-").replace("-", "") for code in codes)) <= set(CODE_LETTERS)
    assert {len(code) for code in codes} == {14}
    assert not set("0O1I") & set(CODE_LETTERS)


def test_order_nudges_after_commit_only(
    ordered: Order, kicked: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = ordered()
        assert kicked == []
    assert kicked == [("documents", str(document.pk))]


def test_order_is_undone_with_its_act(ordered: Order) -> None:
    with transaction.atomic():
        ordered()
        transaction.set_rollback(True)
    assert Document.objects.count() == 0


def test_same_effect_orders_one_paper(
    ordered: Order, kicked: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first, second, other = ordered(), ordered(agreement_version=9), ordered(key="test:2")
    assert first == second
    assert second.data["agreement_version"] == 1
    assert first != other
    assert first.code != other.code
    assert len(kicked) == 2


def test_made_paper_is_stored_with_hash_pages_and_readable_name(ordered: Order, media: Path) -> None:
    document = ordered()
    assert queues.work("documents", document.pk)
    document.refresh_from_db()
    (path,) = stored_files(media)
    assert document.status == Status.DONE
    assert document.read() == path.read_bytes()
    assert document.file_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert document.pages == 3
    assert document.filename == "employer-agreement-lakeside-regional-v3.pdf"
    assert "lakeside" not in str(path.relative_to(media))


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        (
            {"employer": {"legal_name": "St. Mary's / Health\r\nCare"}},
            "employer-agreement-st-marys-health-care-v3.pdf",
        ),
        ({"employer": {"legal_name": "聖路加国際病院"}}, "employer-agreement-v3.pdf"),
        ({"employer": {"legal_name": "x" * 500}}, "employer-agreement-" + "x" * 61 + "-v3.pdf"),
        ({"employer": {}}, "employer-agreement-v3.pdf"),
    ],
)
def test_filename_is_safe_whatever_the_employer_is_called(
    facts: dict[str, Any], name: str, unsaved: Callable[..., Document]
) -> None:
    assert unsaved(**facts).filename == name


def test_two_workers_make_one_paper(ordered: Order, media: Path) -> None:
    document = ordered()
    assert [queues.work("documents", document.pk), queues.work("documents", document.pk)] == [True, False]
    assert len(stored_files(media)) == 1


def test_lost_claim_leaves_no_second_file(ordered: Order, media: Path) -> None:
    document = ordered()
    slow = Document.objects.claim(document.pk)
    Document.objects.filter(pk=document.pk).update(claimed_until=slow.created_at)
    quick = Document.objects.claim(document.pk)
    working.make(quick)
    kept = stored_files(media)
    working.make(slow)
    document.refresh_from_db()
    assert stored_files(media) == kept == [Path(default_storage.path(document.file.name))]
    assert document.file_sha256 == quick.file_sha256


def test_effect_key_is_unique_in_the_database(ordered: Order, owner: Any) -> None:
    ordered()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(kind="x", title="x", subject=owner, effect_key="test:1")


def test_failure_is_tried_again_and_says_why(
    ordered: Order, monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    def too_deep(html: str, enclosed: object) -> None:
        raise RecursionError

    document = ordered()
    monkeypatch.setattr(rendering, "print_html", too_deep)
    assert queues.work("documents", document.pk)
    document.refresh_from_db()
    assert (document.status, document.error, document.attempts) == (Status.PENDING, "RecursionError", 1)
    assert document.not_before > document.created_at
    assert stored_files(media) == []


@pytest.mark.parametrize("kind", ["no_such_kind", "../base"])
def test_unknown_kind_is_a_failure_and_no_crash(kind: str, owner: Any, settings: Any) -> None:
    document = order(kind, subject=owner, data={}, title="?", version=1, effect_key=kind, by=None)
    Document.objects.filter(pk=document.pk).update(attempts=MAX_ATTEMPTS - 1)
    assert queues.work("documents", document.pk)
    document.refresh_from_db()
    assert (document.status, document.error) == (Status.FAILED, "LookupError")


def test_paper_that_kills_its_worker_is_given_up(ordered: Order, media: Path) -> None:
    document = ordered()
    Document.objects.filter(pk=document.pk).update(attempts=MAX_ATTEMPTS)
    assert queues.work("documents", document.pk)
    document.refresh_from_db()
    assert (document.status, document.error) == (Status.FAILED, "The worker died at every attempt")
    assert stored_files(media) == []


def test_finished_paper_nudges_the_mail_that_waits(
    ordered: Order, kicked: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    document = ordered()
    waiting, failing = (
        Notification.objects.create(name="x", recipient="a@example.org") for _number in range(2)
    )
    for mail in (waiting, failing):
        mail.attachments.add(document)
    Notification.objects.filter(pk=waiting.pk).update(not_before="2999-01-01T00:00Z")
    Notification.objects.filter(pk=failing.pk).update(not_before="2999-01-01T00:00Z", attempts=2)
    with django_capture_on_commit_callbacks(execute=True):
        queues.work("documents", document.pk)
    assert kicked == [("notifications", str(waiting.pk))]
    assert list(Notification.objects.due()) == [waiting]
