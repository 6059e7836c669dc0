"""How long a case has been where it is, against the target that the program sets for that state.

Days are those of the calendar in UTC, as the desk prints dates: the last one within the target is the day it is due.
A registration has two targets: to be sent, counted from the approval, and to be answered, from the day of sending.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apprenticeship.program.models import Program
from employers.models import RegistrationAttempt
from employers.onboarding import State

Targets = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Age:
    """Days in a state, and the target in days if the program has one for it.

    `is_sent` tells of a registration whether the agency has it; of other cases it is None.
    """

    days: int
    target: int | None
    is_sent: bool | None = None

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
        left = -late
        return (
            ngettext("Due in %(n)s day", "Due in %(n)s days", left) % {"n": left} if left else _("Due today")
        )

    @property
    def phase(self) -> str:
        """Whether a registration is still to be sent, or ""."""
        if self.is_sent is None:
            return ""
        return _("sent to the agency") if self.is_sent else _("not sent yet")

    @property
    def waits_for_sending(self) -> bool:
        """Whether it is a registration that the agency does not have yet."""
        return self.is_sent is False

    @property
    def sentence(self) -> str:
        """The age as a sentence, for a mail."""
        since = _("It came there today")
        if self.days:
            lasting = ngettext(
                "It has been there for %(n)s day", "It has been there for %(n)s days", self.days
            )
            since = lasting % {"n": self.days}
        if self.target is None:
            return f"{since}."
        target = ngettext("; the target is %(n)s day.", "; the target is %(n)s days.", self.target)
        return since + target % {"n": self.target}


# A registration that the agency has; its target stands beside those of the states.
SENT = "sent"
# The program's field with each target, in calendar days.
TARGETS: dict[str, str] = {
    State.REVIEW: "review_target_days",
    State.CHANGES: "changes_target_days",
    State.REGISTRATION: "registration_sending_days",
    SENT: "registration_deadline_days",
}
_open = RegistrationAttempt.objects.open().filter(registration__onboarding=OuterRef("pk")).order_by()


def target_days(program: Program) -> dict[str, int]:
    """Return the targets in calendar days by state, and by SENT."""
    return {key: getattr(program, name) for key, name in TARGETS.items()}


def clock(targets: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to annotate for `age_of`: `sent_on` of a registration, `clock_since`, and `target` in days."""
    aims = [When(state=state, then=days) for state, days in targets.items() if state != SENT]
    return {
        "sent_on": Subquery(_open.values("sent_on")[:1]),
        "clock_since": Coalesce(Subquery(_open.values("since")[:1]), F("state_since")),
        "target": Case(
            When(sent_on__isnull=False, then=targets[SENT]), *aims, default=None, output_field=IntegerField()
        ),
    }


def age_of(onboarding: Any) -> Age:
    """Return how old a case is that was read with its `clock`."""
    days = (_today() - onboarding.clock_since.astimezone(dt.UTC).date()).days
    return Age(days, onboarding.target, is_sent=_is_sent(onboarding))


def _is_sent(onboarding: Any) -> bool | None:
    return onboarding.sent_on is not None if onboarding.state == State.REGISTRATION else None


def overdue(targets: Targets) -> Q:
    """Return the condition of the cases past their target."""
    sent = RegistrationAttempt.objects.filter(status=RegistrationAttempt.Status.SENT).order_by()
    found = Q(
        pk__in=sent.filter(since__lt=_first_day_within(targets[SENT])).values("registration__onboarding")
    )
    is_sent = Q(pk__in=sent.values("registration__onboarding"))
    for state, days in targets.items():
        late = Q(state=state, state_since__lt=_first_day_within(days)) if state != SENT else Q(pk=None)
        found |= late & ~is_sent if state == State.REGISTRATION else late
    return found


def _first_day_within(days: int) -> dt.datetime:
    """Return the beginning of the day on which a case that is due today came where it is."""
    return dt.datetime.combine(_today() - dt.timedelta(days=days), dt.time(), dt.UTC)


def _today() -> dt.date:
    return timezone.now().astimezone(dt.UTC).date()
