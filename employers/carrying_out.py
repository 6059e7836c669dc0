"""Write an amendment into the live rows, in the transaction in which it comes into force."""

from typing import Any

from apprenticeship.accounts.models import User
from apprenticeship.records.history import Answer, changed, record_changes
from employers.amended import EMPLOYER_PRINTS, REPRESENTATIVE, SITE_FOLLOWS, SITE_PRINTS, Amended
from employers.application import Application
from employers.keeping import said_in
from employers.models import Agreement, Onboarding, PartVersion, Site
from employers.onboarding import Part
from employers.terms import still_says_the_same

# The parts whose answers an amendment writes.
PRINTED = (Part.PROFILE, Part.STANDARDS)


class Astray(Exception):
    """The live rows would not say what was signed. Nothing is stored; somebody has to look."""


def carry_out(case: Amended, *, by: User) -> None:
    """Make the live rows say what the amendment prints. They are locked.

    Positions and mentors of a removed site stay, without a site, for the employer to place anew.
    """
    onboarding = Onboarding.objects.select_related("employer").get(pk=case.onboarding.pk)
    before = _said(onboarding)
    _copy(case.employer, onboarding.employer, EMPLOYER_PRINTS)
    _copy(case.onboarding, onboarding, REPRESENTATIVE)
    removed = [site.pk for site in case.removed_sites]
    for site in case.sites:
        _store(site)
    Site.objects.filter(pk__in=removed, employer=onboarding.employer).delete()
    _acknowledge(case, onboarding)
    for part in (Part.PROFILE, Part.POSITION, Part.MENTOR, Part.AGREEMENT):
        PartVersion.objects.bump(onboarding, part, by=by)
    record_changes(
        onboarding.employer.chain, "amendment_carried_out", changed(before, _said(onboarding)),
        by=by, subject=case.amendment, data={},
    )  # fmt: skip


def _said(onboarding: Onboarding) -> list[Answer]:
    """Return what the live rows say now."""
    application = Application(Onboarding.objects.select_related("employer").get(pk=onboarding.pk))
    return [answer for part in PRINTED for answer in said_in(application, part)]


def checked(onboarding: Onboarding, agreement: Agreement) -> Application:
    """Return the live answers, which say what the agreement prints. Raises Astray if they do not."""
    application = Application(Onboarding.objects.select_related("employer").get(pk=onboarding.pk))
    if not still_says_the_same(agreement, application):
        raise Astray(f"Agreement v{agreement.version} of employer {agreement.employer_id}")
    return application


def _copy(source: Any, target: Any, names: tuple[str, ...]) -> None:
    for name in names:
        setattr(target, name, getattr(source, name))
    target.save(update_fields=names)


def _store(site: Site) -> None:
    if site._state.adding:
        site.save()
    else:
        site.save(update_fields=[*SITE_PRINTS, *SITE_FOLLOWS])


def _acknowledge(case: Amended, onboarding: Onboarding) -> None:
    """Store new acknowledgments; a newer version replaces the older one of its kind."""
    for row in [row for row in case.acknowledgments.values() if row._state.adding]:
        onboarding.acknowledgments.filter(document__kind=row.document.kind).delete()
        row.onboarding = onboarding
        row.save()
