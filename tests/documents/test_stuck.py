"""Papers that do not get done: made by the next sweep once they can be, listed for staff with the reason until then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse

if TYPE_CHECKING:  # this file is read before Django is set up
    from apprenticeship.accounts.models import User
    from apprenticeship.documents.models import Document

LIST = "admin:documents_document_changelist"
Order = Callable[..., "Document"]


@pytest.fixture
def final_paper(owner: User) -> Document:
    """A final agreement, signed by both and ordered, not yet made."""
    from apprenticeship.documents.orders import order
    from tests.documents import papers

    return order(
        "final_agreement",
        subject=owner,
        data=papers.final_agreement(),
        title="Employer Agreement, final",
        version=1,
        effect_key="final:1",
        by=None,
    )


@pytest.fixture
def staff(owner: User) -> User:
    """A person who may look at papers and make them again."""
    owner.is_staff = True
    owner.save()
    may = Permission.objects.filter(codename__in=["view_document", "change_document"])
    owner.user_permissions.set(may)
    return owner


@pytest.fixture
def key_file(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Where the settings say that the sealing key lies; nothing lies there yet."""
    from apprenticeship.documents import sealing

    settings.SEALING_KEY_FILE = str(tmp_path / "key.p12")
    sealing._loaded.cache_clear()
    yield tmp_path / "key.p12"
    sealing._loaded.cache_clear()


def sweep() -> int:
    from apprenticeship.records.queues import work_off_everything

    return work_off_everything()


def facts(document: Document) -> tuple[str, int, str]:
    document.refresh_from_db()
    return document.status, document.attempts, document.error


def test_paper_whose_worker_died_is_made_by_the_sweep_after_its_lease(ordered: Order) -> None:
    from apprenticeship.documents.models import Document
    from apprenticeship.records.models.queue import LEASE

    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    with time_machine.travel(now, tick=False) as clock:
        document = ordered()
        assert Document.objects.claim(document.pk) is not None  # and then its worker dies
        clock.move_to(now + LEASE)
        assert sweep() == 0
        clock.move_to(now + LEASE + dt.timedelta(seconds=1))
        assert sweep() == 1
        assert facts(document) == ("done", 2, "")


def test_paper_waits_for_the_sealing_key_and_says_so(final_paper: Document, key_file: Path) -> None:
    from apprenticeship.documents import sealing
    from apprenticeship.records.models.queue import FIRST_DELAY

    reason = "The sealing key key.p12 cannot be read: FileNotFoundError"
    assert sweep() == 1
    assert facts(final_paper) == ("pending", 1, reason)
    assert (final_paper.file.name, final_paper.sealed_at) == ("", None)
    sealing._make_own_key(key_file)
    assert sweep() == 0
    with time_machine.travel(final_paper.not_before):
        assert sweep() == 1
    assert facts(final_paper) == ("done", 2, "")
    assert final_paper.sealed_at is not None
    assert final_paper.not_before - final_paper.created_at >= FIRST_DELAY


def test_admin_lists_stuck_papers_with_their_reason_and_makes_them_again(
    final_paper: Document, key_file: Path, ordered: Order, staff: User
) -> None:
    from apprenticeship.documents import sealing
    from apprenticeship.documents.models import Document
    from tests.people import browser

    ordered()
    client, address = browser(staff), reverse(LIST) + "?stuck=yes"

    def listed() -> list[str]:
        return [row.title for row in client.get(address).context["cl"].result_list]

    assert sweep() == 2
    assert listed() == []  # it waits for a moment only
    Document.objects.update(created_at=final_paper.created_at - dt.timedelta(minutes=6))
    assert listed() == ["Employer Agreement, final"]
    assert "The sealing key key.p12 cannot be read" in client.get(address).content.decode()
    Document.objects.filter(pk=final_paper.pk).update(status="failed", attempts=9)
    assert listed() == ["Employer Agreement, final"]
    sealing._make_own_key(key_file)
    everything = [str(pk) for pk in Document.objects.values_list("pk", flat=True)]
    page = client.post(address, {"action": "make_again", "_selected_action": everything}, follow=True)
    assert "1 paper is being made again." in page.content.decode()
    sweep()
    assert facts(final_paper)[0] == "done"
    assert listed() == []


def test_stuck_paper_in_a_workers_hands_stays_there(ordered: Order, staff: User) -> None:
    from apprenticeship.documents.models import Document

    document = ordered()
    Document.objects.update(created_at=document.created_at - dt.timedelta(minutes=6))
    held = Document.objects.claim(document.pk)
    assert held.is_stuck
    held.retry()
    assert held.finish(file="x.pdf")
    assert not held.is_stuck
