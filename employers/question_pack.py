"""What the eight steps ask, read from their real forms: for people who gather the answers before they begin.

The forms are built for an application in which nothing is entered yet, so a question that is added, reworded or
removed there is so here.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from apprenticeship.documents.orders import order
from apprenticeship.program.models import Program
from apprenticeship.records.models import Status
from employers.application import Application
from employers.forms import (
    FundingPart,
    MentorPart,
    PartForm,
    PositionPart,
    ProfilePart,
    SignatoryPart,
    StandardsPart,
    WagesPart,
)
from employers.lists import LISTS
from employers.models import Employer, Onboarding
from employers.onboarding import STEPS

FORMS: tuple[type[PartForm], ...] = (
    ProfilePart, StandardsPart, PositionPart, FundingPart, MentorPart, WagesPart, SignatoryPart,
)  # fmt: skip
# Controls that ask nothing: the tick that removes a row, and the pattern to fill in a schedule from.
NOT_ASKED = frozenset({"DELETE", "pattern"})
# A longer list, such as the states, is not printed.
MOST_CHOICES = 12


class Blank(Application):
    """An application in which nothing is entered; it reads only what AAMI has configured."""

    def __init__(self) -> None:
        employer = Employer()
        employer._state.adding = False  # else the lists' forms take its key away
        super().__init__(Onboarding(employer=employer))
        self.rows = {name: [] for name in LISTS if name != "programs"}


def pack() -> dict[str, Any]:
    """Return the questions as plain values: steps (number, title, summary) with groups (title, repeats) of questions.

    A question has a label, help and choices. Two queries.
    """
    blank = Blank()
    parts = [form(blank) for form in FORMS]
    steps = []
    for step in STEPS:
        here = [part for part in parts if part.part in step.parts]
        groups = [group for part in here for group in _groups(part)]
        facts = {"number": step.number, "title": str(step.title), "summary": str(step.summary)}
        steps.append(facts | {"groups": groups})
    return {"steps": steps}


def _groups(part: PartForm) -> Iterator[dict[str, Any]]:
    """Yield the questions of each form of a part; those of a list are asked once for every row."""
    for form in part.forms.values():
        is_list = isinstance(form, forms.BaseFormSet)
        noun = str(getattr(form, "noun", "")) or (_("Period") if is_list else "")
        for legend, fields in _fieldsets(form.empty_form if is_list else form):
            questions = [_question(field) for field in fields]
            if questions:
                yield {"title": legend or noun, "repeats": is_list, "questions": questions}


def _fieldsets(form: Any) -> Iterator[tuple[str, list[forms.BoundField]]]:
    """Yield the fields that ask something under the legends of the form's layout, or all under none."""
    helper, fields = getattr(form, "helper", None), {field.name: field for field in asked(form)}
    for fieldset in helper.layout.fields if helper else ():
        names = [pointer.name for pointer in fieldset.get_field_names()]
        yield str(fieldset.legend), [fields.pop(name) for name in names if name in fields]
    yield "", list(fields.values())


def asked(form: Any) -> Iterable[forms.BoundField]:
    """Return the fields of a form that ask something."""
    return [field for field in form.visible_fields() if field.name not in NOT_ASKED]


def _question(bound: forms.BoundField) -> dict[str, Any]:
    listed = getattr(bound.field.widget, "choices", ())
    choices = [str(label) for value, label in listed if value not in ("", None)]
    if isinstance(bound.field.widget, forms.CheckboxInput):
        choices = [_("Yes")]
    if len(choices) > MOST_CHOICES:
        choices = []
    return {"label": str(bound.label), "help": str(bound.help_text), "choices": choices}


def order_current() -> Document:
    """Order the pack as a PDF, unless the one that says the same was ordered before."""
    data = pack()
    earlier = Document.objects.filter(kind=kinds.QUESTION_PACK).exclude(effect_key=effect_of(data)).count()
    return order(
        kinds.QUESTION_PACK, subject=Program.objects.current(), data=data, title=_("What the eight steps ask"),
        version=earlier + 1, effect_key=effect_of(data), by=None,
    )  # fmt: skip


def effect_of(data: dict[str, Any]) -> str:
    """Return what the PDF of these questions is made for."""
    return "question-pack:" + hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def ready(data: dict[str, Any]) -> Document | None:
    """Return the PDF that says exactly this, or None while there is none."""
    found: Document | None = Document.objects.filter(effect_key=effect_of(data), status=Status.DONE).first()
    return found
