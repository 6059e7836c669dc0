"""The certificates that have sealed papers here. A look-alike with the same names has another fingerprint."""

import hashlib
from collections.abc import Iterator

from django.db import transaction

from apprenticeship.documents import sealing
from apprenticeship.documents.models import SealingCertificate
from apprenticeship.records import events
from apprenticeship.records.models import Event

FIRST_USE = "sealing_certificate_used"


@transaction.atomic
def keep_current() -> SealingCertificate:
    """Return the certificate that seals now, kept; its first use is an event of the program.

    Raises SealingError if the key cannot be read.
    """
    certificate = sealing.certificate()
    fingerprint = sealing.certificate_fingerprint()
    row, is_new = SealingCertificate.objects.get_or_create(
        fingerprint=fingerprint,
        defaults={
            "subject": sealing.issued_to(certificate),
            "content": sealing.as_der(certificate),
            "not_after": certificate.not_valid_after_utc,
        },
    )
    if is_new:
        events.record(events.PROGRAM, FIRST_USE, by=None, subject=row, data={"sha256": fingerprint})
    return row


def known() -> set[str]:
    """Return the fingerprints of the certificate in use, if it can be read, and of every one before it."""
    found = set(SealingCertificate.objects.values_list("fingerprint", flat=True))
    try:
        return found | {sealing.certificate_fingerprint()}
    except sealing.SealingError:
        return found


def check_certificates() -> Iterator[str]:
    """Say of every kept certificate what is wrong with it, or ""; nobody slips one in without an event."""
    for row in SealingCertificate.objects.all():
        used = Event.objects.filter(chain=events.PROGRAM, verb=FIRST_USE, data__sha256=row.fingerprint)
        problem = ""
        if hashlib.sha256(row.content).hexdigest() != row.fingerprint:
            problem = "it is not the one that was kept (SHA-256)"
        elif not used.exists():
            problem = "no event tells of its first use"
        yield f"Certificate {row.fingerprint[:16]}…: {problem}" if problem else ""
