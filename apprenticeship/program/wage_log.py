"""What changes in a minimum wage, told field by field and kept in the event log."""

from dataclasses import dataclass
from typing import Any

from apprenticeship.accounts.models import User
from apprenticeship.records import events

from .models import MinimumWage

FIELDS = (
    "jurisdiction",
    "sector",
    "rate",
    "effective_from",
    "known_through",
    "is_confirmed",
    "source_name",
    "source_url",
    "verified_on",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field before and after, as text."""

    name: str
    label: str
    before: str
    after: str


def changes_between(before: MinimumWage | None, after: MinimumWage) -> tuple[Change, ...]:
    """Return the fields that differ; none for a row that is new."""
    if before is None:
        return ()
    return tuple(
        Change(
            name=name,
            label=str(MinimumWage._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
            before=_text(getattr(before, name)),
            after=_text(getattr(after, name)),
        )
        for name in FIELDS
        if getattr(before, name) != getattr(after, name)
    )


def log_change(wage: MinimumWage, changes: tuple[Change, ...], *, by: User, source: str = "") -> None:
    """Append to the program's chain that a rate was added, or which of its fields changed from what to what."""
    data: dict[str, Any] = {
        "jurisdiction": wage.jurisdiction,
        "sector": wage.sector,
        "effective_from": wage.effective_from.isoformat(),
    }
    if changes:
        data["changes"] = {change.name: [change.before, change.after] for change in changes}
    else:
        data["rate"] = _text(wage.rate)
    if source:
        data["source"] = source
    verb = "minimum_wage_changed" if changes else "minimum_wage_added"
    events.record(events.PROGRAM, verb, by=by, subject=wage, data=data)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
