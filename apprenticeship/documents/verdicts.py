"""What can be said of a paper, and how it stands with what a genuine one says: each app answers for its subjects."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Verdict(Enum):
    """What can be said about a file. The first five are genuine papers."""

    GENUINE = "genuine"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    VOID = "void"
    CUT_OFF = "cut_off"
    ALTERED = "altered"
    FOREIGN_SEAL = "foreign_seal"
    NOT_OURS = "not_ours"
    UNREADABLE = "unreadable"


HEADLINES: dict[Verdict, str | Promise] = {
    Verdict.GENUINE: _("Genuine and in force"),
    Verdict.SUSPENDED: _("Genuine; the partnership is suspended"),
    Verdict.SUPERSEDED: _("Genuine, but replaced by a newer version"),
    Verdict.ENDED: _("Genuine, but the partnership has ended"),
    Verdict.VOID: _("Genuine, but no longer in force"),
    Verdict.CUT_OFF: _("Cut off: the end of this file is missing"),
    Verdict.ALTERED: _("Altered after it was sealed"),
    Verdict.FOREIGN_SEAL: _("Sealed by someone else"),
    Verdict.NOT_OURS: _("Not one of our papers"),
    Verdict.UNREADABLE: _("Not readable as a PDF"),
}
# Of files that are no genuine paper; of a genuine one its app says how it stands.
EXPLANATIONS: dict[Verdict, str | Promise] = {
    Verdict.CUT_OFF: _(
        "It begins, byte by byte, like a paper that was sealed here, but it stops before its end, as after a download "
        "that broke off. It may not open, and it cannot be relied on. Get a fresh copy: from the mail, from "
        "“Documents” in the portal, or from AAMI."
    ),
    Verdict.ALTERED: _(
        "This file comes from a paper of ours, but it is not what was sealed: something was changed, added or taken "
        "away. Do not rely on it; ask AAMI for the genuine file."
    ),
    Verdict.FOREIGN_SEAL: _("This file carries a seal, but not ours, whatever name it shows."),
    Verdict.NOT_OURS: _(
        "Nothing in this file says that it was made here. Drafts and papers that only one party has signed are not "
        "sealed and are not known to this page."
    ),
    Verdict.UNREADABLE: _(
        "This is not a PDF, or it is encrypted or damaged, so nothing can be said about it. Choose the file that you "
        "received from the portal, as it came."
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One of the genuine verdicts, and a sentence that says since when."""

    verdict: Verdict
    sentence: str | Promise


_STANDINGS: dict[type[models.Model], Callable[[Any], Standing]] = {}


def register(model: type[models.Model], standing: Callable[[Any], Standing]) -> None:
    """Say how it stands with what the sealed papers of `model` say."""
    _STANDINGS[model] = standing


def standing_of(subject: Any) -> Standing:
    """Return how it stands with a sealed paper's subject; without an app's word it is in force."""
    says = _STANDINGS.get(type(subject))
    return says(subject) if says else Standing(Verdict.GENUINE, _("What it says is in force."))
