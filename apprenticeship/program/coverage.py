"""Which minimum wages are not entered for a year: the rows go stale on every January 1."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .models import MinimumWage
from .models.minimum_wage import FEDERAL
from .regions import state_name
from .sectors import SECTORS

_SECTOR_NAMES = {sector.slug: sector.name for sector in SECTORS}


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRate:
    """A series of rates whose last row does not reach the day asked for."""

    jurisdiction: str
    sector: str
    last: MinimumWage  # the row in force before the gap
    has_unconfirmed: bool  # a row for that day exists, but nobody has confirmed it

    @property
    def name(self) -> str:
        """The state, and the sector where there is one."""
        place = "Federal" if self.jurisdiction == FEDERAL else state_name(self.jurisdiction)
        return f"{place}, {_SECTOR_NAMES[self.sector]}" if self.sector else place


def missing_on(day: date, rows: Iterable[MinimumWage] | None = None) -> list[MissingRate]:
    """Return every series without a confirmed rate that is known to hold on `day`, by name. One query."""
    stored = MinimumWage.objects.filter(effective_from__lte=day) if rows is None else rows
    series: dict[tuple[str, str], list[MinimumWage]] = {}
    for row in sorted(stored, key=lambda row: row.effective_from):
        if row.effective_from <= day:
            series.setdefault((row.jurisdiction, row.sector), []).append(row)
    found = []
    for (jurisdiction, sector), started in series.items():
        newest = started[-1]
        if newest.is_confirmed and (newest.known_through is None or newest.known_through >= day):
            continue
        confirmed = [row for row in started if row.is_confirmed]
        missing = MissingRate(
            jurisdiction=jurisdiction,
            sector=sector,
            last=confirmed[-1] if confirmed else newest,
            has_unconfirmed=not newest.is_confirmed,
        )
        found.append(missing)
    return sorted(found, key=lambda missing: missing.name)


def next_year(today: date) -> date:
    """Return the first day of the year after `today`."""
    return date(today.year + 1, 1, 1)
