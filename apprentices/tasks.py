"""What the worker does for candidates, by the clock."""

from celery import shared_task

from apprentices import announcing, figures, interest, inviting, keeping, weekly


@shared_task(name="apprentices.tasks.erase_unconfirmed")
def erase_unconfirmed() -> None:
    """Erase everybody who did not confirm, or did not answer an invitation, in time."""
    interest.erase_unconfirmed()
    inviting.forget_silent()


@shared_task(name="apprentices.tasks.keep_candidates")
def keep_candidates() -> None:
    """Ask candidates again, hide, warn and delete the silent, and tell them who looked and what opened."""
    keeping.ask_again()
    keeping.hide_silent()
    keeping.give_notice()
    keeping.erase_silent()
    keeping.tell_who_looked()
    announcing.announce()


@shared_task(name="apprentices.tasks.tell_partners")
def tell_partners() -> None:
    """Write to partners whose week is over."""
    weekly.tell_matches()


@shared_task(name="apprentices.tasks.count_figures")
def count_figures() -> None:
    """Count what the desk shows of candidates, so that no page does."""
    figures.count()
