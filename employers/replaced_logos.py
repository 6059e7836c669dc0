"""Pictures of logo cards that were replaced are deleted, never one that any card still needs.

Storing and deleting hold one row, so that a picture which somebody uploads again at this moment is not lost: files
are named by their content, and two cards may share one.
"""

from django.db import models, transaction

from apprenticeship.program.models import Program
from employers import logos
from employers.models import Employer, LogoCard


def hold() -> None:
    """Let nobody else store or delete a picture until this transaction ends."""
    Program.objects.select_for_update().get()


def remove_after_commit(employer: Employer) -> None:
    """Delete what an employer replaced once the replacement is stored; what fails is left to the hourly task."""
    transaction.on_commit(lambda: remove(LogoCard.objects.filter(employer=employer)), robust=True)


def remove(cards: "models.QuerySet[LogoCard]") -> int:
    """Delete the pictures of those of these versions that were replaced, and return how many pictures."""
    replaced = cards.exclude(logo="").exclude(pk__in=LogoCard.objects.kept().values("pk"))
    return sum(_remove(sha256) for sha256 in set(replaced.values_list("logo", flat=True)))


@transaction.atomic
def _remove(sha256: str) -> bool:
    """Delete one picture, unless a version needs it, also of another employer."""
    hold()
    rows = LogoCard.objects.filter(logo=sha256)
    if rows.kept().exists():
        return False
    rows.update(logo="")
    logos.remove(sha256)
    return True
