"""A new version to acknowledge or to sign: told once it is published, then reminded until it is done."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from apprenticeship.program.models import AgreementTemplate, ProgramDocument, ReminderPlan
from apprenticeship.program.models.publishing import BindingVersion
from employers.application import zone_of
from employers.models import Onboarding
from employers.new_versions import able
from employers.onboarding import LIVING
from employers.reminders.employer import to_people, with_places
from employers.reminders.watch import Watch, holds_in

# A version that is older than the last reminder by so much is looked for no more.
LATE = dt.timedelta(days=30)


def unread(plan: ReminderPlan) -> Iterator[Watch]:
    """Yield the cases that a published version asks to act, where they can; the first mail is that of publishing."""
    marks = (0, *(mark for mark in plan.after("acknowledgment_days") if mark))
    since = timezone.now() - dt.timedelta(days=marks[-1]) - LATE
    for version in _newest():
        if version.version > 1 and version.published_at and version.published_at >= since:
            for onboarding in with_places(able(version)):
                yield _watch(version, onboarding, marks)


def _newest() -> Iterator[BindingVersion]:
    yield from ProgramDocument.objects.required()
    template = AgreementTemplate.objects.current()
    if template is not None:
        yield template


def _watch(version: BindingVersion, onboarding: Onboarding, marks: tuple[int, ...]) -> Watch:
    zone = zone_of(onboarding.employer, onboarding.employer.sites.all())
    published_at = version.published_at
    assert published_at is not None
    return Watch(
        series=f"version:{version._meta.model_name}:{version.pk}:{onboarding.pk}",
        day=published_at.astimezone(zone).date(),
        marks=marks,
        zone=zone,
        holds=lambda: holds_in(onboarding) and able(version).filter(pk=onboarding.pk).exists(),
        mail=lambda mark: _mail(version, onboarding, mark),
    )


def _mail(version: BindingVersion, onboarding: Onboarding, mark: int) -> None:
    is_document, is_partner = isinstance(version, ProgramDocument), onboarding.state in LIVING
    facts = {
        "document": getattr(version, "title", ""),
        "version": version.version,
        "days": mark,
        "is_document": is_document,
        "is_partner": is_partner,
    }
    step = "standards" if is_document else "agreement"
    page = reverse("employers:agreement") if is_partner else reverse("employers:step", args=[step])
    name = "reminder_new_version" if mark else "new_version"
    to_people(name, onboarding, facts, page)
