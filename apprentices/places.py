"""What a ZIP code says: place, state, region and position.

Source: USPS ZIP codes as shipped by the `zipcodes` package.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import zipcodes
from django.utils.translation import gettext as _

from apprenticeship.program.regions import Region, region_of, state_name

MILITARY_STATES = {
    "AA": "Armed Forces Americas",
    "AE": "Armed Forces Europe",
    "AP": "Armed Forces Pacific",
}
FREELY_ASSOCIATED_STATES = {"FM": "Federated States of Micronesia", "MH": "Marshall Islands"}
_ZIP_CODE = re.compile(r"(\d{5})(?:[- ]?\d{4})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a ZIP code lies. Military and freely associated ones have no region."""

    zip_code: str  # five digits
    city: str
    state: str  # two letters
    region: Region | None
    latitude: float | None  # degrees north, None if unknown
    longitude: float | None  # degrees east, None if unknown

    @property
    def is_military(self) -> bool:
        return self.state in MILITARY_STATES

    def __str__(self) -> str:
        return place_label(self.city, self.state)


def place_label(city: str, state: str) -> str:
    """Return city and state as people read them, for example "Milwaukee, Wisconsin"."""
    return _("%(city)s, %(state)s") % {"city": city, "state": state_label(state)}


def state_label(state: str) -> str:
    """Return the name of a state, of a territory, or of an area of military mail."""
    return (MILITARY_STATES | FREELY_ASSOCIATED_STATES).get(state) or state_name(state)


def place_of(typed: str) -> Place | None:
    """Return the place of a ZIP or ZIP+4 code as somebody typed it, or None if there is no such code."""
    match = _ZIP_CODE.fullmatch(typed.strip())
    return _place(match[1]) if match else None


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, Any]]:
    """Return every row by its code; the package's own search reads the whole table, some 5 ms a code."""
    return {row["zip_code"]: row for row in reversed(zipcodes.list_all())}


@lru_cache(maxsize=2048)
def _place(zip_code: str) -> Place | None:
    row = _table().get(zip_code)
    if row is None or (row["city"] in {"Apo", "Dpo", "Fpo"} and row["state"] not in MILITARY_STATES):
        return None  # eight withdrawn military codes stand in the table as New Jersey
    latitude, longitude = float(row["lat"] or 0), float(row["long"] or 0)
    is_known = bool(latitude and longitude)
    return Place(
        zip_code=zip_code,
        city=row["city"].upper() if row["state"] in MILITARY_STATES else row["city"],
        state=row["state"],
        region=region_of(row["state"]),
        latitude=latitude if is_known else None,
        longitude=longitude if is_known else None,
    )
