"""What happened with an agreement, for its certificate: the acts of its event log, and the mails that left for them.

Only acts count. Opening a link or a page is none: mail scanners open links.
"""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.records.models import Event, Notification, Status
from employers.models import Agreement, Signature, SigningLink
from employers.onboarding import Text

WHAT: dict[str, Text] = {
    "agreement_presented": gettext_lazy("Text frozen and presented for signature"),
    "signing_link_sent": gettext_lazy("Link to sign ordered by mail for the signatory"),
    "signing_link_follows": gettext_lazy("Text changed; the link to sign shows this one"),
    "forwarding_code_sent": gettext_lazy("Code to forward the link mailed"),
    "signing_link_forwarded": gettext_lazy("Forwarded to the person who may sign"),
    "signing_link_revoked": gettext_lazy("Link to sign revoked"),
    "signing_question_asked": gettext_lazy("Question asked by the signatory"),
    "declining_code_sent": gettext_lazy("Code to decline mailed"),
    "signing_declined": gettext_lazy("Declined to sign, with the code mailed"),
    "signing_consent_given": gettext_lazy(
        "Agreed to sign electronically, stated authority, typed the name; shown the last page with this text's SHA-256"
    ),
    "signing_code_sent": gettext_lazy("Code to sign mailed to the signer"),
    "wrong_code_typed": gettext_lazy("Wrong code typed"),
    "paper_scan_uploaded": gettext_lazy("Scan of the paper signed by hand uploaded"),
    "paper_scan_rejected": gettext_lazy("Scan not accepted"),
    "paper_scan_confirmed": gettext_lazy("Scan compared with the printed code and confirmed"),
    "agreement_signed": gettext_lazy("Signed"),
}

# What of an earlier version that nobody countersigned belongs to the story of this one: who was asked to sign.
BEFORE = (
    "signing_link_sent",
    "signing_link_forwarded",
    "forwarding_code_sent",
    "signing_link_revoked",
    "signing_question_asked",
    "declining_code_sent",
    "signing_declined",
)
MAILED: dict[str, Text] = {
    "signing_link": gettext_lazy("Mail with the link to sign handed to the mail server"),
    "signing_reminder": gettext_lazy("Reminder with a fresh link handed to the mail server"),
}

Row = dict[str, Any]


def certified_events(agreement: Agreement, zone: dt.tzinfo) -> list[Row]:
    """Return when, what and who, from the first text that was presented for this signature on; times in `zone`.

    An event of the log carries its number and hash there, a mail has none.
    """
    versions = _unsigned_before(agreement)
    links = {
        str(link.pk): link.name for link in SigningLink.objects.filter(agreement__employer=agreement.employer)
    }
    own = Q(subject_id=str(agreement.pk), verb__in=WHAT)
    asked_before = Q(subject_id__in=versions, verb__in=BEFORE)
    kind = ContentType.objects.get_for_model(Agreement)
    events = list(
        Event.objects.filter(own | asked_before, subject_type=kind).select_related("user").order_by("number")
    )
    told: list[tuple[Any, Row]] = [
        (
            row.at,
            _event(
                row, agreement, version=versions.get(row.subject_id), link=links.get(row.data.get("link"), "")
            ),
        )
        for row in events
    ]
    asked = {row.data["link"] for row in events if "link" in row.data}
    told += [(row.done_at, _mail(row, links)) for row in _mails(asked)]
    return [
        {"at": at.astimezone(zone).isoformat()} | row for at, row in sorted(told, key=lambda pair: pair[0])
    ]


def _unsigned_before(agreement: Agreement) -> dict[str, int]:
    """Return the versions, by key, that came after the last one AAMI countersigned and before this one."""
    earlier = agreement.employer.agreements.filter(version__lt=agreement.version)
    countersigned = earlier.filter(signatures__party=Signature.Party.SPONSOR)
    last = countersigned.aggregate(last=Max("version"))["last"] or 0
    return {str(pk): version for pk, version in earlier.filter(version__gt=last).values_list("pk", "version")}


def _event(event: Event, agreement: Agreement, *, version: int | None, link: str) -> Row:
    """Return what and who. What a link did, the person it was mailed to did; `version` is an earlier one."""
    signature = next(
        (row for row in agreement.signatures.all() if row.party == event.data.get("party")), None
    )
    is_ours = signature is not None and signature.party == Signature.Party.SPONSOR
    what = _("Countersigned") if is_ours else str(WHAT[event.verb])
    if version:
        what = _("%(what)s (version %(version)s)") % {"what": what, "version": version}
    who = signature.name if signature else str(event.user or link)
    return {"what": what, "who": who, "number": event.number, "hash": event.hash}


def _mails(links: set[str]) -> list[Notification]:
    """Return the mails that brought these links and that a mail server took."""
    rows = Notification.objects.filter(
        name__in=MAILED, grant="signing", grant_id__in=links, status=Status.DONE
    )
    return list(rows.order_by("done_at"))


def _mail(row: Notification, links: dict[str, str]) -> Row:
    return {"what": str(MAILED[row.name]), "who": _("to %(name)s") % {"name": links[row.grant_id]}}
