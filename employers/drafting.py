"""Start an amendment and save its draft: one open amendment an employer, no stale form, the live data untouched."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.records.events import record
from employers import permissions, signatory
from employers.amended import Amended, proposal_of
from employers.application import Application
from employers.editing import PartClosed, StaleForm
from employers.models import Amendment, Onboarding
from employers.onboarding import LIVING
from employers.permissions import EDITING, NotAllowed
from employers.transitions import lock


@transaction.atomic
def start(onboarding: Onboarding, *, by: User) -> Amendment:
    """Return the employer's open amendment, a new one that changes nothing if there is none.

    Raises NotAllowed, or PartClosed where no agreement is in force.
    """
    onboarding = _held(onboarding, by)
    application = Application(onboarding)
    if application.amendment:
        return application.amendment
    if application.agreement_in_force is None:
        raise PartClosed
    amendment: Amendment = Amendment.objects.create(
        employer=onboarding.employer,
        number=onboarding.employer.amendments.count() + 1,
        proposal=proposal_of(application),
        saved_by=by,
    )
    record(onboarding.employer.chain, "amendment_started", by=by, subject=amendment)
    return amendment


@transaction.atomic
def save(case: Amended, store: Callable[[Amended], None], *, version: int, by: User) -> Amended:
    """Store a part of the draft and return the case as it is then.

    `version` is the amendment's version when the form was opened. A text that waits for its signature is replaced, and
    its link shows the new one. Raises NotAllowed, PartClosed or StaleForm, and then nothing is stored.
    """
    onboarding = _held(case.onboarding, by)
    amendment = Amendment.objects.open_for(onboarding.employer)
    if amendment is None or amendment.pk != case.amendment.pk or not amendment.is_draft:
        raise PartClosed
    if amendment.version != version:
        raise StaleForm(amendment)
    fresh = Amended(onboarding, amendment)
    store(fresh)
    amendment.version, amendment.saved_by, amendment.saved_at = version + 1, by, timezone.now()
    amendment.save()
    record(onboarding.employer.chain, "amendment_saved", by=by, subject=amendment)
    signatory.follow_edit(onboarding, by=by)
    return Amended(onboarding, amendment)


def _held(onboarding: Onboarding, by: User) -> Onboarding:
    onboarding = lock(onboarding)
    if permissions.role_at(by, onboarding) not in EDITING:
        raise NotAllowed(_("Viewers can read everything here, but only owners and editors can change it."))
    if onboarding.state not in LIVING:
        raise PartClosed
    return onboarding
