"""What beat runs for papers."""

from celery import shared_task

from apprenticeship.documents import working


@shared_task(name="apprenticeship.documents.tasks.remove_left_overs")
def remove_left_overs() -> None:
    """Remove files that killed workers left in the storage."""
    working.remove_left_overs()
