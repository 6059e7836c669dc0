"""What a rule answers: passes, fails or cannot tell, in plain words and with its source."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise


class Answer(Enum):
    PASSES = "passes"
    FAILS = "fails"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Citation:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Check:
    rule: str  # stable id, "rising"
    answer: Answer
    label: str | Promise
    detail: str  # "" when the rule passes
    periods: tuple[int, ...]  # the numbers that fail or are doubtful
    citation: Citation
    messages: tuple[tuple[int, str], ...] = ()  # period number, sentence to show beside its field


@dataclass(frozen=True, slots=True)
class Rule:
    """Name a rule once; its three answers are made from it."""

    id: str
    label: str | Promise
    citation: Citation

    def passes(self) -> Check:
        return Check(self.id, Answer.PASSES, self.label, "", (), self.citation)

    def fails(self, detail: str) -> Check:
        return Check(self.id, Answer.FAILS, self.label, detail, (), self.citation)

    def fails_at(self, messages: Iterable[tuple[int, str]]) -> Check:
        """Return a failure whose detail is all its sentences, each also beside its period."""
        kept = tuple(messages)
        detail = " ".join(dict.fromkeys(text for _number, text in kept))
        return Check(self.id, Answer.FAILS, self.label, detail, _numbers(kept), self.citation, kept)

    def cannot_tell(self, detail: str, numbers: Iterable[int] = ()) -> Check:
        return Check(self.id, Answer.CANNOT_TELL, self.label, detail, tuple(numbers), self.citation)


CFR_29_5 = "https://www.ecfr.gov/current/title-29/section-29.5"
PROGRAM_PAGE = Citation("AAMI program page, step 6", "https://www.aami.org/HTM/bmet-apprenticeship-employers")
PROGRESSIVE_WAGES = Citation("29 CFR 29.5(b)(5)", CFR_29_5)
TERM = Citation("29 CFR 29.5(b)(2)", CFR_29_5)
ETA_671 = Citation(
    "Form ETA-671, item 10", "https://www.reginfo.gov/public/do/PRAOMBHistory?ombControlNumber=1205-0223"
)


def _numbers(messages: Iterable[tuple[int, str]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for number, _text in messages))
