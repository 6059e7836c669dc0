"""Reminders by beat: each once, at the employer's hour, and none any more once the state has changed."""

from collections.abc import Callable, Iterator

from apprenticeship.program.models import ReminderPlan
from employers.reminders import desk, employer, signatory, versions, wages
from employers.reminders.watch import Watch, send_due

WATCHERS: tuple[Callable[[ReminderPlan], Iterator[Watch]], ...] = (
    employer.idle,
    employer.unanswered,
    signatory.unsigned,
    versions.unread,
    desk.unassigned,
    desk.past_target,
    desk.to_register,
    wages.rises,
)


def remind() -> int:
    """Send every reminder that is due and return how many there were."""
    plan = ReminderPlan.objects.current()
    return sum(send_due(watch(plan), hour=plan.hour) for watch in WATCHERS)
