"""The signatory's link: send, renew, revoke, ask, forward, decline, and sign with a mailed code."""

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.records import mail
from apprenticeship.records.events import record
from employers import papers, signing
from employers.application import Application
from employers.completeness import gaps
from employers.letters import employer_people
from employers.models import Agreement, Onboarding, Signature, SigningLink
from employers.models.signing_link import CODE_LIFE, CODE_TRIES, LINK_LIFE
from employers.onboarding import Part, State
from employers.transitions import advance, lock

# A reminder goes out this long after the link did.
REMINDERS = (dt.timedelta(days=3), dt.timedelta(days=7))
CODE_DIGITS = 6
CODE_PAUSE = dt.timedelta(seconds=30)


class LinkEnded(Exception):
    """The link was used, declined, revoked, replaced or has expired, or its text was replaced."""


class WrongCode(Exception):
    """The code is not the one that was mailed, or it is too old, or was tried too often."""


@transaction.atomic
def send_link(application: Application, *, by: User) -> SigningLink:
    """Freeze the agreement and mail the signatory a link to it. An open link to the same text is renewed.

    Raises NotPresentable while something is missing.
    """
    agreement = signing.present(application, by=by)
    papers.order_agreement(agreement, by=by)
    papers.order_wage_schedule(application, agreement, by=by)
    onboarding = application.onboarding
    link = agreement.signing_links.open().first()
    if link is None or link.email.lower() != onboarding.signatory_email.lower():
        signing.revoke_links(application.employer)
        link = SigningLink.objects.create(
            agreement=agreement,
            name=onboarding.signatory_name,
            title=onboarding.signatory_title,
            email=onboarding.signatory_email,
            sent_by=by,
        )
    return renew(link, by=by)


@transaction.atomic
def renew(link: SigningLink, *, by: User | None) -> SigningLink:
    """Mail a fresh link that lives for fourteen days; the last one stops working when it leaves."""
    link.expires_at, link.reminded = timezone.now() + LINK_LIFE, 0
    link.save(update_fields=["expires_at", "reminded"])
    _mail_link("signing_link", link)
    _note("signing_link_sent", link, by=by)
    return link


def revoke(link: SigningLink, *, by: User | None) -> None:
    """Stop a link for good."""
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])
    _note("signing_link_revoked", link, by=by)


def mint_signing_link(link_id: str) -> str:
    """Return the path of a fresh link and keep only its hash. Raises SigningLink.DoesNotExist if it ended."""
    link = SigningLink.objects.valid().get(pk=link_id)
    token = secrets.token_urlsafe(32)
    SigningLink.objects.filter(pk=link.pk).update(token_hash=_hash(token))
    return reverse("employers:signatory", args=[token])


def link_by(token: str) -> SigningLink | None:
    """Return the link a token belongs to, whatever became of it."""
    rows = SigningLink.objects.select_related("agreement__employer__onboarding", "sent_by")
    return rows.filter(token_hash=_hash(token)).first()


def send_code(link: SigningLink) -> None:
    """Mail the code that proves who signs, at once; a second request within half a minute sends none.

    Raises OSError or SMTPException if the mail server does not take it: then nothing is kept.
    """
    if link.code_expires_at and link.code_expires_at - CODE_LIFE + CODE_PAUSE > timezone.now():
        return
    code = "".join(secrets.choice("0123456789") for _place in range(CODE_DIGITS))
    employer = str(link.agreement.employer)
    mail.send_now("signing_code", link.email, {"person": link.name, "employer": employer, "code": code})
    link.code_hash, link.code_expires_at, link.code_tries = _hash(f"{link.pk}:{code}"), timezone.now() + CODE_LIFE, 0
    link.save(update_fields=["code_hash", "code_expires_at", "code_tries"])
    _note("signing_code_sent", link, by=None)


def check_code(link: SigningLink, typed: str) -> None:
    """Raise WrongCode unless this is the code that was mailed. Every try counts, also a wrong one."""
    digits = "".join(char for char in typed if char.isdigit())
    is_right = secrets.compare_digest(link.code_hash, _hash(f"{link.pk}:{digits}"))
    # One UPDATE counts and limits, so that guesses sent at the same moment count each.
    live = SigningLink.objects.filter(pk=link.pk, code_expires_at__gt=timezone.now(), code_tries__lt=CODE_TRIES)
    if not live.update(code_tries=F("code_tries") + 1) or not is_right:
        raise WrongCode


@transaction.atomic
def sign_by_link(link: SigningLink, *, typed: dict[str, Any], ip: str | None, browser: str) -> Onboarding:
    """Sign exactly the text that the link shows, once. Raises LinkEnded, TextChanged, NotReady."""
    onboarding = lock(link.agreement.employer.onboarding)
    fresh = SigningLink.objects.valid().filter(pk=link.pk).first()
    if fresh is None:
        raise LinkEnded
    signing.sign(
        fresh.agreement,
        Signature.Party.EMPLOYER,
        by=fresh,
        name=typed["full_name"],
        title=typed["title"],
        sha256=typed["sha256"],
        ip=ip,
        browser=browser,
    )
    fresh.used_at = timezone.now()
    fresh.code_hash = ""
    fresh.save(update_fields=["used_at", "code_hash"])
    return advance(onboarding, "sign_agreement", by=fresh)


@transaction.atomic
def ask(link: SigningLink, text: str) -> None:
    """Mail the signatory's question or wish for a change to the employer's people."""
    _tell_people("signing_question", link, {"question": text})
    _note("signing_question_asked", link, by=None)


@transaction.atomic
def decline(link: SigningLink, reason: str) -> None:
    """End the link: the signatory will not sign. The employer's people read why."""
    link.declined_at, link.declined_reason = timezone.now(), reason[:500]
    link.save(update_fields=["declined_at", "declined_reason"])
    _tell_people("signing_declined", link, {"reason": reason})
    _note("signing_declined", link, by=None)


@transaction.atomic
def forward(link: SigningLink, *, name: str, title: str, email: str) -> SigningLink:
    """Name the person who may sign instead. The agreement prints them, so its text is frozen anew for them."""
    onboarding = lock(link.agreement.employer.onboarding)
    if not SigningLink.objects.valid().filter(pk=link.pk).exists():
        raise LinkEnded
    onboarding.signatory_name, onboarding.signatory_title, onboarding.signatory_email = name, title, email
    onboarding.save(update_fields=["signatory_name", "signatory_title", "signatory_email"])
    revoke(link, by=None)
    _note("signing_link_forwarded", link, by=None)
    _tell_people("signing_forwarded", link, {"to": f"{name}, {title}"})
    return send_link(Application(onboarding), by=link.sent_by)


def follow_edit(onboarding: Onboarding, *, by: User) -> None:
    """After a save: a text that waits for its signature and has changed is replaced, and its link shows the new one.

    While the new text cannot be presented the link waits; sending it again mails a fresh one.
    """
    application = Application(onboarding)
    before = application.agreement
    if before is None or not signing.supersede_if_changed(application):
        return
    link = before.signing_links.open().first()
    fresh = Application(onboarding)
    if link is None or onboarding.state != State.AGREEMENT or gaps(fresh, Part.WAGES):
        return
    link.agreement = signing.present(fresh, by=by)
    link.save(update_fields=["agreement"])
    papers.order_agreement(link.agreement, by=by)
    papers.order_wage_schedule(fresh, link.agreement, by=by)


def remind() -> int:
    """Mail a reminder for every open link that waits since 3 or 7 days; return how many. Never the same twice."""
    sent, now = 0, timezone.now()
    for number, age in enumerate(REMINDERS):
        due = SigningLink.objects.valid().filter(reminded=number, expires_at__lte=now - age + LINK_LIFE)
        for link in due.select_related("agreement__employer"):
            with transaction.atomic():
                if SigningLink.objects.filter(pk=link.pk, reminded=number).update(reminded=number + 1):
                    _mail_link("signing_reminder", link)
                    sent += 1
    return sent


def _mail_link(name: str, link: SigningLink) -> None:
    context = {
        "person": link.name,
        "employer": str(link.agreement.employer),
        "by": str(link.sent_by or ""),
        "expires_at": f"{link.expires_at:%B %-d, %Y}",
    }
    mail.send(name, link.email, context, about=link.agreement.employer, grant=("signing", link.pk))


def _tell_people(name: str, link: SigningLink, facts: dict[str, str]) -> None:
    employer = link.agreement.employer
    action_url = settings.SITE_URL + reverse("employers:step", args=["agreement"])
    for person in employer_people(employer.onboarding):
        context = {"person": person.get_short_name(), "signatory": link.name, "employer": str(employer), **facts}
        mail.send(name, person.email, context | {"action_url": action_url}, user=person, about=employer)


def _note(verb: str, link: SigningLink, *, by: User | None) -> None:
    agreement: Agreement = link.agreement
    record(agreement.employer.chain, verb, by=by, subject=agreement, data={"link": str(link.pk)})


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
