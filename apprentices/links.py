"""Links that let a candidate confirm or open their own page. Only the mail knows them; a row keeps a hash."""

import datetime as dt

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from apprentices.models import Candidate, Invitation, PageLink
from apprentices.models.link import LINK_LIFE
from apprenticeship.records.grants import digest, new_token

CONFIRM_WITHIN = dt.timedelta(days=14)


def confirm_path(candidate_id: str) -> str:
    """Return the path of a fresh link that confirms; the one before stops working.

    It works until what was filled in is deleted: a fresh link, for which anybody can ask, prolongs nothing.
    Raises LookupError if the candidate is gone, about to be, or has confirmed.
    """
    token = new_token()
    waiting = Candidate.objects.filter(
        pk=candidate_id,
        status=Candidate.Status.UNCONFIRMED,
        consented_at__gt=timezone.now() - CONFIRM_WITHIN,
    )
    expires_at = F("consented_at") + CONFIRM_WITHIN
    if not waiting.update(confirm_hash=digest(token), confirm_expires_at=expires_at):
        raise LookupError(candidate_id)
    return reverse("apprentices:confirm", args=[token])


def email_path(candidate_id: str) -> str:
    """Return the path of a fresh link that confirms a new address; the one before stops working.

    Raises LookupError if no new address waits.
    """
    token = new_token()
    waiting = Candidate.objects.filter(pk=candidate_id).exclude(new_email="")
    expires_at = timezone.now() + CONFIRM_WITHIN
    if not waiting.update(new_email_hash=digest(token), new_email_expires_at=expires_at):
        raise LookupError(candidate_id)
    return reverse("apprentices:email", args=[token])


def page_grant(candidate: Candidate) -> tuple[str, int]:
    """Return the grant of one mail: a link of its own to the candidate's page."""
    return "candidate_page", PageLink.objects.create(candidate=candidate).pk


def page_path(link_id: str) -> str:
    """Return the path of the candidate's page, by a fresh token in the place of this mail's last one.

    Raises LookupError if the candidate is gone.
    """
    token = new_token()
    if not PageLink.objects.filter(pk=link_id).update(token_hash=digest(token)):
        raise LookupError(link_id)
    return reverse("apprentices:mine", args=[token])


def invitation_path(invitation_id: str) -> str:
    """Return the path of a fresh link to answer an invitation; the one before stops working.

    Raises LookupError if it is answered or gone.
    """
    token = new_token()
    open_ones = Invitation.objects.filter(pk=invitation_id, outcome=Invitation.Outcome.INVITED)
    if not open_ones.update(token_hash=digest(token)):
        raise LookupError(invitation_id)
    return reverse("apprentices:invited", args=[token])


def invitation_way_out(path: str) -> str:
    """Return where a mail program may POST to say no, by the token of the invitation's path."""
    return reverse("apprentices:no-thanks", args=[_token_in(path)])


def way_out(page_path: str) -> str:
    """Return where a mail program may POST to stop sharing, by the token of the page's path."""
    return reverse("apprentices:unsubscribe", args=[_token_in(page_path)])


def _token_in(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that this link answers, or None if it is unknown, answered or ran out."""
    return Invitation.objects.filter(token_hash=digest(token), outcome=Invitation.Outcome.INVITED).first()


def candidate_to_confirm(token: str) -> Candidate | None:
    """Return whose confirmation link this is, or None if it is unknown, revoked or expired.

    A used one is still known, so that a second click finds a friendly page.
    """
    candidate = Candidate.objects.select_related("consent").filter(confirm_hash=digest(token)).first()
    if candidate is None or candidate.is_confirmed:
        return candidate
    is_fresh = candidate.confirm_expires_at is not None and timezone.now() < candidate.confirm_expires_at
    return candidate if is_fresh else None


def candidate_with_new_email(token: str) -> Candidate | None:
    """Return whose new address this link confirms, or None if it is unknown, used, revoked or expired."""
    waiting = Candidate.objects.filter(new_email_hash=digest(token), new_email_expires_at__gt=timezone.now())
    return waiting.exclude(new_email="").first()


def candidate_of_page(token: str) -> Candidate | None:
    """Return whose page this link opens, or None if it is unknown, revoked or very old."""
    links = PageLink.objects.select_related("candidate__consent")
    link = links.filter(token_hash=digest(token), created_at__gt=timezone.now() - LINK_LIFE).first()
    candidate: Candidate | None = link.candidate if link else None
    return candidate
