"""The code mailed at the moment of signing: whoever types it reads the mail of the address they sign with.

It belongs to one address, one text and one act: a code asked for one version never signs another, and a code to
forward a link or to decline signs nothing.
"""

import datetime as dt
import secrets
from smtplib import SMTPException

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.records import mail
from apprenticeship.records.events import record
from apprenticeship.records.grants import digest
from employers.models import Agreement, SigningCode, SigningLink
from employers.models.signing_code import CODE_LIFE, CODE_TRIES
from employers.permissions import link_of, user_of

CODE_DIGITS = 6
CODE_PAUSE = dt.timedelta(seconds=30)
# For one address and one text within a day; a link that is sent again starts anew.
MOST_CODES = 10
REST = dt.timedelta(days=1)

Signer = User | SigningLink
Purpose = SigningCode.Purpose
# What mails a code of each purpose, and what the event log calls that.
MAILS = {
    Purpose.SIGN: "signing_code",
    Purpose.FORWARD: "forwarding_code",
    Purpose.DECLINE: "declining_code",
}
SENT = {purpose: f"{name}_sent" for purpose, name in MAILS.items()}


class TooManyCodes(Exception):
    """The last code of the day for this address and this text has been mailed."""


class WrongCode(Exception):
    """The code is not the one that was mailed, or it is too old, or was tried too often."""


def send(agreement: Agreement, to: Signer, purpose: Purpose = Purpose.SIGN, *, agreed: bool = False) -> None:
    """Mail a code at once; a second request within half a minute sends none.

    `agreed`: the request carried the signer's consent, which the event log tells before the code.
    Raises OSError or SMTPException if the mail server does not take it, and TooManyCodes after the last one.
    """
    code = issue(agreement, to, purpose)
    if code is None:
        return
    if agreed:
        note_consent(agreement, to)
    employer = str(agreement.employer)
    facts = {"person": to.name, "employer": employer, "called": agreement.called, "code": code}
    try:
        mail.send_now(MAILS[purpose], to.email, facts)
    except (OSError, SMTPException):
        _codes(agreement, to, purpose).update(code_hash="", sent_at=timezone.now() - CODE_PAUSE)
        raise
    note_sent(agreement, to, purpose)


def issue(agreement: Agreement, to: Signer, purpose: Purpose = Purpose.SIGN) -> str | None:
    """Return a new code, of which only the hash is kept, or None right after the last one. Raises TooManyCodes."""
    row, _created = SigningCode.objects.get_or_create(
        agreement=agreement, email=to.email.lower(), purpose=purpose
    )
    code = "".join(secrets.choice("0123456789") for _place in range(CODE_DIGITS))
    now = timezone.now()
    is_rested = Q(sent_at=None) | Q(sent_at__lte=now - REST)
    may_follow = Q(sent_at__lte=now - CODE_PAUSE, sent__lt=MOST_CODES)
    sent = Case(When(is_rested, then=Value(1)), default=F("sent") + 1)
    mine = _codes(agreement, to, purpose)
    # One UPDATE decides, so that two clicks at the same moment send one code.
    if mine.filter(is_rested | may_follow).update(
        code_hash=_hash(row, code), sent_at=now, sent=sent, tries=0
    ):
        return code
    if mine.filter(sent__gte=MOST_CODES, sent_at__lte=now - CODE_PAUSE).exists():
        raise TooManyCodes
    return None


def note_consent(agreement: Agreement, by: Signer) -> None:
    """Append to the event log that consent was given to this text and the last page shown; nothing is signed yet."""
    consent = agreement.terms["template"]["consent_version"]
    data = link_of(by) | {"sha256": agreement.sha256, "consent": consent}
    record(agreement.employer.chain, "signing_consent_given", by=user_of(by), subject=agreement, data=data)


def note_sent(agreement: Agreement, to: Signer, purpose: Purpose = Purpose.SIGN) -> None:
    """Append to the event log that a code went out."""
    _note(SENT[purpose], agreement, to)


def check(agreement: Agreement, to: Signer, typed: str, purpose: Purpose = Purpose.SIGN) -> dt.datetime:
    """Return when this code was mailed. Raises WrongCode if it is another one.

    Every try counts, also a wrong one; the event log tells wrong ones as long as the code still works.
    """
    digits = "".join(char for char in typed if char.isdigit())
    mine = _codes(agreement, to, purpose)
    row = mine.first()
    is_right = row is not None and secrets.compare_digest(row.code_hash, _hash(row, digits))
    # One UPDATE counts and limits, so that guesses sent at the same moment count each.
    live = mine.filter(sent_at__gt=timezone.now() - CODE_LIFE, tries__lt=CODE_TRIES)
    is_live = bool(live.update(tries=F("tries") + 1))
    if is_live and not is_right:
        _note("wrong_code_typed", agreement, to)
    if not is_live or not is_right or row is None or row.sent_at is None:
        raise WrongCode
    return row.sent_at


def forget(agreement: Agreement, to: Signer) -> None:
    """Drop what is known of the codes for an address: they are used, or they start anew."""
    SigningCode.objects.filter(agreement=agreement, email=to.email.lower()).delete()


def _note(verb: str, agreement: Agreement, to: Signer) -> None:
    record(agreement.employer.chain, verb, by=user_of(to), subject=agreement, data=link_of(to))


def _codes(agreement: Agreement, to: Signer, purpose: Purpose) -> QuerySet[SigningCode]:
    return SigningCode.objects.filter(agreement=agreement, email=to.email.lower(), purpose=purpose)


def _hash(row: SigningCode, code: str) -> str:
    return digest(f"{row.agreement_id}:{row.email}:{row.purpose}:{code}")
