"""The trusted time of a seal, by a real time-stamping authority in this process; and papers while it is down."""

from __future__ import annotations

import datetime as dt
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

if TYPE_CHECKING:  # this file is read before Django is set up
    from apprenticeship.documents.models import Document

pytestmark = pytest.mark.once

NOW = dt.datetime(2026, 11, 30, 17, 0, tzinfo=dt.UTC)


class Authority:
    """A time-stamping authority on a port of this machine. What it does wrong, a test says."""

    def __init__(self) -> None:
        self.asked = 0
        self.status, self.content_type = 200, "application/timestamp-reply"
        self.clock_is_off_by = dt.timedelta()
        self.replays: bytes | None = None
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.certificate = _certificate(key)
        der = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.key = keys.PrivateKeyInfo.load(der)

    def answer(self, query: bytes) -> bytes:
        """Sign a token for what was sent."""
        self.asked += 1
        if self.replays is not None:
            return self.replays
        moment = dt.datetime.now(dt.UTC) + self.clock_is_off_by
        signer = DummyTimeStamper(self.certificate, self.key, fixed_dt=moment)
        answer: bytes = signer.request_tsa_response(tsp.TimeStampReq.load(query)).dump()
        return answer


def _certificate(key: rsa.RSAPrivateKey) -> asn1_x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Time Authority")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - dt.timedelta(days=900))
        .not_valid_after(NOW + dt.timedelta(days=9000))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    return asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))


@pytest.fixture
def authority(settings: Any) -> Iterator[Authority]:
    """An authority that the settings name, with a password in its address."""
    authority = Authority()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(authority.status)
            self.send_header("Content-Type", authority.content_type)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        settings.TIMESTAMP_URL = f"http://portal:s3cret@127.0.0.1:{server.server_port}/tsa"
        yield authority
        server.shutdown()
        thread.join()


@pytest.fixture
def paper(db: None, owner: Any) -> Document:
    """A final agreement that waits to be made."""
    from apprenticeship.documents.orders import order
    from tests.documents import papers

    return order(
        "final_agreement", subject=owner, data=papers.final_agreement(), title="Employer Agreement, final",
        version=1, effect_key="final:1", by=None,
    )  # fmt: skip


def sweep(paper: Document) -> tuple[str, str]:
    from apprenticeship.records.queues import work_off_everything

    work_off_everything()
    paper.refresh_from_db()
    return paper.status, paper.error


def run(content: bytes, *command: str) -> str:
    return subprocess.run([*command, "-"], input=content, capture_output=True, check=True).stdout.decode()


def test_seal_carries_the_token_of_the_authority(
    paper: Document, authority: Authority, tmp_path: Any
) -> None:
    from apprenticeship.documents import time_stamping
    from apprenticeship.documents.verification import problem_of
    from apprenticeship.documents.verifying import by_content

    assert (sweep(paper), authority.asked) == (("done", ""), 1)
    content = paper.read()
    seal = PdfFileReader(BytesIO(content)).embedded_signatures[0]
    stamp = time_stamping.judged(seal).timestamp_validity
    assert (stamp.intact, stamp.valid, stamp.signing_cert.subject.native["common_name"]) == (
        True, True, "Test Time Authority",
    )  # fmt: skip
    assert abs(stamp.timestamp - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=2)
    assert (problem_of(paper), by_content(content).verdict.value) == ("", "genuine")
    file = tmp_path / "sealed.pdf"
    file.write_bytes(content)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=True).stdout
    assert ("Signature is Valid." in said, "Total document signed" in said) == (True, True)
    assert subprocess.run(["qpdf", "--check", file], capture_output=True, check=False).returncode == 0


def test_certificate_says_whose_clock_tells_the_time(
    paper: Document, authority: Authority, settings: Any
) -> None:
    from apprenticeship.documents.rendering import render_html

    confirmed = render_html(paper)
    assert (
        "confirmed by the time-stamping authority 127.0.0.1: its token (RFC 3161) is part of the seal"
        in confirmed
    )
    assert "s3cret" not in confirmed
    settings.TIMESTAMP_URL = ""
    own = render_html(paper)
    assert "those of the portal&#x27;s own clock. No independent authority confirms them." in own


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"status": 503}, "ClientResponseError"),
        ({"content_type": "text/html"}, "ContentTypeError"),
        ({"replays": b"<html>Down for maintenance</html>"}, "ValueError"),
        ({"clock_is_off_by": dt.timedelta(hours=1)}, "its time is not that of this computer's clock"),
    ],
    ids=["down", "a-web-page", "no-token", "wrong-clock"],
)
def test_paper_waits_while_the_authority_gives_no_token_that_holds(
    fault: dict[str, Any], reason: str, paper: Document, authority: Authority
) -> None:
    good = dict(vars(authority))
    vars(authority).update(fault)
    said = f"Not sealed: the time-stamping authority 127.0.0.1 gave no time-stamp ({reason})."
    assert sweep(paper) == ("pending", said)
    assert (paper.file.name, paper.sealed_at) == ("", None)
    vars(authority).update({name: good[name] for name in fault})
    with time_machine.travel(paper.not_before):
        assert sweep(paper) == ("done", "")
    assert paper.sealed_at is not None


def test_nobody_answers(paper: Document, settings: Any) -> None:
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    status, error = sweep(paper)
    assert (status, error.startswith("Not sealed: the time-stamping authority 127.0.0.1 gave")) == (
        "pending",
        True,
    )


def test_token_of_another_seal_is_refused(paper: Document, authority: Authority) -> None:
    """The nonce alone does not tell: an authority that answers with another's token under our nonce is caught."""
    honest = authority.answer

    def for_another(query: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(query)
        asked["message_imprint"]["hashed_message"] = b"\0" * 32
        return honest(asked.dump(force=True))

    authority.answer = for_another  # type: ignore[method-assign]
    said = "gave no time-stamp (its time-stamp is not one of this seal)."
    status, error = sweep(paper)
    assert (status, error.endswith(said)) == ("pending", True)


def test_address_that_nobody_can_ask_is_told_before_it_matters(settings: Any) -> None:
    from apprenticeship.documents.checks import check_authority

    found = {}
    for address in ("", "https://tsa.example.org/", "tsa.example.org", "file:///etc/passwd"):
        settings.TIMESTAMP_URL = address
        found[address] = [message.id for message in check_authority()]
    assert found == {
        "": [], "https://tsa.example.org/": [], "tsa.example.org": ["documents.E002"],
        "file:///etc/passwd": ["documents.E002"],
    }  # fmt: skip
