"""How long a case has been where it is, against the target that the program sets for that state."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apprenticeship.program.models import Program
from employers.models import Onboarding
from employers.onboarding import State

Targets = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Age:
    """Whole days in a state, and the target in days if the program has one for it."""

    days: int
    target: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether the target has passed."""
        return self.target is not None and self.days > self.target

    @property
    def mood(self) -> str:
        """The class of the tag: error when overdue, now on the last day, later before."""
        if self.target is None or self.days < self.target:
            return "later"
        return "error" if self.is_overdue else "now"

    @property
    def words(self) -> str:
        """The age in a few words, for a tag."""
        if self.target is None:
            return (
                ngettext("%(n)s day", "%(n)s days", self.days) % {"n": self.days} if self.days else _("Today")
            )
        late = self.days - self.target
        if late > 0:
            return ngettext("%(n)s day overdue", "%(n)s days overdue", late) % {"n": late}
        return _("Due today") if late == 0 else _("Day %(day)s of %(target)s") % self._count

    @property
    def sentence(self) -> str:
        """The age as a sentence, for a mail."""
        since = ngettext("It is there since %(n)s day", "It is there since %(n)s days", self.days) % {
            "n": self.days
        }
        if not self.days:
            since = _("It came there today")
        if self.target is None:
            return f"{since}."
        return since + _("; the target is %(target)s days.") % {"target": self.target}

    @property
    def _count(self) -> dict[str, int | None]:
        return {"day": self.days + 1, "target": self.target}


# The program's field with the target, in calendar days, for each state that has one.
TARGETS: dict[State, str] = {
    State.REVIEW: "review_target_days",
    State.CHANGES: "changes_target_days",
    State.REGISTRATION: "registration_deadline_days",
}


def target_days(program: Program) -> dict[str, int]:
    """Return the target in calendar days for each state that has one."""
    return {state: getattr(program, name) for state, name in TARGETS.items()}


def age_of(onboarding: Onboarding, target: int | None) -> Age:
    """Return how old a case is where it is."""
    return Age((timezone.now() - onboarding.state_since).days, target)


def overdue(targets: Targets) -> Q:
    """Return the condition of the cases past their target."""
    now, found = timezone.now(), Q(pk=None)
    for state, days in targets.items():
        found |= Q(state=state, state_since__lte=now - dt.timedelta(days=days + 1))
    return found
