"""Reminders to a signatory: the agreement still waits, and here is a fresh link."""

from collections.abc import Iterator

from apprenticeship.program.models import ReminderPlan
from employers.application import zone_of
from employers.models import SigningLink
from employers.models.signing_link import LINK_LIFE
from employers.reminders.watch import Watch
from employers.signatory import remind


def unsigned(plan: ReminderPlan) -> Iterator[Watch]:
    """Yield the links that work and have not been used."""
    rows = SigningLink.objects.valid().select_related("agreement__employer")
    for link in rows.prefetch_related("agreement__employer__sites"):
        employer = link.agreement.employer
        zone = zone_of(employer, employer.sites.all())
        sent_at = link.expires_at - LINK_LIFE
        yield Watch(
            series=f"signing:{link.pk}:{sent_at:%Y%m%dT%H%M%S}",
            day=sent_at.astimezone(zone).date(),
            marks=plan.after("signatory_days"),
            zone=zone,
            holds=lambda row=link: _still_waits(row),  # type: ignore[misc]
            mail=lambda _mark, row=link: remind(row),  # type: ignore[misc]
        )


def _still_waits(link: SigningLink) -> bool:
    rows = SigningLink.objects.valid().select_for_update(of=("self",))
    return bool(rows.filter(pk=link.pk, expires_at=link.expires_at).exists())
