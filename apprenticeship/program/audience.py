"""Whom a new version concerns: asked before it is published, shown afterwards. The employers' app answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .models.publishing import BindingVersion


class Audience(TextChoices):
    """Who has to acknowledge or sign again."""

    NOBODY = "nobody", _("Nobody who has signed")
    ONBOARDING = "onboarding", _("Everybody whose agreement is not in force yet")
    EVERYBODY = "everybody", _("Everybody, active partners too")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """One employer that a version concerns."""

    name: str
    url: str  # the case at the desk
    state: str
    is_done: bool
    when: str  # who acknowledged or signed, and when; "" while nobody did


Count = Callable[[BindingVersion, Audience], int]
Progress = Callable[[BindingVersion], Iterable[Concerned]]

_answers: dict[str, Callable[..., Any]] = {}


def register(*, count: Count, progress: Progress) -> None:
    """Let an app say how many employers a version concerns, and which of them are done."""
    _answers.update(count=count, progress=progress)


def count(version: BindingVersion, audience: Audience) -> int:
    """Return how many employers would have to act if this version were published now for this audience."""
    found: int = _answers["count"](version, audience)
    return found


def progress(version: BindingVersion) -> list[Concerned]:
    """Return every employer that a published version concerns, those who have not acted yet first."""
    found: list[Concerned] = list(_answers["progress"](version))
    return found
