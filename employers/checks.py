"""`manage.py check` names what a new step or move still lacks."""

from collections.abc import Iterator
from typing import Any

from django.core import checks
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from employers.onboarding import EDGES, STEPS, State

MAIL_PARTS = ("subject.txt", "body.txt", "body.html")


def register_checks() -> None:
    """Register the comparison of tables, methods, pages and mail templates."""
    checks.register(check_tables)


def check_tables(**kwargs: Any) -> list[checks.CheckMessage]:
    """Compare EDGES and STEPS with methods, states, pages and mail templates."""
    problems = [*_methods(), *_pages(), *_mails(), *_states(), *_effects()]
    return [checks.Error(text, id=f"employers.E{number:03}") for number, text in enumerate(problems, 1)]


def _methods() -> Iterator[str]:
    from employers.models import Onboarding  # noqa: PLC0415 - models are not loaded yet when checks are registered

    for edge in EDGES:
        method = getattr(Onboarding, edge.name, None)
        if not hasattr(method, "_django_fsm"):
            yield f"EDGES lists {edge.name!r}, but Onboarding has no such transition."


def _pages() -> Iterator[str]:
    for step in STEPS:
        if not _exists(f"employers/steps/{step.slug}.html"):
            yield f"Step {step.number} has no page templates/employers/steps/{step.slug}.html."


def _mails() -> Iterator[str]:
    names = {name for edge in EDGES for name in (edge.email, edge.staff_email) if name}
    for name in sorted(names):
        for part in MAIL_PARTS:
            if not _exists(f"emails/{name}_{part}"):
                yield f"Mail {name!r} has no template emails/{name}_{part}."


def _states() -> Iterator[str]:
    reached = {edge.target for edge in EDGES} | {State.GET_STARTED}
    for state in State:
        if state not in reached:
            yield f"No move leads to the state {state.value!r}."
    slugs = [step.slug for step in STEPS]
    if len(set(slugs)) != len(slugs):
        yield "Two steps share a slug."


def _effects() -> Iterator[str]:
    from employers import effects  # noqa: PLC0415 - it needs models

    for name in sorted(effects.EFFECTS.keys() - {edge.name for edge in EDGES}):
        yield f"An effect is listed for {name!r}, which is no move."


def _exists(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True
