"""What an agreement that both signed owes: one final paper, the mail that brings it, the data of its registration.

All are ordered in the transaction that puts it in force. What is missing all the same, because rows were lost,
restored from an older copy or begun by an older version, the sweep orders again.
"""

import logging

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet

from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from apprenticeship.records.events import record
from employers import eta_671, final_paper, letters
from employers.application import Application
from employers.models import Agreement, RegistrationAttempt
from employers.transitions import lock

logger = logging.getLogger(__name__)


def order_owed() -> int:
    """Order every final paper, its mail and the data of a registration that is missing; return how many.

    The same again orders none.
    """
    return (
        sum(map(_order_paper, _without_paper()))
        + sum(map(_order_mail, _without_mail()))
        + sum(map(_order_data, _without_data()))
    )


def _finals() -> QuerySet[Document]:
    return Document.objects.filter(
        kind=kinds.FINAL_AGREEMENT, subject_type=ContentType.objects.get_for_model(Agreement)
    )


def _without_paper() -> list[Agreement]:
    known = set(_finals().values_list("subject_id", flat=True))
    signed = Agreement.objects.countersigned()
    missing = [pk for pk in signed.values_list("pk", flat=True) if str(pk) not in known]
    return list(signed.filter(pk__in=missing).select_related("employer__onboarding"))


@transaction.atomic
def _order_paper(agreement: Agreement) -> int:
    onboarding = lock(agreement.employer.onboarding)
    fresh = Agreement.objects.countersigned().filter(pk=agreement.pk).first()
    if fresh is None or _finals().filter(subject_id=str(agreement.pk)).exists():
        return 0
    document = final_paper.order_final(Application(onboarding), fresh, by=None)
    _tell("final_paper_ordered_late", document)
    return 1


def _without_mail() -> list[Document]:
    silent = list(_finals().filter(notifications=None).defer("data"))
    if not silent:
        return []
    signed = Agreement.objects.countersigned().filter(pk__in=[row.subject_id for row in silent])
    keys = {str(pk) for pk in signed.values_list("pk", flat=True)}
    return [row for row in silent if row.subject_id in keys]


@transaction.atomic
def _order_mail(document: Document) -> int:
    lock(document.subject.employer.onboarding)  # type: ignore[union-attr]
    if document.notifications.exists():
        return 0
    letters.send_final(document.subject.employer.onboarding, document)  # type: ignore[union-attr]
    _tell("final_paper_mailed_late", document)
    return 1


def _without_data() -> list[RegistrationAttempt]:
    kind = ContentType.objects.get_for_model(RegistrationAttempt)
    known = Document.objects.filter(kind=kinds.ETA_671, subject_type=kind).values_list(
        "subject_id", flat=True
    )
    waiting = RegistrationAttempt.objects.open().select_related("registration__onboarding")
    found = {str(attempt.pk): attempt for attempt in waiting}
    for key in known.filter(subject_id__in=found):
        del found[key]
    return list(found.values())


@transaction.atomic
def _order_data(attempt: RegistrationAttempt) -> int:
    onboarding = lock(attempt.registration.onboarding)
    if RegistrationAttempt.objects.open_for(onboarding) != attempt:
        return 0
    eta_671.order_data(onboarding, attempt, by=None)
    return 1


def _tell(verb: str, document: Document) -> None:
    agreement: Agreement = document.subject  # type: ignore[assignment]
    logger.warning("%s: document %s of agreement %s", verb, document.pk, agreement.pk)
    data = {"document": str(document.pk)}
    record(agreement.employer.chain, verb, by=None, subject=agreement, data=data)
