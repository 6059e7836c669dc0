"""Which ZIP codes lie within so many miles of another.

A candidate's position is that of their ZIP code, so distances are known before any row is read: the database is
asked for ZIP codes, nearest first. Positions: USPS ZIP codes as shipped by the `zipcodes` package.
"""

import math
from bisect import bisect_left
from functools import lru_cache

import zipcodes

EARTH_RADIUS = 3958.8  # miles, mean
MILES_PER_DEGREE = EARTH_RADIUS * math.pi / 180  # of latitude


def miles_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the miles along the great circle between two (latitude, longitude) in degrees: haversine."""
    phi, psi = math.radians(a[0]), math.radians(b[0])
    half_phi, half_lambda = (psi - phi) / 2, math.radians(b[1] - a[1]) / 2
    h = math.sin(half_phi) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(h)))


@lru_cache(maxsize=1)
def _positions() -> list[tuple[float, float, str]]:
    """Return (latitude, longitude, ZIP code) of every code that has a position, from south to north."""
    rows = zipcodes.filter_by(country="US")
    return sorted(
        (float(row["lat"]), float(row["long"]), row["zip_code"]) for row in rows if float(row["lat"] or 0)
    )


@lru_cache(maxsize=1)
def _by_code() -> dict[str, tuple[float, float]]:
    return {code: (latitude, longitude) for latitude, longitude, code in _positions()}


def has_position(zip_code: str) -> bool:
    """Tell whether distances from this ZIP code are known; military ones have no place on the map."""
    return zip_code in _by_code()


def miles_from(origin: str, zip_code: str) -> float | None:
    """Return the miles between two ZIP codes, or None if either has no position."""
    known = _by_code()
    if origin not in known or zip_code not in known:
        return None
    return miles_between(known[origin], known[zip_code])


@lru_cache(maxsize=64)
def nearby(origin: str, miles: int) -> tuple[str, ...]:
    """Return every ZIP code within so many miles, nearest first; codes at one place in order of the code."""
    center = _by_code().get(origin)
    if center is None:
        return ()
    reach = miles / MILES_PER_DEGREE
    # Meridians draw together to the north, so the box is as wide as it must be at its far edge.
    width = reach / max(math.cos(math.radians(min(abs(center[0]) + reach, 89.0))), 0.01)
    rows = _positions()
    first, last = bisect_left(rows, (center[0] - reach,)), bisect_left(rows, (center[0] + reach,))
    found = []
    for latitude, longitude, code in rows[first:last]:
        # Guam and Maine are apart the short way round.
        across = abs(longitude - center[1])
        if min(across, 360 - across) <= width:
            distance = miles_between(center, (latitude, longitude))
            if distance <= miles:
                found.append((distance, code))
    return tuple(code for _distance, code in sorted(found))
