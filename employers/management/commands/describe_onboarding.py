"""Write docs/onboarding.md from the tables of steps and moves."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from employers.onboarding import EDGES, STEPS, State, turn_of

PATH = settings.BASE_DIR / "docs" / "onboarding.md"


class Command(BaseCommand):
    """Bring the page up to date; a test compares it."""

    help = "Write docs/onboarding.md from the tables of steps and moves."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page."""
        PATH.write_text(described())
        self.stdout.write(f"Wrote {PATH.relative_to(settings.BASE_DIR)}")


def described() -> str:
    """Return the page: steps, moves and a diagram of the states."""
    return "\n".join([*_head(), *_steps(), *_moves(), *_diagram()])


def _head() -> Iterator[str]:
    yield "# Steps and moves of an onboarding"
    yield ""
    yield "Written by `manage.py describe_onboarding` from `employers/onboarding.py`; change it there."
    yield ""


def _steps() -> Iterator[str]:
    yield "| step | page | states and whose turn it is |"
    yield "| --- | --- | --- |"
    for step in STEPS:
        states = ", ".join(f"`{state}` ({turn_of(state).value})" for state in step.states)
        yield f"| {step.number} {step.title} | `/onboarding/{step.slug}/` | {states} |"
    yield ""


def _moves() -> Iterator[str]:
    yield "| move | from | to | who | must be complete | mail |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for edge in EDGES:
        sources = ", ".join(f"`{state}`" for state in edge.sources)
        parts = "everything" if len(edge.completes) > 2 else ", ".join(edge.completes)
        mails = ", ".join(name for name in (edge.email, edge.staff_email) if name)
        yield f"| `{edge.name}` | {sources} | `{edge.target}` | {edge.actor.value} | {parts or '–'} | {mails or '–'} |"
    yield ""


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {State.GET_STARTED}"
    for edge in EDGES:
        for source in edge.sources:
            yield f"    {source} --> {edge.target}: {edge.name}"
    yield "```"
    yield ""
