"""What beat runs for employers."""

from celery import shared_task

from employers import signatory


@shared_task(name="employers.tasks.remind_signatories")
def remind_signatories() -> None:
    """Remind signatories whose link waits since three or seven days."""
    signatory.remind()
