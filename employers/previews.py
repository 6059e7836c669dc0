"""Links by which legal and HR read the agreement and its wage schedule before anybody signs. They sign nothing."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.program.models import AgreementTemplate
from apprenticeship.records.events import record
from apprenticeship.records.grants import digest, new_token
from employers import papers
from employers.application import Application
from employers.completeness import gaps
from employers.models import Agreement, Employer, Onboarding, PreviewLink
from employers.onboarding import Part
from employers.terms import terms_of

MOST_LINKS = 20


class TooManyLinks(Exception):
    """So many links are open already that one of them should be revoked first."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a link shows: the agreement's facts, the wage schedule's, and the agreement if it is more than a draft."""

    agreement_data: dict[str, Any]
    wages_data: dict[str, Any]
    agreement: Agreement | None


@transaction.atomic
def make(employer: Employer, *, label: str, form_key: uuid.UUID, by: User) -> tuple[PreviewLink, str]:
    """Return a link and its path, which is kept nowhere; "" if this form has made its link already.

    Raises TooManyLinks.
    """
    Onboarding.objects.locked(employer.onboarding.pk)
    before = employer.preview_links.filter(form_key=form_key).first()
    if before:
        return before, ""
    if employer.preview_links.valid().count() >= MOST_LINKS:
        raise TooManyLinks
    token = new_token()
    link = PreviewLink.objects.create(
        employer=employer, label=label, form_key=form_key, token_hash=digest(token), created_by=by
    )
    _note("preview_link_made", link, by=by)
    return link, reverse("employers:preview", args=[token])


@transaction.atomic
def revoke(link: PreviewLink, *, by: User | None) -> None:
    """Stop a link for good; the same again changes nothing."""
    if PreviewLink.objects.open().filter(pk=link.pk).update(revoked_at=timezone.now()):
        _note("preview_link_revoked", link, by=by)


def revoke_all(employer: Employer, *, by: User | None) -> None:
    """Stop every link of an employer whose application has ended."""
    for link in employer.preview_links.valid():
        revoke(link, by=by)


def link_by(token: str) -> PreviewLink | None:
    """Return the link a token belongs to, whatever became of it."""
    rows = PreviewLink.objects.select_related("employer__onboarding")
    return rows.filter(token_hash=digest(token)).first()


def note_opened(link: PreviewLink) -> None:
    """Count that somebody opened a link; nothing is known of them."""
    PreviewLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, last_opened_at=timezone.now())


def missing(application: Application) -> str:
    """Return what has to be there before anything can be shown, in words, or ""."""
    if application.agreement:
        return ""
    found = gaps(application, Part.WAGES)
    if found or application.wage_schedule is None:
        return found[0].message if found else _("Build the wage schedule.")
    if AgreementTemplate.objects.current() is None:
        return _("AAMI has not published the agreement's text yet. Talk to us.")
    return ""


def preview(application: Application) -> Preview | None:
    """Return the agreement as it is presented or signed, or else as it would be presented now, and its wages.

    Stores nothing. None while something is missing.
    """
    if missing(application):
        return None
    agreement = application.agreement
    if agreement:
        wages = papers.schedule_data(application, agreement)
        return Preview(papers.agreement_data(agreement), wages, agreement)
    template, schedule = AgreementTemplate.objects.current(), application.wage_schedule
    assert template
    assert schedule
    terms = terms_of(application, template, schedule, application.employer.agreements.count() + 1)
    return Preview(papers.terms_data(terms), papers.wage_schedule_data(application), None)


def _note(verb: str, link: PreviewLink, *, by: User | None) -> None:
    data = {"link": str(link.pk)}
    record(link.employer.chain, verb, by=by, subject=link.employer, data=data)
