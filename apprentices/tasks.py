"""What the worker does for candidates."""

from celery import shared_task

from apprentices import interest


@shared_task(name="apprentices.tasks.erase_unconfirmed")
def erase_unconfirmed() -> None:
    """Erase everybody who did not confirm in time."""
    interest.erase_unconfirmed()
