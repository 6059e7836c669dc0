"""`/verify/` under bad input: an answer in words within five seconds, in little memory, never a 500."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.records.mail_server import free_port
from tests.services.processes import Process, database_url, running, wait_until

if TYPE_CHECKING:  # this file is read before Django is set up
    from apprenticeship.documents.models import Document

pytestmark = pytest.mark.once

MEGABYTE = 1024 * 1024
SECONDS = 5.0
TOO_LARGE = "This file is larger than 25 MB; none of our papers is. Check the file."
BOUNDARY = "portal-boundary"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
    "Content-Type: application/pdf\r\n\r\n"
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture(autouse=True)
def _uncounted(db: None) -> None:
    """Uploads of other tests do not count here."""
    cache.clear()


@pytest.fixture
def sealed(db: None, owner: Any) -> bytes:
    """The bytes of a final agreement as the worker stored them."""
    from apprenticeship.documents.orders import order
    from apprenticeship.records.queues import work_off_everything
    from tests.documents import papers

    facts, title = papers.final_agreement(), "Employer Agreement, final"
    document: Document = order(
        "final_agreement", subject=owner, data=facts, title=title, version=1, effect_key="final:1", by=None
    )
    work_off_everything()
    document.refresh_from_db()
    return document.read()


def verdict_of(content: bytes) -> str:
    from apprenticeship.documents.verifying import by_content

    return by_content(content).verdict.value


def heading(client: Client, content: bytes) -> str:
    """Post a file and return the verdict's headline, or what the field says."""
    page = client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", content)}).content.decode()
    found = re.search(r'role="status"[^>]*><h2 class="h4">([^<]+)', page) or re.search(
        r'href="#id_file">([^<]+)', page
    )
    assert found, page
    return found[1]


# Sizes --------------------------------------------------------------------------------------------------------


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[tuple[int, int]]:
    """A real web server as `make run` starts it: its port, and the process that answers."""
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "apprenticeship.settings",
        "PORT": f"{port}",
    }
    options = f"--bind 127.0.0.1:{port} --workers 1 --threads 8 --no-control-socket"
    with running(tmp_path / "log", env, "gunicorn", "apprenticeship.wsgi", *options.split()) as process:
        wait_until(lambda: answers(port), every=0.2)
        yield port, child_of(process)


def answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/verify/")
            return connection.getresponse().status == 200
        except OSError:
            return False


def child_of(process: Process) -> int:
    (child,) = process.children()
    return child


def most_memory(pid: int) -> int:
    """Return the most memory in bytes that a process ever held."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


def upload(port: int, megabytes: int) -> tuple[int, str, float]:
    """Send a file of that size; return status, page and seconds."""
    started = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.putrequest("POST", "/verify/")
        connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        connection.putheader("Content-Length", f"{len(HEAD) + megabytes * MEGABYTE + len(TAIL)}")
        connection.endheaders()
        connection.send(HEAD)
        for _piece in range(megabytes):
            connection.send(b"%PDF" * (MEGABYTE // 4))
        connection.send(TAIL)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), time.monotonic() - started


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_two_hundred_megabytes_are_refused_in_words_and_in_little_memory(server: tuple[int, int]) -> None:
    port, pid = server
    upload(port, 26)
    before = most_memory(pid)
    status, page, seconds = upload(port, 200)
    assert (status, TOO_LARGE in page) == (413, True)
    assert seconds < SECONDS
    assert most_memory(pid) - before < 16 * MEGABYTE
    assert answers(port)


def test_file_of_the_limit_is_read_and_one_byte_more_is_not(client: Client) -> None:
    from apprenticeship.documents.verifying import LARGEST

    assert heading(client, b"%PDF-1.7".ljust(LARGEST, b" ")) == "Not readable as a PDF"
    refused = client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", b" " * (LARGEST + 20_000))})
    assert (refused.status_code, TOO_LARGE in refused.content.decode()) == (413, True)


@pytest.mark.parametrize("length", ["", "x"])
def test_nonsense_length_is_no_file(length: str, client: Client) -> None:
    page = client.post("/verify/", {}, CONTENT_LENGTH=length)
    assert (page.status_code, "Choose a PDF" in page.content.decode()) == (422, True)


def test_thirty_files_a_minute_from_one_address_are_enough(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    minute = (time.time() // 60 + 1) * 60
    monkeypatch.setattr(time, "time", lambda: minute)
    said = [heading(client, b"%PDF-1.7 x") for _number in range(31)]
    assert said[:30] == ["Not readable as a PDF"] * 30
    assert "Very many files come from your network just now." in said[30]
    answer = client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", b"x")})
    assert answer.status_code == 429
    typed = client.post("/verify/", "sha256=" + "0" * 64, "application/x-www-form-urlencoded")
    assert "Not one of our papers" in typed.content.decode()  # a fingerprint costs nothing
    other = client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", b"x")}, REMOTE_ADDR="198.51.100.7")
    assert other.status_code == 200
    monkeypatch.setattr(time, "time", lambda: minute + 60)
    assert heading(client, b"%PDF-1.7 x") == "Not readable as a PDF"


def test_forged_form_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/verify/", {"sha256": "0" * 64}).status_code == 403


# Content ------------------------------------------------------------------------------------------------------


def bomb() -> bytes:
    """A PDF of 1 MB whose one stream unpacks to a gigabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * MEGABYTE) for _time in range(1024)) + packer.flush()
    head = f"%PDF-1.7\n1 0 obj\n<</Length {len(packed)} /Filter /FlateDecode>>\nstream\n".encode()
    return head + packed + b"\nendstream\nendobj\n%%EOF"


NESTED = b"%PDF-1.7\n/ByteRange [0 35 190000 1]".ljust(35) + b"<" + b"3080" * 45_000 + b">"
HOSTILE: dict[str, Callable[[], bytes]] = {
    "decompression bomb": bomb,
    "a million ranges": lambda: b"%PDF-1.7\n" + b"/ByteRange [0 9 200010 5]\n" * 980_000,
    "ranges that overlap": lambda: b"%PDF-1.7\n/ByteRange [0 0 9999999999 9999999999]" * 500_000,
    "endless white space": lambda: b"%PDF-1.7\n" + b"/ByteRange" + b" " * 25_000_000,
    "white space in each": lambda: b"%PDF-1.7\n" + (b"/ByteRange [ 1 " + b" " * 1000) * 24_000,
    "codes everywhere": lambda: b"%PDF-1.7\n" + b"BMET-2222-2222 " * 1_700_000,
    "nested seal": lambda: NESTED,
    "malformed xref": lambda: (
        b"%PDF-1.7\nxref\n0 99999999\n" + b"9999999999 65535 f \n" * 1_000_000 + b"trailer <</Root"
    ),
    "zeros": lambda: b"%PDF-1.7\n" + b"\0" * 25_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_gets_an_answer_in_time_and_memory(name: str, client: Client) -> None:
    from apprenticeship.documents.verifying import LARGEST, by_file

    content = HOSTILE[name]()
    assert len(content) <= LARGEST
    with TemporaryUploadedFile("a.pdf", "application/pdf", len(content), None) as file:
        file.write(content)
        file.seek(0)
        started = time.process_time()
        assert by_file(file).verdict.value == "unreadable"
        assert time.process_time() - started < SECONDS
        file.seek(0)
        tracemalloc.start()
        by_file(file)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < len(content) + 8 * MEGABYTE
    if len(content) < 2 * MEGABYTE:
        assert heading(client, content) == "Not readable as a PDF"


def test_empty_and_foreign_files_are_named(client: Client) -> None:
    assert heading(client, b"") == "Not readable as a PDF"
    assert heading(client, b"\x89PNG\r\n\x1a\n" + b"\0" * 100) == "Not readable as a PDF"
    assert heading(client, b"%PDF-1.4\n%%EOF") == "Not readable as a PDF"


def test_encrypted_copy_is_not_genuine(sealed: bytes, client: Client, tmp_path: Path) -> None:
    source, target = tmp_path / "sealed.pdf", tmp_path / "encrypted.pdf"
    source.write_bytes(sealed)
    subprocess.run(["qpdf", "--encrypt", "a", "b", "256", "--", source, target], check=True)
    assert heading(client, target.read_bytes()) == "Not readable as a PDF"


def rewritten(sealed: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Return the paper saved anew after a change, as an editor does."""
    out = BytesIO()
    with pikepdf.open(BytesIO(sealed)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def replace_page(pdf: pikepdf.Pdf) -> None:
    other = pikepdf.Pdf.new()
    other.add_blank_page()
    pdf.pages[1] = other.pages[0]


def strip_seal(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm
    del pdf.Root.Perms
    for page in pdf.pages:
        if "/Annots" in page:
            del page.Annots


def appended_to(sealed: bytes) -> bytes:
    """Return the paper with a true incremental update: every sealed byte stays, the newer catalog wins."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    writer.root["/Lang"] = generic.TextStringObject("de")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(sealed)
    return out.getvalue()


def test_every_change_to_a_sealed_paper_is_named(sealed: bytes, client: Client) -> None:
    flipped = bytearray(sealed)
    flipped[len(sealed) // 2] ^= 1
    changed = {
        "one byte": bytes(flipped),
        "page replaced": rewritten(sealed, replace_page),
        "seal stripped": rewritten(sealed, strip_seal),
        "saved anew": rewritten(sealed, lambda pdf: None),
        "incremental update": appended_to(sealed),
    }
    said = {name: heading(client, content) for name, content in changed.items()}
    assert said == dict.fromkeys(changed, "Altered after it was sealed")
    assert heading(client, sealed) == "Genuine and in force"


def test_mutations_of_seal_and_ranges_never_crash_and_are_never_genuine(sealed: bytes) -> None:
    start = sealed.index(b"/ByteRange")
    seal = sealed.index(b"/Contents <", start - 40_000)

    @hypothesis_settings(max_examples=200, suppress_health_check=list(HealthCheck))
    @given(
        st.one_of(
            st.integers(start, start + 80), st.integers(seal, seal + 4000), st.integers(0, len(sealed))
        ),
        st.binary(max_size=12),
        st.integers(0, 2000),
    )
    def mutate(place: int, put: bytes, cut: int) -> None:
        changed = sealed[:place] + put + sealed[place + cut :]
        assert (verdict_of(changed) == "genuine") == (changed == sealed)

    mutate()
