"""Name the states and group them by the six regions of the DOL Office of Apprenticeship.

Pure data: no models. Source: apprenticeship.gov/about-us/regional-offices.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    number: int
    name: str
    states: tuple[str, ...]

    @property
    def slug(self) -> str:
        return self.name.lower().replace(" ", "-")


REGIONS: tuple[Region, ...] = (
    Region(number=1, name="Boston", states=("CT", "ME", "MA", "NH", "NJ", "NY", "PR", "RI", "VT", "VI")),
    Region(number=2, name="Philadelphia", states=("DE", "DC", "MD", "PA", "VA", "WV")),
    Region(number=3, name="Atlanta", states=("AL", "FL", "GA", "KY", "MS", "NC", "SC", "TN")),
    Region(
        number=4,
        name="Dallas",
        states=("AR", "CO", "LA", "MT", "NM", "ND", "OK", "SD", "TX", "UT", "WY"),
    ),
    Region(number=5, name="Chicago", states=("IL", "IN", "IA", "KS", "MI", "MN", "MO", "NE", "OH", "WI")),
    Region(
        number=6,
        name="San Francisco",
        states=("AK", "AS", "AZ", "CA", "MP", "GU", "HI", "ID", "NV", "OR", "PW", "WA"),
    ),
)

STATE_NAMES: dict[str, str] = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AS": "American Samoa",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "GU": "Guam",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "MP": "Northern Mariana Islands",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PW": "Palau",
    "PA": "Pennsylvania",
    "PR": "Puerto Rico",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VI": "U.S. Virgin Islands",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
}

TERRITORIES: frozenset[str] = frozenset({"AS", "GU", "MP", "PR", "PW", "VI"})

_REGION_BY_STATE = {state: region for region in REGIONS for state in region.states}


def region_of(state: str) -> Region | None:
    """Return the Office of Apprenticeship region of a two-letter postal code, or None if there is none."""
    return _REGION_BY_STATE.get(state.strip().upper())


def state_name(state: str) -> str:
    """Return the name of a two-letter postal code; an unknown code comes back as it is."""
    return STATE_NAMES.get(state.strip().upper(), state)
