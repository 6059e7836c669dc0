"""What the worker runs. Tasks carry keys only; the rows say what is to be done."""

from celery import shared_task

from apprenticeship.celery import SWEEP_SECONDS
from apprenticeship.records import queues


@shared_task(name="apprenticeship.records.tasks.work_off")
def work_off(*, queue: str, pk: str) -> None:
    """Work off one row, if it is due."""
    queues.work(queue, pk)


@shared_task(name="apprenticeship.records.tasks.sweep")
def sweep() -> None:
    """Nudge every row that no nudge reached, among them those of a worker that died.

    A nudge that waits longer than until the next sweep is worth nothing.
    """
    for queue, pk in queues.due():
        work_off.apply_async(kwargs={"queue": queue, "pk": str(pk)}, expires=SWEEP_SECONDS)
