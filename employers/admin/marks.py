"""What the review page shows of the reader's own review: what was sent with the request, else what was kept."""

from dataclasses import dataclass

from django.http import QueryDict

from employers.admin.changes import FINE, OFFERED, brings_marks, in_words, is_own, typed_fields
from employers.admin.review import Review
from employers.admin.talks import Line


@dataclass(frozen=True, slots=True)
class Marks:
    """Field and text of a review; `are_new` unless the case has moved on since, `version` is that of the draft kept.

    They `are_kept` if they are that draft.
    """

    typed: dict[str, str]
    are_new: bool
    version: int
    are_kept: bool

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What they say, for people: label and text."""
        return list(in_words(self.typed))


def marks_on_page(review: Review, sent: QueryDict, own: Line | None) -> Marks:
    """Return what somebody has marked and just sent along with anything, else their draft, `own`."""
    version, since = own.version if own else 0, review.onboarding.state_since
    if brings_marks(sent) and is_own(typed := typed_fields(sent)):
        are_kept = own is not None and own.typed == typed
        return Marks(_holding(review, typed), sent.get("seen") == since.isoformat(), version, are_kept)
    if own:
        return Marks(_holding(review, own.typed), own.seen == since, version, are_kept=True)
    return Marks(offered(review), True, version, are_kept=False)


def offered(review: Review) -> dict[str, str]:
    """Return the marks of a review that has not begun: fine is what was found fine before and has not changed."""
    return {f"verdict_{part}": FINE for part in offered_parts(review)}


def offered_parts(review: Review) -> list[str]:
    """Return the parts that were found fine before and have not changed."""
    return [part.value for part, found in review.fine.items() if found.holds]


def _holding(review: Review, typed: dict[str, str]) -> dict[str, str]:
    """Return marks without a fine that was only offered and holds no longer, as a minimum wage was raised since."""
    overtaken = set(typed.get(OFFERED, "").split()).difference(offered_parts(review))
    lost = {f"verdict_{part}" for part in overtaken}
    return {name: text for name, text in typed.items() if name not in lost or text != FINE}
