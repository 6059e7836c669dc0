"""Name the groups of workplaces that have a minimum wage of their own.

Pure data: no models. California health care: Labor Code 1182.14 (SB 525).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    slug: str
    state: str  # postal code; the question is asked at sites in this state only
    name: str | Promise


SECTORS: tuple[Sector, ...] = (
    Sector(
        slug="ca_health_large",
        state="CA",
        name=_("Health system of 10,000 or more full-time employees, dialysis clinic, or very large county"),
    ),
    Sector(
        slug="ca_health_high_payor",
        state="CA",
        name=_("Hospital with a high governmental payor mix, rural independent facility, or small county"),
    ),
    Sector(
        slug="ca_health_clinic",
        state="CA",
        name=_("Community, intermittent or rural health clinic, or an urgent care clinic tied to one"),
    ),
    Sector(slug="ca_health_other", state="CA", name=_("Any other covered health care facility")),
)


def sectors_of(state: str) -> tuple[Sector, ...]:
    """Return the sectors to choose from at a site in this state; none for most states."""
    return tuple(sector for sector in SECTORS if sector.state == state)
