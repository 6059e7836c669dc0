"""Whom a new version concerns: asked before it is published, shown afterwards. The employers' app answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apprenticeship.accounts.models import User

from .models import AgreementTemplate
from .models.publishing import BindingVersion


class Audience(TextChoices):
    """Who has to acknowledge or sign again."""

    NOBODY = "nobody", _("Those who have not signed yet")
    ONBOARDING = "onboarding", _("Everybody whose agreement or amendment is not in force yet")
    EVERYBODY = "everybody", _("Everybody, active partners too")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """One employer that a version concerns."""

    name: str
    url: str  # the case at the desk
    state: str
    is_done: bool
    when: str  # who acknowledged or signed, and when; "" while nobody did
    hindered: str  # why it cannot act now; "" if it can


Count = Callable[[BindingVersion, Audience], int]
Progress = Callable[[BindingVersion], Iterable[Concerned]]

_answers: dict[str, Callable[..., Any]] = {}
_previews: "list[TextPreview]" = []


class TextPreview(Protocol):
    """Shows a draft of the agreement's text in the facts of an employer. `key` is one of `choices`."""

    def choices(self) -> list[tuple[str, str]]:
        """Return key and name of every employer whose facts fill the text."""

    def html(self, template: AgreementTemplate, key: str) -> str:
        """Return the text as a page. Raises LookupError for an unknown key."""

    def order_pdf(self, template: AgreementTemplate, key: str, *, by: User) -> Any:
        """Order it as a PDF and return that paper. Raises LookupError for an unknown key."""


def register(*, count: Count, progress: Progress, preview: TextPreview) -> None:
    """Let an app say how many employers a version concerns, which of them are done, and how a text will read."""
    _answers.update(count=count, progress=progress)
    _previews.append(preview)


def text_preview() -> TextPreview:
    """Return what was registered last."""
    return _previews[-1]


def count(version: BindingVersion, audience: Audience) -> int:
    """Return how many employers would have to act if this version were published now for this audience."""
    found: int = _answers["count"](version, audience)
    return found


def progress(version: BindingVersion) -> list[Concerned]:
    """Return every employer that a published version concerns, those who have not acted yet first."""
    found: list[Concerned] = list(_answers["progress"](version))
    return found
