"""The key is replaced: papers sealed before stay genuine and ours, a look-alike stays sealed by someone else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core import checks
from django.test import Client
from django.utils import timezone

if TYPE_CHECKING:  # this file is read before Django is set up
    from apprenticeship.documents.models import Document

pytestmark = pytest.mark.once


@pytest.fixture
def use_key(settings: Any, tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Return a function that puts a key of its own, of the operator's naming, into the settings."""
    from apprenticeship.documents import sealing

    def use(name: str) -> Path:
        path = tmp_path / f"{name}.p12"
        if not path.exists():
            sealing._make_own_key(path)
        settings.SEALING_KEY_FILE = str(path)
        sealing._loaded.cache_clear()
        return path

    yield use
    sealing._loaded.cache_clear()


@pytest.fixture
def final_paper(db: None, owner: Any) -> Callable[[str], Document]:
    """Return a function that orders a final agreement and has it made and sealed."""
    from apprenticeship.documents.orders import order
    from apprenticeship.records.queues import work_off_everything
    from tests.documents import papers

    def make(key: str) -> Document:
        facts, title = papers.final_agreement(), "Employer Agreement, final"
        document = order(
            "final_agreement", subject=owner, data=facts, title=title, version=1, effect_key=key, by=None
        )
        work_off_everything()
        document.refresh_from_db()
        assert (document.status, document.error) == ("done", "")
        return document

    return make


def verdict_of(content: bytes) -> str:
    from apprenticeship.documents.verifying import by_content

    return by_content(content).verdict.value


def problems() -> list[str]:
    from apprenticeship.documents.certificates import check_certificates
    from apprenticeship.documents.verification import check_documents

    return [line for check in (check_certificates, check_documents) for line in check() if line]


def without_code(pdf: bytes) -> bytes:
    """Return the PDF sealed by its old seal, but changed, and without the code that would give it away."""
    return pdf.replace(b"BMET-", b"XXXX-") + b"\n% changed"


def test_papers_sealed_with_an_earlier_key_stay_genuine(
    use_key: Callable[[str], Path], final_paper: Callable[[str], Document], client: Client
) -> None:
    use_key("first")
    before = final_paper("final:1")
    use_key("second")
    after = final_paper("final:2")
    assert before.sealed_with.fingerprint != after.sealed_with.fingerprint
    assert [verdict_of(paper.read()) for paper in (before, after)] == ["genuine", "genuine"]
    assert [verdict_of(without_code(paper.read())) for paper in (before, after)] == ["altered", "altered"]
    assert problems() == []
    page = client.get(f"/verify/{before.code}/").content.decode()
    assert before.sealed_with.fingerprint in page


def test_earlier_papers_stay_genuine_while_no_key_can_be_read(
    use_key: Callable[[str], Path], final_paper: Callable[[str], Document]
) -> None:
    path = use_key("first")
    paper = final_paper("final:1")
    path.write_bytes(b"no key any more")
    use_key("first")
    assert (verdict_of(paper.read()), verdict_of(without_code(paper.read()))) == ("genuine", "altered")
    assert problems() == []


def test_look_alike_of_an_earlier_certificate_is_a_foreign_seal(
    use_key: Callable[[str], Path], final_paper: Callable[[str], Document]
) -> None:
    from apprenticeship.documents import rendering, sealing

    use_key("first")
    final_paper("final:1")
    ours = sealing.certificate()
    use_key("look-alike")
    forged = sealing.seal(rendering.render_pdf("<html lang=en><title>x</title><p>Hello</p></html>"))
    theirs = sealing.certificate()
    use_key("second")
    final_paper("final:2")
    assert (ours.subject, ours.issuer) == (theirs.subject, theirs.issuer)
    assert verdict_of(forged) == "foreign_seal"


def test_paper_sealed_with_another_known_certificate_is_named(
    use_key: Callable[[str], Path], final_paper: Callable[[str], Document]
) -> None:
    from apprenticeship.documents.models import Document

    use_key("first")
    first = final_paper("final:1")
    use_key("second")
    second = final_paper("final:2")
    Document.objects.filter(pk=first.pk).update(sealed_with=second.sealed_with)
    assert problems() == [f"Document {first.code}: it is sealed with another certificate than ours"]


def test_certificate_that_was_slipped_in_or_changed_is_named(
    use_key: Callable[[str], Path], final_paper: Callable[[str], Document]
) -> None:
    from apprenticeship.documents import sealing
    from apprenticeship.documents.models import SealingCertificate

    use_key("first")
    mine = final_paper("final:1").sealed_with
    use_key("look-alike")
    forged = SealingCertificate.objects.create(
        fingerprint=sealing.certificate_fingerprint(),
        subject=mine.subject,
        content=sealing.as_der(sealing.certificate()),
        not_after=timezone.now(),
    )
    assert problems() == [f"Certificate {forged.fingerprint[:16]}…: no event tells of its first use"]
    SealingCertificate.objects.filter(pk=mine.pk).update(content=forged.content)
    forged.delete()
    assert problems() == [f"Certificate {mine.fingerprint[:16]}…: it is not the one that was kept (SHA-256)"]


def test_ended_certificate_is_no_fault_of_papers_sealed_before(
    use_key: Callable[[str], Path],
    final_paper: Callable[[str], Document],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from apprenticeship.documents import sealing

    monkeypatch.setattr(sealing, "OWN_KEY_LIFE", dt.timedelta(days=30))
    use_key("short")
    paper = final_paper("final:1")
    with time_machine.travel(timezone.now() + dt.timedelta(days=400)):
        assert (verdict_of(paper.read()), problems()) == ("genuine", [])


def test_deploy_check_tells_of_keys_that_cannot_be_read_or_end_soon(
    use_key: Callable[[str], Path], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprenticeship.documents import sealing

    def told() -> list[str]:
        found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
        return [f"{row.id}: {row.msg}" for row in found if str(row.id).startswith("documents.")]

    use_key("good")
    assert told() == []
    settings.SEALING_KEY_FILE = "/nowhere/key.p12"
    sealing._loaded.cache_clear()
    assert told() == ["documents.E001: The sealing key key.p12 cannot be read: FileNotFoundError"]
    monkeypatch.setattr(sealing, "OWN_KEY_LIFE", dt.timedelta(days=30))
    use_key("short")
    day = f"{timezone.now() + dt.timedelta(days=30):%Y-%m-%d}"
    text = f"The certificate that seals final papers ends on {day}; PDF readers warn of seals made later."
    assert told() == [f"documents.W002: {text}"]


def test_paper_says_whose_key_seals_and_that_it_is_kept(
    use_key: Callable[[str], Path],
    final_paper: Callable[[str], Document],
    read_pdf: Callable[..., str],
    settings: Any,
) -> None:
    from apprenticeship.documents import sealing

    def printed(key: str) -> str:
        return " ".join(read_pdf(final_paper(key).read(), "pdftotext", "-raw").split())

    settings.SEALING_KEY_FILE = ""
    sealing._loaded.cache_clear()
    assert "a key that this installation of the portal made itself" in printed("final:1")
    use_key("operator")
    words = printed("final:2")
    assert f"the key of the portal's operator, certificate of {sealing.OWN_KEY_NAME}." in words
    assert "knows this paper also after the key has been replaced." in words
