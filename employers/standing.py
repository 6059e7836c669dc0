"""How it stands with an agreement that both parties signed, in words for anybody who holds its paper."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from apprenticeship.documents.verdicts import Standing, Verdict
from employers.models import Agreement, Onboarding, Signature
from employers.onboarding import State
from employers.wages.wording import day

Status = Agreement.Status


def standing_of(agreement: Agreement) -> Standing:
    """Return how it stands with an agreement. Names no person and no reason: anybody may read it."""
    return _BY_STATUS.get(Status(agreement.status), _void)(agreement)


def _in_force(agreement: Agreement) -> Standing:
    onboarding = Onboarding.objects.get(employer=agreement.employer_id)
    if onboarding.state != State.SUSPENDED:
        return Standing(Verdict.GENUINE, _("Its agreement is in force."))
    sentence = _(
        "Its agreement binds both parties, but the partnership has been suspended since %(day)s: no new apprentices "
        "are enrolled until AAMI reinstates it."
    )
    return Standing(Verdict.SUSPENDED, sentence % {"day": _day(onboarding.state_since)})


def _superseded(agreement: Agreement) -> Standing:
    signed = Signature.objects.filter(
        agreement__employer=agreement.employer_id,
        agreement__version__gt=agreement.version,
        party=Signature.Party.SPONSOR,
    )
    versions = signed.order_by("agreement__version").values_list("agreement__version", flat=True)
    facts = {"day": _day(agreement.ended_at), "version": versions.first()}
    sentence = _(
        "Version %(version)s of the agreement replaced it on %(day)s. Ask for the paper of that version."
    )
    return Standing(Verdict.SUPERSEDED, sentence % facts)


def _ended(agreement: Agreement) -> Standing:
    sentence = _("Its agreement was in force until the partnership ended on %(day)s.")
    return Standing(Verdict.ENDED, sentence % {"day": _day(agreement.ended_at)})


def _void(agreement: Agreement) -> Standing:
    sentence = _("Its agreement was voided on %(day)s and is no longer in force.")
    return Standing(Verdict.VOID, sentence % {"day": _day(agreement.ended_at)})


def _day(at: datetime | None) -> str:
    assert at is not None  # what ended has its moment
    return _("%(day)s (UTC)") % {"day": day(at.astimezone(UTC).date())}


_BY_STATUS: dict[str, Callable[[Agreement], Standing]] = {
    Status.IN_FORCE: _in_force,
    Status.SUPERSEDED: _superseded,
    Status.ENDED: _ended,
}
