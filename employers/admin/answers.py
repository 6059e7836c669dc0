"""Answers as the review page shows them: part by part, each beside the answer of the submission before."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from employers.found_fine import Found
from employers.models import FlaggedPart
from employers.onboarding import Part, Step
from employers.summary import as_compared, as_said_today

# The answers of more sites than a hospital has lie folded: what follows them has to be found.
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its answer; `before` is the answer of the submission before, None if it is the same."""

    question: str
    answer: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class PartView:
    """The answers of one part, what is missing in it, what AAMI last asked about it, and what the portal judged.

    `fine` tells of a case that came back that the part was found fine before.
    """

    part: Part
    rows: tuple[Row, ...]
    gaps: tuple[str, ...]
    flag: FlaggedPart | None
    checks: tuple[dict[str, str], ...]
    fine: Found | None = None

    @property
    def changed(self) -> int:
        """How many answers differ from the submission before."""
        return sum(row.before is not None for row in self.rows)

    @property
    def first_rows(self) -> tuple[Row, ...]:
        """The answers that stand open."""
        return self.rows[:SHOWN]

    @property
    def more_rows(self) -> tuple[Row, ...]:
        """The answers that lie folded below them."""
        return self.rows[SHOWN:]

    @property
    def have_more_changed(self) -> bool:
        """Whether one of those differs from the submission before: then they stand open too."""
        return any(row.before is not None for row in self.more_rows)


@dataclass(frozen=True, slots=True)
class StepView:
    """One step with its parts."""

    step: Step
    parts: tuple[PartView, ...]

    @property
    def changed(self) -> int:
        """How many answers differ from the submission before."""
        return sum(part.changed for part in self.parts)


def compared(newest: list[dict[str, Any]], older: list[dict[str, Any]] | None) -> Iterator[Row]:
    """Yield the newest answers, each with the older one where it differs, then the answers that are gone."""
    before = {row["key"]: row for row in older or []}
    for row in newest:
        was = before.pop(row["key"], None)
        is_same = older is None or (as_compared(was) == as_compared(row) if was else not row["answer"])
        told = as_said_today(was) if was else ""
        yield Row(row["question"], as_said_today(row), None if is_same else told)
    for row in older or []:
        if row["key"] in before and row["answer"]:
            yield Row(row["question"], "", row["answer"])
