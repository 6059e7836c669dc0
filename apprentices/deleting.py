"""Deletion that somebody asked AAMI for: with a receipt, and a last mail that is not kept."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from apprentices import interest
from apprentices.models import Candidate, Deletion
from apprentices.own import untold_openings
from apprenticeship.accounts.models import User
from apprenticeship.records import mail


@transaction.atomic
def delete_on_request(candidate: Candidate, *, by: User, tell: bool) -> Deletion | None:
    """Delete everything that is kept about somebody and return the receipt, or None if they were gone already.

    `tell` queues `candidate_deleted`, whose address and words are deleted once it is sent.
    """
    receipt = Deletion(by=by, is_told=tell)
    openings = untold_openings(candidate)
    receipt.counts = interest.erase(candidate, by=by, reference=receipt.reference)
    if not receipt.counts:
        return None
    receipt.save()
    if tell:
        day = date_format(timezone.localtime(receipt.at), "F j, Y")
        context: dict[str, Any] = {
            "person": candidate.name,
            "reference": receipt.reference,
            "deleted_on": day,
        }
        context["openings"] = openings
        mail.send("candidate_deleted", candidate.email, context, about=receipt, is_kept=False)
    return receipt
