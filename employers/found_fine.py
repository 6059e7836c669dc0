"""What reviewers found fine in earlier submissions, and whether it still holds: a part that changed is marked anew."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from apprenticeship.accounts.models import User
from employers.models import FinePart, FlaggedPart, Onboarding, Submission
from employers.onboarding import Part
from employers.summary import as_compared


@dataclass(frozen=True, slots=True)
class Found:
    """A part was marked fine in submission `number`.

    It `is_same` while its answers and what was judged of them are, and `is_doubted` if it fails today all the same.
    """

    number: int
    by: User | None
    is_same: bool
    is_doubted: bool

    @property
    def holds(self) -> bool:
        """Whether it can be taken as fine today."""
        return self.is_same and not self.is_doubted


def found_fine(
    submissions: Sequence[Submission], flags: Iterable[FlaggedPart], doubted: Collection[Part] = ()
) -> dict[Part, Found]:
    """Return what was found fine before the newest submission, and not flagged since.

    `submissions` and `flags` are all those of one case, newest first; what is `doubted` today does not hold. A part
    that is the same is named by the first submission in which it stood like this and was marked, another by the last
    in which it was marked: where it stood unchanged after that it was not marked again.
    """
    newest, older = submissions[0], submissions[1:]
    asked: dict[str, Any] = {}
    for flag in flags:
        asked.setdefault(flag.part, flag.request.created_at)
    found: dict[Part, Found] = {}
    rows = FinePart.objects.filter(submission__in=older).select_related("submission", "found_by")
    for row in rows.order_by("-submission__number"):
        part, number = Part(row.part), row.submission.number
        if part in asked and asked[part] > row.found_at:
            continue
        since = (submission for submission in older if submission.number >= number)
        is_same = all(_says(row, part) == _says(newest, part) for row in since)
        if is_same or part not in found:
            found[part] = Found(number, row.found_by, is_same, part in doubted)
    return found


def keep_fine(onboarding: Onboarding, parts: Iterable[Part], *, by: User) -> None:
    """Keep which parts a decision on the newest submission found fine; what holds from an earlier one is kept there."""
    if not (parts := list(parts)):
        return
    submissions = list(onboarding.submissions.order_by("-number"))
    flags = FlaggedPart.objects.filter(request__onboarding=onboarding).select_related("request")
    found = found_fine(submissions, flags.order_by("-request__created_at"))
    new = [part for part in parts if part not in found or not found[part].holds]
    rows = [FinePart(submission=submissions[0], part=part, found_by=by) for part in new]
    FinePart.objects.bulk_create(rows, ignore_conflicts=True)


def _says(submission: Submission, part: Part) -> tuple[list[Any], list[Any]]:
    """Return the answers of a part, and what the portal found in them that day."""
    answers = [(row["key"], as_compared(row)) for row in submission.answers.get(part, [])]
    checks = [(row["rule"], row["answer"], row["found"]) for row in submission.checks if row["part"] == part]
    return answers, checks
