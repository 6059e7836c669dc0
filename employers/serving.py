"""Which reviewers serve a region: whom the desk suggests for a case."""

from django.db.models import Count, Q

from apprenticeship.accounts.models import User
from apprenticeship.program.models import ReviewerRegions
from apprenticeship.program.regions import Region
from employers.assignment import reviewers_by_role
from employers.onboarding import State


def reviewers_for(region: Region | None) -> list[User]:
    """Return the active reviewers who serve a region, those with the fewest open cases first.

    Everybody who reviews, where nobody serves it or there is no region. Two queries.
    """
    serving = {
        row.user_id
        for row in ReviewerRegions.objects.all()
        if region is not None and region.slug in row.regions
    }
    able = list(_able())
    return [user for user in able if user.pk in serving] or able


def _able() -> list[User]:
    is_open = Q(cases__state__in=[State.REVIEW, State.CHANGES, State.REGISTRATION])
    rows = reviewers_by_role().annotate(open_cases=Count("cases", filter=is_open))
    return list(rows.order_by("open_cases", "name", "pk"))
