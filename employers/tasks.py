"""What beat runs for employers."""

from celery import shared_task

from employers import assignment, kept_figures, owed, question_pack, reminders, replaced_logos, scan_pictures
from employers.models import LogoCard


@shared_task(name="employers.tasks.remind")
def remind() -> None:
    """Send every reminder that is due."""
    reminders.remind()


@shared_task(name="employers.tasks.return_cases_to_pool")
def return_cases_to_pool() -> None:
    """Free the cases of reviewers who were deactivated or lost the role."""
    assignment.return_to_pool()


@shared_task(name="employers.tasks.order_owed")
def order_owed() -> None:
    """Order final papers and their mail that an agreement in force lacks."""
    owed.order_owed()


@shared_task(name="employers.tasks.keep_question_pack")
def keep_question_pack() -> None:
    """Order the PDF of what the steps ask, once the forms ask something else."""
    question_pack.order_current()


@shared_task(name="employers.tasks.count_figures")
def count_figures() -> None:
    """Count what the desk's front page shows of all moves, so that no page does."""
    kept_figures.count()


@shared_task(name="employers.tasks.remove_replaced_logos")
def remove_replaced_logos() -> None:
    """Delete the pictures of replaced logo cards that were left behind."""
    replaced_logos.remove(LogoCard.objects.all())


@shared_task(name="employers.tasks.draw_scans")
def draw_scans() -> None:
    """Draw the pages of new scans, so that no reader waits."""
    scan_pictures.draw_new()
