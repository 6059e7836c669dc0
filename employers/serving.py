"""Which reviewers serve a region: who is told of its cases, and whom the desk offers one first."""

from collections.abc import Collection, Iterable

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.program.models import ReviewerRegions
from apprenticeship.program.regions import Region
from employers.assignment import reviewers_by_role
from employers.onboarding import State


def reviewers_for(region: Region | None, *, but: Collection[int] = ()) -> list[User]:
    """Return the active reviewers who serve a region, those with the fewest open cases first.

    Everybody who reviews, where nobody serves it or there is no region. `but` are people who may not. Two queries.
    """
    serving = _serving(region)
    able = [user for user in _able() if user.pk not in but]
    return [user for user in able if user.pk in serving] or able


def grouped(region: Region | None, people: Iterable[User]) -> list[tuple[str, list[User]]]:
    """Return people as groups to choose from, with their labels: who serves a region first. One query."""
    people, serving = list(people), _serving(region)
    near = [user for user in people if user.pk in serving]
    if region is None or not near:
        return [("", people)] if people else []
    others = [user for user in people if user.pk not in serving]
    groups = [(_("Serve %(region)s") % {"region": region.name}, near), (_("Other regions"), others)]
    return [(label, group) for label, group in groups if group]


def _serving(region: Region | None) -> set[int]:
    rows = ReviewerRegions.objects.all()
    return {row.user_id for row in rows if region is not None and region.slug in row.regions}


def _able() -> list[User]:
    is_open = Q(cases__state__in=[State.REVIEW, State.CHANGES, State.REGISTRATION])
    rows = reviewers_by_role().annotate(open_cases=Count("cases", filter=is_open))
    return list(rows.order_by("open_cases", "name", "pk"))
