"""The trusted time of a seal: a token of a time-stamping authority (RFC 3161), asked for while the seal is made.

Without an authority in the settings a seal tells the time of this computer's clock.
"""

import datetime as dt
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 10
# How far the authority's clock may be from ours: further away, one of the two is wrong.
TOLERANCE = dt.timedelta(minutes=5)


class NoTimeStamp(OSError):
    """The authority gave no token that holds. The paper waits until it does."""


def is_asked_for() -> bool:
    """Whether seals carry the time-stamp of an authority."""
    return bool(settings.TIMESTAMP_URL)


def authority_name() -> str:
    """Return the host of the authority, "" if its address is none; the address may hold a password."""
    address = urlsplit(settings.TIMESTAMP_URL)
    return (address.hostname or "") if address.scheme in ("http", "https") else ""


def authority() -> Any:
    """Return what asks the authority, or None if there is none. Whatever goes wrong in asking is a NoTimeStamp."""
    if not is_asked_for():
        return None
    from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper  # noqa: PLC0415 - where there is one

    class Authority(HTTPTimeStamper):
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            try:
                return await super().async_timestamp(message_digest, md_algorithm)
            except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
                raise _refused(type(error.__cause__ or error).__name__) from error

    return Authority(settings.TIMESTAMP_URL, timeout=SECONDS)


def check(sealed: BytesIO, now: dt.datetime) -> None:
    """Raise NoTimeStamp unless a fresh seal carries a token that is whole, of this very seal, and of this moment."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    status = judged(PdfFileReader(sealed).embedded_signatures[0])
    if problem := problem_of(status):
        raise _refused(problem)
    stamp = status.timestamp_validity
    if stamp is None:
        raise _refused("the seal carries none")
    if abs(stamp.timestamp - now) > TOLERANCE:
        raise _refused("its time is not that of this computer's clock")


def judged(seal: Any) -> Any:
    """Return pyHanko's judgment of a seal and of its token: whether both are whole. Whose they are, others judge."""
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter  # noqa: PLC0415

    tokens = extract_tst_data_iter(seal.signer_info, signed=False)
    theirs = [row.chosen for token in tokens for row in token["certificates"]]
    return validate_pdf_signature(
        seal,
        signer_validation_context=_trust([seal.signer_cert]),
        ts_validation_context=_trust(theirs),
    )


def problem_of(status: Any) -> str:
    """Return what is wrong with the token of a judged seal, or ""; a seal without a token is whole too."""
    stamp = status.timestamp_validity
    return "" if stamp is None or (stamp.intact and stamp.valid) else "its time-stamp is not one of this seal"


def _trust(certificates: list[Any]) -> Any:
    """Return a context that trusts these certificates alone and asks nobody on the network."""
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    return ValidationContext(trust_roots=certificates, allow_fetching=False)


def _refused(reason: str) -> NoTimeStamp:
    return NoTimeStamp(
        f"Not sealed: the time-stamping authority {authority_name()} gave no time-stamp ({reason})."
    )
