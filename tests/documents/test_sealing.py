"""The seal of a final paper, judged by independent tools, and attacks on it judged by /verify/."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.pages import Page

if TYPE_CHECKING:  # this file is read before Django is set up
    from apprenticeship.documents.models import Document

pytestmark = pytest.mark.once

END = b"\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def sealed(db: None, final_paper: Document) -> bytes:
    """The bytes of a final agreement as the worker stored them."""
    return final_paper.read()


@pytest.fixture
def final_paper(db: None, owner: Any) -> Document:
    """A final agreement, made and sealed by the queue."""
    from apprenticeship.documents.orders import order
    from apprenticeship.records.queues import work_off_everything
    from tests.documents import papers

    document = order(
        "final_agreement",
        subject=owner,
        data=papers.final_agreement(),
        title="Employer Agreement, final",
        version=1,
        effect_key="final:1",
        by=None,
    )
    work_off_everything()
    document.refresh_from_db()
    assert (document.status, document.error) == ("done", "")
    return document


def verdict_of(content: bytes) -> str:
    from apprenticeship.documents.verifying import by_content

    return by_content(content).verdict.value


def test_poppler_says_the_seal_is_valid_and_covers_everything(sealed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=True).stdout
    assert said.count("Signature #") == 1
    assert "Signature is Valid." in said
    assert "Total document signed" in said


def test_qpdf_finds_no_fault(sealed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    assert subprocess.run(["qpdf", "--check", file], capture_output=True, check=False).returncode == 0


def test_sealed_paper_keeps_tags_title_language_and_bookmarks(sealed: bytes) -> None:
    with pikepdf.open(BytesIO(sealed)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-us"
        assert str(pdf.docinfo["/Title"]) == "Employer Agreement, final"
        with pdf.open_outline() as outline:
            assert len(outline.root) >= 1
        permission = pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P
        assert int(permission) == 1  # no changes allowed


def test_exact_bytes_are_genuine(sealed: bytes) -> None:
    assert verdict_of(sealed) == "genuine"


def test_attacks_are_named(sealed: bytes, tmp_path: Path) -> None:
    flipped = bytearray(sealed)
    flipped[len(sealed) // 3] ^= 1
    assert verdict_of(bytes(flipped)) == "altered"
    assert verdict_of(sealed + b"\n% appended\n%%EOF\n") == "altered"
    incremental = BytesIO()
    with pikepdf.open(BytesIO(sealed)) as pdf:
        del pdf.pages[0]
        pdf.save(incremental)
    assert verdict_of(incremental.getvalue()) == "altered"
    stripped = BytesIO()
    with pikepdf.open(BytesIO(sealed)) as pdf:
        del pdf.Root.AcroForm
        del pdf.Root.Perms
        for page in pdf.pages:
            if "/Annots" in page:
                del page.Annots
        pdf.save(stripped)
    assert verdict_of(stripped.getvalue()) == "altered"


def test_paper_that_was_cut_off_is_known_by_its_beginning(sealed: bytes, client: Client) -> None:
    unsealed_end = sealed.index(b"%%EOF") + 6  # what is left is a whole PDF, without its seal
    cuts = [len(sealed) - 1, unsealed_end, 5000, 1024, 1023]
    assert [verdict_of(sealed[:cut]) for cut in cuts] == ["cut_off"] * 4 + ["unreadable"]
    assert verdict_of(sealed[:5000] + b" ") == "unreadable"
    file = SimpleUploadedFile("paper.pdf", sealed[:5000], "application/pdf")
    page = Page(client.post("/verify/", {"file": file}))
    assert page.words("//*[@data-verdict]/h2") == ["Cut off: the end of this file is missing"]
    assert "The file that you sent was checked and not kept." in page.text
    assert "stays on your computer" not in page.text


def test_look_alike_certificate_is_a_foreign_seal(db: None, tmp_path: Path, settings: Any) -> None:
    from apprenticeship.documents import rendering, sealing

    own, own_folder = sealing.certificate_fingerprint(), settings.VAR_DIR
    settings.VAR_DIR = tmp_path  # another installation makes another key with the same name
    sealing._loaded.cache_clear()
    forged = sealing.seal(rendering.render_pdf("<html lang=en><title>x</title><p>Hello</p></html>"))
    assert sealing.certificate_fingerprint() != own
    settings.VAR_DIR = own_folder
    sealing._loaded.cache_clear()
    assert verdict_of(forged) == "foreign_seal"


def test_ordinary_pdf_is_not_ours(db: None) -> None:
    content = BytesIO()
    pikepdf.new().save(content)
    assert verdict_of(content.getvalue()) == "not_ours"


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"", "unreadable"),
        (b"hello", "unreadable"),
        (b"%PDF-1.7\nxref\ntrailer <<>>\nstartxref\n99999999999\n%%EOF", "unreadable"),
        (b"%PDF-1.7\n/ByteRange [0 1 2 3] /Contents <zz>" + END, "not_ours"),
        (b"%PDF-1.7\n" + b"/ByteRange [ 0 10 200010 5 ]" * 5000 + END, "not_ours"),
        (b"%PDF-1.7\n/Encrypt 5 0 R" + END, "unreadable"),
        (b"%PDF-1.7\n" + b"garbage " * 500, "unreadable"),
    ],
    ids=["empty", "text", "broken-xref", "nonsense-seal", "many-ranges", "encrypted", "garbage"],
)
def test_bad_input_gets_an_answer(db: None, content: bytes, answer: str) -> None:
    assert verdict_of(content) == answer


def test_only_the_exact_bytes_are_ever_genuine(sealed: bytes) -> None:
    @hypothesis_settings(max_examples=150, suppress_health_check=list(HealthCheck))
    @given(
        st.integers(0, len(sealed) - 1),
        st.integers(0, 255),
        st.sampled_from(["set", "cut", "insert", "double"]),
    )
    def mutate(place: int, value: int, how: str) -> None:
        changed = {
            "set": sealed[:place] + bytes([value]) + sealed[place + 1 :],
            "cut": sealed[:place],
            "insert": sealed[:place] + bytes([value]) + sealed[place:],
            "double": sealed + sealed[:place],
        }[how]
        assert (verdict_of(changed) == "genuine") == (changed == sealed)

    mutate()


def test_page_answers_each_verdict_in_words(final_paper: Document, sealed: bytes, client: Client) -> None:
    def post(content: bytes) -> str:
        file = SimpleUploadedFile("paper.pdf", content, "application/pdf")
        return client.post("/verify/", {"file": file}).content.decode()

    assert "Genuine and in force" in post(sealed)
    assert "<title>Altered after it was sealed · Is this PDF genuine?" in post(sealed + b" ")
    assert "Not one of our papers" in post(b"%PDF-1.4 nothing" + END)
    assert "Not readable as a PDF" in post(b"GIF89a")
    assert "Not readable as a PDF" in post(b"")
    assert "Choose a PDF" in client.post("/verify/", {}).content.decode()
    by_hash = client.post("/verify/", {"sha256": final_paper.file_sha256}).content.decode()
    assert "Genuine and in force" in by_hash


def test_printed_code_is_found_however_it_is_typed(final_paper: Document, client: Client) -> None:
    typed = final_paper.code.lower().replace("-", " ")
    page = client.post("/verify/", {"code": typed}, follow=True).content.decode()
    assert final_paper.code in page
    assert "check the file too" in page
    assert client.get("/verify/BMET-2222-2222/").status_code == 404


def test_unsealed_papers_are_not_known(client: Client, ordered: Callable[..., Document]) -> None:
    from apprenticeship.records.queues import work_off_everything

    paper = ordered("wage_schedule")
    work_off_everything()
    paper.refresh_from_db()
    assert verdict_of(paper.read()) == "not_ours"
    assert client.get(f"/verify/{paper.code}/").status_code == 404
