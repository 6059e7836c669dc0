"""Numbers of candidates by state, for employers that are not partners yet: never one below five."""

from django.db.models import Count

from apprentices.models import Candidate
from apprenticeship.program.regions import STATE_NAMES
from employers.models import Employer
from employers.onboarding import AFTER_ACTIVE, State

LEAST = 5
CLOSED = (*AFTER_ACTIVE, State.WITHDRAWN, State.DECLINED)


def is_on_the_way(employer: Employer) -> bool:
    """Tell whether this employer is between its first step and its registration."""
    return employer.onboarding.state not in (State.ACTIVE, *CLOSED)


def by_state() -> dict[str, int]:
    """Return how many people share, by two-letter code; states with fewer than LEAST are left out, and no sum is
    given from which they could be told."""
    rows = Candidate.objects.shown().order_by().values_list("state").annotate(number=Count("pk"))
    return {state: number for state, number in rows.filter(number__gte=LEAST) if state in STATE_NAMES}
