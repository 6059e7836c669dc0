"""The wages that the desk judges: as signed, at the sites with a position."""

from decimal import Decimal
from functools import cached_property
from typing import Any

from employers.application import Application
from employers.models import Site
from employers.wages import Period, Schedule


class WagesOnly(Application):
    """An application read for its wages: the sites that count are those with a position."""

    @cached_property
    def sites(self) -> list[Site]:
        """The sites with a position, without a query of their own."""
        return list({row.site_id: row.site for row in self.positions if row.site}.values())


def signed_schedule(terms: dict[str, Any]) -> Schedule:
    """Return the wage schedule that an agreement's frozen terms print."""
    wages = terms["facts"]["wages"]
    return Schedule(
        term_hours=wages["term_hours"],
        journeyworker_rate=_rate(wages["journeyworker_rate"]),
        periods=tuple(
            Period(
                number=row["number"],
                hours_from=row["hours_from"],
                hours_to=row["hours_to"],
                rate=_rate(row["rate"]),
            )
            for row in wages["periods"]
        ),
    )


def _rate(text: str) -> Decimal | None:
    return Decimal(text) if text else None
