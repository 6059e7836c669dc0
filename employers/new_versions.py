"""Which employers a new version of a program document, or of the agreement's text, asks to act again."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.program.audience import Audience, Concerned
from apprenticeship.program.models import AgreementTemplate, ProgramDocument
from apprenticeship.program.models.publishing import BindingVersion
from employers.models import Acknowledgment, Agreement, Onboarding
from employers.onboarding import FROZEN, LIVING, PREPARING, State
from employers.wages.wording import day

Status = Agreement.Status
# Where an application is on its way; withdrawn, declined and ended ones have nothing to sign.
ON_THE_WAY = (*PREPARING, State.CHANGES, State.REVIEW, State.REGISTRATION)


def count(version: BindingVersion, audience: Audience) -> int:
    """Return how many employers would have to act if a draft were published now for this audience."""
    reach = {
        "must_resign": audience is not Audience.NOBODY,
        "reaches_partners": audience is Audience.EVERYBODY,
    }
    return _asked(version, timezone.now(), **reach).filter(~_has_acted(version)).count()


def waiting(version: BindingVersion) -> QuerySet[Any]:
    """Return the cases that a published version asks to act, and that have not."""
    reach = {"must_resign": version.must_resign, "reaches_partners": version.reaches_partners}
    return _asked(version, version.published_at, **reach).filter(~_has_acted(version))


def able(version: BindingVersion) -> QuerySet[Any]:
    """Return those of `waiting` that can act now: nobody decides on their papers, and a partnership is registered."""
    is_unregistered = Q(Exists(_agreements([Status.IN_FORCE]))) & ~Q(state__in=LIVING)
    return waiting(version).exclude(state__in=FROZEN).filter(~is_unregistered)


def progress(version: BindingVersion) -> Iterator[Concerned]:
    """Yield every case that a published version asks, those that have not acted first."""
    acted = _cases().filter(_has_acted(version))
    rows = (
        (waiting(version) | acted)
        .select_related("employer")
        .annotate(
            acted_at=_acted_at(version),
            can_act=Exists(able(version).filter(pk=OuterRef("pk"))),
            is_amending=Exists(_agreements([Status.PAPER, Status.SIGNED])),
        )
    )
    for row in sorted(rows, key=lambda row: (row.acted_at is not None, str(row.employer).casefold())):
        when = ""
        if row.acted_at is not None:
            what = _("acknowledged") if isinstance(version, ProgramDocument) else _("signed")
            when = f"{what}, {day(row.acted_at)}"
        yield Concerned(
            name=str(row.employer),
            url=reverse("admin:employers_onboarding_change", args=[row.pk]),
            state=_standing(row),
            is_done=row.acted_at is not None,
            when=when,
            hindered="" if row.can_act or row.acted_at is not None else _hindrance(row),
        )


def _standing(row: Any) -> str:
    """Say where a case stands; of a partner also that it is about an amendment, if one is signed."""
    state = str(row.get_state_display())
    if row.state in LIVING and row.is_amending:
        return _("%(state)s, amendment signed and not in force yet") % {"state": state}
    return state


def _hindrance(row: Any) -> str:
    """Say why a case that has to act cannot do so now."""
    if row.state == State.REVIEW:
        return _("Cannot act now: in review at AAMI")
    if row.state == State.REGISTRATION:
        return _("Cannot act now: with the agency")
    return _("Cannot act now: not registered yet")


def _cases() -> QuerySet[Any]:
    return Onboarding.objects.filter(state__in=(*ON_THE_WAY, *LIVING))


def _asked(
    version: BindingVersion, published_at: Any, *, must_resign: bool, reaches_partners: bool
) -> QuerySet[Any]:
    signed = _agreements([Status.PAPER, Status.SIGNED], published_at)
    in_force = _agreements([Status.IN_FORCE], published_at)
    wanted = Q(pk=None)
    if isinstance(version, ProgramDocument):
        any_signed = Agreement.objects.filter(
            employer=OuterRef("employer"), status__in=[Status.PAPER, Status.SIGNED, Status.IN_FORCE]
        )
        wanted |= Q(~Exists(any_signed), _knew_older(version), state__in=ON_THE_WAY)
    if must_resign:
        wanted |= Q(Exists(signed))
    if must_resign and reaches_partners:
        wanted |= Q(Exists(in_force))
    return _cases().filter(wanted)


def _agreements(statuses: list[str], before: Any = None) -> QuerySet[Agreement]:
    found: QuerySet[Agreement] = Agreement.objects.filter(employer=OuterRef("employer"), status__in=statuses)
    return found if before is None else found.filter(presented_at__lt=before)


def _knew_older(version: ProgramDocument) -> Q:
    """Whether an earlier version of the same document was acknowledged."""
    rows = Acknowledgment.objects.filter(document__kind=version.kind, document__version__lt=version.version)
    return Q(Exists(rows.filter(onboarding=OuterRef("pk"))))


def _acts(version: BindingVersion) -> QuerySet[Any]:
    if isinstance(version, ProgramDocument):
        return Acknowledgment.objects.filter(onboarding=OuterRef("pk"), document=version.pk)
    assert isinstance(version, AgreementTemplate)
    rows: QuerySet[Any] = Agreement.objects.filter(
        employer=OuterRef("employer"),
        template__version__gte=version.version,
        status__in=[Status.PAPER, Status.SIGNED, Status.IN_FORCE],
    )
    return rows


def _has_acted(version: BindingVersion) -> Q:
    return Q(Exists(_acts(version)))


def _acted_at(version: BindingVersion) -> Subquery:
    name = "at" if isinstance(version, ProgramDocument) else "presented_at"
    return Subquery(_acts(version).order_by(name).values(name)[:1])
