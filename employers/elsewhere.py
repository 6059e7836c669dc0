"""Sites in other states than the one whose agency is asked to register the employer."""

from dataclasses import dataclass
from itertools import groupby

from apprenticeship.program.models import RegistrationAgency
from apprenticeship.program.regions import state_name
from employers.models import RegistrationAttempt


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One other state: its name, who registers there or "", and the sites."""

    place: str
    agency: str
    sites: tuple[str, ...]


def elsewhere(attempt: RegistrationAttempt) -> list[Elsewhere]:
    """Return the other states with sites, by postal code; two queries, one where there are none."""
    sites = attempt.registration.onboarding.employer.sites.exclude(state__in=["", attempt.state])
    rows = list(sites.order_by("state", "pk"))
    agencies = {
        row.state: row.title
        for row in RegistrationAgency.objects.filter(state__in={row.state for row in rows})
    }
    return [
        Elsewhere(state_name(state), agencies.get(state, ""), tuple(str(site) for site in found))
        for state, found in groupby(rows, lambda site: site.state)
    ]
