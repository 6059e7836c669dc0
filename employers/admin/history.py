"""The history page of an employer and of its case: one and the same."""

from typing import Any

from django.db.models import QuerySet

from apprenticeship.records.historied import Historied
from apprenticeship.records.history import Entry
from employers import history
from employers.models import Employer


def employer_of(row: Any) -> Employer:
    """Return the employer that a row of the desk is about."""
    return row if isinstance(row, Employer) else row.employer


class CaseHistory(Historied):
    """A row on whose employer's chain everything stands."""

    def history_events(self, row: Any) -> QuerySet[Any]:
        """Return everything that happened to the employer."""
        return history.events_of(employer_of(row))

    def history_entries(self, events: list[Any]) -> list[Entry]:
        """Return it in words, decisions with what they asked for."""
        if not events:
            return []
        employer = Employer.objects.get(pk=events[0].chain_id.partition(":")[2])
        return history.entries(employer, events)
