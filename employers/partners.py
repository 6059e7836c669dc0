"""The participating employers as everybody sees them: active, by their own choice, approved by AAMI."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from apprenticeship.program.regions import STATE_NAMES
from employers.models import LogoCard, Site


@dataclass(frozen=True, slots=True)
class Partner:
    """One employer with the states of its sites, two-letter codes in the order of their names."""

    card: LogoCard
    states: tuple[str, ...]

    @property
    def places(self) -> list[str]:
        """The names of its states."""
        return [str(STATE_NAMES[state]) for state in self.states]


@dataclass(frozen=True)
class Partners:
    """All who are shown, and the state that a visitor asked for, or ""."""

    everybody: Sequence[Partner]
    state: str = ""

    @cached_property
    def here(self) -> list[Partner]:
        """Those with a site in the chosen state, or all."""
        return [row for row in self.everybody if not self.state or self.state in row.states]

    @cached_property
    def counts(self) -> Counter[str]:
        """How many have a site in each state."""
        return Counter(state for row in self.everybody for state in row.states)

    @property
    def state_name(self) -> str:
        """The chosen state, or ""."""
        return str(STATE_NAMES.get(self.state, ""))

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The states to choose from: those where somebody is, and the chosen one."""
        codes = {*self.counts, *([self.state] if self.state else ())}
        return sorted(((code, str(STATE_NAMES[code])) for code in codes), key=lambda row: row[1])


def find(state: str) -> Partners:
    """Return the partners, for a two-letter code or all; an unknown code asks for all. Two queries."""
    cards = list(LogoCard.objects.shown().order_by("display_name", "pk"))
    places: dict[object, set[str]] = {}
    rows = Site.objects.filter(employer__in=[card.employer_id for card in cards]).order_by()
    for employer, code in rows.values_list("employer", "state").distinct():
        if code in STATE_NAMES:
            places.setdefault(employer, set()).add(code)
    everybody = [
        Partner(
            card, tuple(sorted(places.get(card.employer_id, ()), key=lambda code: str(STATE_NAMES[code])))
        )
        for card in cards
    ]
    return Partners(everybody, state if state in STATE_NAMES else "")
