"""What the events of candidates are called, and what they keep, in words."""

from django.utils.translation import gettext_lazy as _

from apprentices.choices import Mark, Purpose
from apprenticeship.records.details import Says, link

SAYS = {
    "candidate_added": _("Candidate left their interest"),
    "candidate_changed": _("Candidate changed their answers"),
    "candidate_confirmed": _("Candidate confirmed their address"),
    "candidate_deleted": _("Candidate deleted"),
    "candidate_email_changed": _("Candidate changed their address"),
    "candidate_expired": _("Candidate hidden: did not reconfirm"),
    "candidate_hired": _("Candidate marked as hired by a partner"),
    "candidate_invited": _("Person on a list invited"),
    "candidate_kept": _("Candidate who stopped sharing asked to be kept"),
    "candidate_marked": _("Candidate marked by a partner"),
    "candidate_opened": _("Details of a candidate opened by a partner"),
    "candidate_reconfirmed": _("Candidate is still interested"),
    "candidate_restarted": _("Candidate shares again"),
    "candidate_stopped": _("Candidate stopped sharing"),
    "invitation_declined": _("Invited person said no"),
    "invitation_deleted": _("Invited person deleted"),
    "list_uploaded": _("List of people to invite uploaded"),
}
FACTS: dict[str, Says] = {
    "consent_version": lambda event, value: _("consent text %(value)s") % {"value": value},
    "employer": lambda event, pk: link(
        "admin:employers_employer_change", pk, event.employer_title or _("former employer")
    ),
    "invited": lambda event, value: _("%(n)s invited") % {"n": value},
    "left_out": lambda event, value: _("%(n)s left out") % {"n": value},
    "mark": lambda event, value: Mark(value).label,
    "purpose": lambda event, value: Purpose(value).label,
}
