"""Seal a finished PDF once: a certifying PAdES signature that allows no change.

The key comes from a PKCS#12 file named in the settings. The embedded default makes its own on first use, and every
paper sealed with it says so.
"""

import datetime as dt
import hashlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from django.utils import timezone

from apprenticeship.documents import time_stamping

FIELD = "Seal"
OWN_KEY = "sealing-key.p12"
OWN_KEY_NAME = "BMET Apprenticeship portal (key made by this installation)"
OWN_KEY_LIFE = dt.timedelta(days=20 * 365)
# Room for the CMS object: certificate chain and signature; and for the token of a time-stamping authority.
RESERVED = 16_384
RESERVED_FOR_TOKEN = 32_768


class SealingError(OSError):
    """The key cannot be read. Papers wait until it can."""


def seal(pdf: bytes) -> bytes:
    """Return the PDF with the seal appended: certifying, no changes allowed, SHA-256, PAdES, time-stamped if asked for.

    Raises SealingError if the key cannot be read, and NoTimeStamp if the authority gives no token that holds.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - worker only
    from pyhanko.sign import fields, signers  # noqa: PLC0415

    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        reason="Final version, as signed by both parties",
        app_build_props=None,
    )
    sealed, now, authority = BytesIO(), timezone.now(), time_stamping.authority()
    signers.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        metadata,
        signer=_signer(),
        timestamper=authority,
        output=sealed,
        bytes_reserved=RESERVED + (RESERVED_FOR_TOKEN if authority else 0),
    )
    if authority:
        time_stamping.check(sealed, now)
    return sealed.getvalue()


def is_own_key() -> bool:
    """Whether this installation seals with a key that it made itself."""
    return not settings.SEALING_KEY_FILE


def certificate() -> x509.Certificate:
    """Return the certificate that seals. Raises SealingError if the key cannot be read."""
    return _loaded().certificate


def certificate_fingerprint() -> str:
    """Return the SHA-256 of the certificate that seals, in hexadecimal. Raises SealingError."""
    return hashlib.sha256(as_der(certificate())).hexdigest()


def as_der(certificate: x509.Certificate) -> bytes:
    """Return a certificate as it is signed and compared."""
    return certificate.public_bytes(serialization.Encoding.DER)


def issued_to(certificate: x509.Certificate) -> str:
    """Return the name a certificate was issued to: the common name, or all of it."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value if names else certificate.subject.rfc4514_string())[:300]


class _Loaded:
    """Key and certificates, read once."""

    def __init__(self, path: Path, password: bytes | None) -> None:
        try:
            key, found, chain = pkcs12.load_key_and_certificates(path.read_bytes(), password)
        except (OSError, ValueError) as error:
            raise SealingError(
                f"The sealing key {path.name} cannot be read: {type(error).__name__}"
            ) from error
        if key is None or found is None:
            raise SealingError(f"The sealing key file {path.name} holds no key with its certificate.")
        self.key: Any = key
        self.certificate = found
        self.chain = chain


@lru_cache(maxsize=1)
def _loaded() -> _Loaded:
    if settings.SEALING_KEY_FILE:
        return _Loaded(Path(settings.SEALING_KEY_FILE), settings.SEALING_KEY_PASSWORD.encode() or None)
    path = Path(settings.VAR_DIR) / OWN_KEY
    if not path.exists():
        _make_own_key(path)
    return _Loaded(path, None)


def _signer() -> Any:
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    loaded = _loaded()
    der = loaded.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    store = SimpleCertificateStore()
    store.register_multiple(_asn1(certificate) for certificate in loaded.chain)
    return SimpleSigner(
        signing_cert=_asn1(loaded.certificate),
        signing_key=keys.PrivateKeyInfo.load(der),
        cert_registry=store,
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(as_der(certificate))


def _make_own_key(path: Path) -> None:
    """Make a key with a certificate of its own, written whole; two processes at once end up with one key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, OWN_KEY_NAME)])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + OWN_KEY_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_digital_signature_only(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(key, hashes.SHA256())
    )
    content = pkcs12.serialize_key_and_certificates(
        OWN_KEY.encode(), key, certificate, None, serialization.NoEncryption()
    )
    hidden = path.with_name(f".{path.name}.{key.public_key().public_numbers().x % 10**9}")
    hidden.touch(mode=0o600)
    hidden.write_bytes(content)
    try:
        path.hardlink_to(hidden)
    except FileExistsError:
        pass
    finally:
        hidden.unlink()


def _digital_signature_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
