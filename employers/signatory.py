"""The signatory's link: send, renew, revoke, ask, forward, decline and sign."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.records import mail
from apprenticeship.records.events import record
from apprenticeship.records.grants import digest, new_token
from employers import codes, papers, signing
from employers.after_signing import go_on
from employers.amended import case_of, name_signatory
from employers.application import Application, zone_of
from employers.letters import employer_people
from employers.models import Agreement, Onboarding, Signature, SigningLink
from employers.models.signing_link import LINK_LIFE
from employers.transitions import lock
from employers.versions import base_of

QUESTIONS_A_LINK = 10


class LinkEnded(Exception):
    """The link was used, declined, revoked, replaced or has expired, or its text was replaced."""


@transaction.atomic
def send_link(
    onboarding: Onboarding, *, by: User | None, instead_of: SigningLink | None = None
) -> SigningLink:
    """Freeze the agreement and mail the signatory a link to it. An open link of the same person is renewed.

    `instead_of` is the link of whoever forwarded it here. Raises NotPresentable while something is missing.
    """
    case = case_of(lock(onboarding))
    agreement = _presented(case, by=by)
    signatory = case.onboarding
    link = SigningLink.objects.open().filter(agreement=agreement).first()
    if link is None or not _is_for(link, signatory):
        signing.revoke_links(case.employer, by=by)
        link = SigningLink.objects.create(
            agreement=agreement,
            name=signatory.signatory_name,
            title=signatory.signatory_title,
            email=signatory.signatory_email,
            sent_by=by,
        )
    link.expires_at, link.reminded = timezone.now() + LINK_LIFE, 0
    link.save(update_fields=["expires_at", "reminded"])
    codes.forget(agreement, link)
    if instead_of:
        SigningLink.objects.filter(pk=instead_of.pk).update(forwarded_to=link)
    _mail_link("signing_link", link)
    _note("signing_link_sent", link, by=None if instead_of else by, acting=instead_of)
    return link


@transaction.atomic
def present(onboarding: Onboarding, *, by: User | None) -> Agreement:
    """Freeze the agreement for whoever reads it in the portal, and order the papers that the disclosure promises.

    Raises NotPresentable as `signing.present` does.
    """
    return _presented(case_of(lock(onboarding)), by=by)


def _presented(case: Application, *, by: User | None) -> Agreement:
    """Return the agreement, frozen, with its papers ordered."""
    agreement = signing.present(case.onboarding, by=by)
    papers.order_agreement(agreement, by=by)
    papers.order_wage_schedule(case, agreement, by=by)
    return agreement


def _is_for(link: SigningLink, onboarding: Onboarding) -> bool:
    """Whether a link was mailed to the person who is named signatory now."""
    same_mailbox = link.email.lower() == onboarding.signatory_email.lower()
    return bool(same_mailbox and link.name == onboarding.signatory_name)


def mint_signing_link(link_id: str) -> str:
    """Return the path of a fresh link and keep only its hash. Raises SigningLink.DoesNotExist if it ended."""
    link = SigningLink.objects.valid().get(pk=link_id)
    token = new_token()
    SigningLink.objects.filter(pk=link.pk).update(token_hash=digest(token))
    return reverse("employers:signatory", args=[token])


def link_by(token: str) -> SigningLink | None:
    """Return the link a token belongs to, whatever became of it."""
    rows = SigningLink.objects.select_related("agreement__employer__onboarding", "sent_by")
    return rows.filter(token_hash=digest(token)).first()


def sign_by_link(
    link: SigningLink, *, typed: dict[str, Any], code: str, ip: str | None, browser: str
) -> Signature:
    """Sign exactly the text that the link shows, once. Raises WrongCode, LinkEnded, TextChanged, NotReady."""
    known = _known_by_code(Signature.Method.LINK, codes.check(link.agreement, link, code))
    with transaction.atomic():
        onboarding, fresh = _held(link)
        signature = _sign(fresh.agreement, fresh, typed, {"ip": ip, "browser": browser, "known": known})
        fresh.used_at = timezone.now()
        fresh.save(update_fields=["used_at"])
        go_on(case_of(onboarding), by=fresh)
    return signature


def sign_in_portal(
    agreement: Agreement, *, by: User, typed: dict[str, Any], code: str, ip: str | None, browser: str
) -> None:
    """Sign as the owner who is the signatory, signed in and with the mailed code: the same act and evidence.

    Raises WrongCode, TextChanged, AlreadySigned, NotReady, TransitionNotAllowed or NotAllowed.
    """
    known = _known_by_code(Signature.Method.CODE, codes.check(agreement, by, code))
    with transaction.atomic():
        onboarding = lock(agreement.employer.onboarding)  # the order in which a save locks too
        _sign(agreement, by, typed, {"ip": ip, "browser": browser, "known": known})
        go_on(case_of(onboarding), by=by)


def _known_by_code(method: Signature.Method, mailed_at: dt.datetime) -> signing.Identity:
    return signing.Identity(method=method, proof=Signature.Proof.MAILED_CODE, proof_at=mailed_at)


def _sign(
    agreement: Agreement, by: codes.Signer, typed: dict[str, Any], evidence: dict[str, Any]
) -> Signature:
    name, title, sha256 = typed["full_name"], typed["title"], typed["sha256"]
    return signing.sign(
        agreement, Signature.Party.EMPLOYER, by=by, name=name, title=title, sha256=sha256, **evidence
    )


@transaction.atomic
def ask(link: SigningLink, text: str) -> None:
    """Mail the signatory's question to the employer's people. Raises LinkEnded, also after the last question."""
    _onboarding, fresh = _held(link)
    if not SigningLink.objects.filter(pk=fresh.pk, questions__lt=QUESTIONS_A_LINK).update(
        questions=F("questions") + 1
    ):
        raise LinkEnded
    asker = {"signatory_title": fresh.title, "reply_to": fresh.email}
    _tell_people("signing_question", fresh, {"question": text} | asker)
    _note("signing_question_asked", fresh, by=None)


@transaction.atomic
def decline(link: SigningLink, reason: str) -> None:
    """End the link: the signatory will not sign. The employer's people read why. Raises LinkEnded."""
    _onboarding, fresh = _held(link)
    fresh.declined_at, fresh.declined_reason = timezone.now(), reason[:500]
    fresh.save(update_fields=["declined_at", "declined_reason"])
    _tell_people("signing_declined", fresh, {"reason": reason})
    _note("signing_declined", fresh, by=None)


@transaction.atomic
def forward(link: SigningLink, *, name: str, title: str, email: str) -> SigningLink:
    """Name the person who may sign instead. The agreement prints them, so its text is frozen anew for them."""
    onboarding, fresh = _held(link)
    person = {"signatory_name": name, "signatory_title": title, "signatory_email": email}
    name_signatory(case_of(onboarding), person, by=None)
    signing.revoke_links(onboarding.employer, by=None)
    _note("signing_link_forwarded", fresh, by=None)
    _tell_people("signing_forwarded", fresh, {"to": f"{name}, {title}"})
    return send_link(onboarding, by=fresh.sent_by, instead_of=fresh)


def _held(link: SigningLink) -> tuple[Onboarding, SigningLink]:
    """Return onboarding and link as they are now, locked. Raises LinkEnded if the link no longer works."""
    onboarding = lock(link.agreement.employer.onboarding)
    fresh = SigningLink.objects.valid().filter(pk=link.pk).first()
    if fresh is None:
        raise LinkEnded
    return onboarding, fresh


def follow_edit(onboarding: Onboarding, *, by: User) -> None:
    """After a save: a text that waits for its signature and has changed is replaced, and its link shows the new one.

    A link to somebody who is no longer named ends. While the new text cannot be presented the link waits.
    """
    case = case_of(onboarding)
    is_changed = signing.supersede_if_changed(case)
    link = SigningLink.objects.open().filter(agreement__employer=onboarding.employer).first()
    if link is None:
        return
    if not _is_for(link, case.onboarding):
        signing.revoke_links(onboarding.employer, by=by)
    elif is_changed and signing.is_presentable(case_of(onboarding)):
        link.agreement = _presented(case_of(onboarding), by=by)
        link.save(update_fields=["agreement"])
        _note("signing_link_follows", link, by=by)


def page_of(agreement: Agreement) -> str:
    """Return the address of the page on which the employer's people follow the signing of an agreement."""
    if agreement.amendment_id:
        return reverse("employers:amendment")
    return reverse("employers:step", args=["agreement"])


@transaction.atomic
def remind(link: SigningLink) -> None:
    """Mail a fresh link to a signatory who has not signed yet."""
    SigningLink.objects.filter(pk=link.pk).update(reminded=F("reminded") + 1)
    _mail_link("signing_reminder", link)


def _mail_link(name: str, link: SigningLink) -> None:
    zone = zone_of(link.agreement.employer)
    context = {
        "person": link.name,
        "employer": str(link.agreement.employer),
        "by": link.asked_by,
        **_what(link.agreement),
        "expires_at": f"{link.expires_at.astimezone(zone):%B %-d, %Y}",
    }
    mail.send(name, link.email, context, about=link.agreement.employer, grant=("signing", link.pk))


def _what(agreement: Agreement) -> dict[str, Any]:
    """Return what is to be signed, and which version an amendment replaces (0 for none), as a mail tells it."""
    base = base_of(agreement) if agreement.amendment else None
    return {"called": agreement.called, "replaces": base.version if base else 0}


def _tell_people(name: str, link: SigningLink, facts: dict[str, str]) -> None:
    employer = link.agreement.employer
    action_url = settings.SITE_URL + page_of(link.agreement)
    for person in employer_people(employer.onboarding):
        context = {
            "person": person.get_short_name(),
            "signatory": link.name,
            "employer": str(employer),
            "called": link.agreement.called,
            **facts,
        }
        mail.send(name, person.email, context | {"action_url": action_url}, user=person, about=employer)


def _note(verb: str, link: SigningLink, *, by: User | None, acting: SigningLink | None = None) -> None:
    """Append to the event log what was done to a link, by somebody, by `acting` or by whoever holds it."""
    agreement: Agreement = link.agreement
    data = {"link": str((acting or link).pk)}
    record(agreement.employer.chain, verb, by=by, subject=agreement, data=data)
