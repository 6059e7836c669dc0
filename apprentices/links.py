"""Links that let a candidate confirm or delete. Only the mail knows them; the row keeps a hash."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from apprentices.models import Candidate
from apprenticeship.records.grants import digest, new_token

CONFIRM_WITHIN = dt.timedelta(days=14)


def confirm_path(candidate_id: str) -> str:
    """Return the path of a fresh link that confirms; the one before stops working.

    Raises LookupError if the candidate is gone or has confirmed.
    """
    token = new_token()
    waiting = Candidate.objects.filter(pk=candidate_id, status=Candidate.Status.UNCONFIRMED)
    if not waiting.update(confirm_hash=digest(token), confirm_expires_at=timezone.now() + CONFIRM_WITHIN):
        raise LookupError(candidate_id)
    return reverse("apprentices:confirm", args=[token])


def delete_path(candidate_id: str) -> str:
    """Return the path of a fresh link that shows and deletes; the one before stops working.

    Raises LookupError if the candidate is gone.
    """
    token = new_token()
    if not Candidate.objects.filter(pk=candidate_id).update(delete_hash=digest(token)):
        raise LookupError(candidate_id)
    return reverse("apprentices:delete", args=[token])


def candidate_to_confirm(token: str) -> Candidate | None:
    """Return whose confirmation link this is, or None if it is unknown, revoked or expired.

    A used one is still known, so that a second click finds a friendly page.
    """
    candidate = Candidate.objects.select_related("consent").filter(confirm_hash=digest(token)).first()
    if candidate is None or candidate.is_confirmed:
        return candidate
    is_fresh = candidate.confirm_expires_at is not None and timezone.now() < candidate.confirm_expires_at
    return candidate if is_fresh else None


def candidate_to_delete(token: str) -> Candidate | None:
    """Return whose deletion link this is, or None if it is unknown or revoked."""
    return Candidate.objects.select_related("consent").filter(delete_hash=digest(token)).first()
