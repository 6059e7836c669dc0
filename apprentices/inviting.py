"""People from AAMI's own list are invited once, decide by the mailed link, and are forgotten unless they join."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from apprentices import interest
from apprentices.fingerprints import fingerprints, forget
from apprentices.interest import Answers
from apprentices.models import Candidate, ForgottenAddress, Invitation, InvitationList
from apprenticeship.accounts.models import User
from apprenticeship.records import events, mail, queues
from apprenticeship.records.models import Notification

QUEUE = "invitation_lists"
ANSWER_WITHIN = dt.timedelta(days=30)
AT_ONCE = 100  # rows before the worker looks at other work
Outcome = Invitation.Outcome


def reasons_against(emails: list[str]) -> dict[str, Outcome]:
    """Return why addresses are not invited; those left out may be. `emails` in lower case. Three queries."""
    marks = fingerprints(emails)
    on_list = Candidate.objects.annotate(low=Lower("email")).filter(low__in=emails).order_by()
    before = Invitation.objects.filter(outcome__in=Invitation.WAS_INVITED)
    found: dict[str, Outcome] = {}
    for outcome, rows in ((Outcome.REPEATED, before), (Outcome.GONE, ForgottenAddress.objects.all())):
        rows = rows.filter(fingerprint__in=list(marks)).order_by()
        found |= {marks[mark]: outcome for mark in rows.values_list("fingerprint", flat=True)}
    return found | dict.fromkeys(on_list.values_list("low", flat=True), Outcome.KNOWN)


def work_off(batch: InvitationList) -> None:
    """Invite the next people of a list. A worker that dies leaves the others waiting, and nobody invited twice."""
    waiting = batch.invitations.filter(outcome=Outcome.WAITING).order_by("number")
    rows = list(waiting[:AT_ONCE])
    for row in rows:
        _invite(row)
    if len(rows) < AT_ONCE:
        batch.finish()
    elif batch.postpone(dt.timedelta()):
        queues.kick(QUEUE, batch.pk)


@transaction.atomic
def _invite(row: Invitation) -> None:
    """Queue the mail and say so in the row, or say why not and forget who it was: both or neither."""
    against = reasons_against([row.email]).get(row.email)
    try:
        with transaction.atomic():
            if not _move(row, Outcome.WAITING, against or Outcome.INVITED):
                return
    except IntegrityError:  # another list was faster
        against = Outcome.REPEATED
        _move(row, Outcome.WAITING, against)
    if against is None:
        events.record(events.CANDIDATES, "candidate_invited", by=None, subject=row)
        context = {"person": row.name, "days": ANSWER_WITHIN.days}
        grant = ("candidate_invitation", row.pk)
        mail.send("candidate_invited", row.email, context, about=row, grant=grant)


def _move(row: Invitation, source: Outcome, target: Outcome) -> bool:
    """Change what became of somebody, if it is still `source`. Only the invited keep name and address."""
    fields: dict[str, Any] = {} if target == Outcome.INVITED else Invitation.NOTHING
    rows = Invitation.objects.filter(pk=row.pk, outcome=source)
    return bool(rows.update(outcome=target, changed_at=timezone.now(), **fields))


@transaction.atomic
def accept(row: Invitation, answers: Answers) -> bool:
    """Take the filled-in form: the mailed link has proved the address, another one has to prove itself.

    Returns False if the invitation was answered meanwhile.
    """
    if not _close(row, Outcome.ACCEPTED):
        return False
    if answers.email != row.email:
        interest.express(answers)
    else:
        candidate = interest.keep(answers)
        if candidate.is_confirmed:
            interest.remind_of_link(candidate)
        else:
            interest.confirm(candidate)
    return True


@transaction.atomic
def decline(row: Invitation) -> bool:
    """Forget who it was and never invite this address again. Returns False if it was answered meanwhile."""
    email = row.email
    if not _close(row, Outcome.DECLINED):
        return False
    events.record(events.CANDIDATES, "invitation_declined", by=None, subject=row)
    forget(email)
    return True


@transaction.atomic
def erase(row: Invitation, *, by: User) -> None:
    """Delete somebody on request who waits or has not answered, and never invite this address again."""
    if row.email:
        forget(row.email)
    events.record(events.CANDIDATES, "invitation_deleted", by=by, subject=row)
    _mails_about(row).delete()
    row.delete()


def forget_silent() -> int:
    """Forget everybody who did not answer in time. Returns how many."""
    silent = Invitation.objects.filter(
        outcome=Outcome.INVITED, changed_at__lte=timezone.now() - ANSWER_WITHIN
    )
    return sum(_close(row, Outcome.SILENT) for row in silent)


@transaction.atomic
def _close(row: Invitation, outcome: Outcome) -> bool:
    """End an invitation: name, address, link and the mail that was kept go."""
    if not _move(row, Outcome.INVITED, outcome):
        return False
    _mails_about(row).delete()
    return True


def _mails_about(row: Invitation) -> "models.QuerySet[Any]":
    subject_type = ContentType.objects.get_for_model(Invitation)
    return Notification.objects.filter(subject_type=subject_type, subject_id=str(row.pk))
