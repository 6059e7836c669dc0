"""One part of the application on one page: a form, lists of rows, and what happens to both when they are saved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from employers.application import Application
from employers.models import Membership, Onboarding
from employers.onboarding import Part

ADD = "add"
MOST_ROWS = 60


def number_in(sent: Any) -> int | None:
    """Return the whole number that a browser sent along with a form, or None if it is not one below a billion."""
    text = str(sent)
    return int(text) if text.isdecimal() and len(text) < 10 else None


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary: what is wrong and the field it is about."""

    anchor: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two people filled in differently."""

    label: str
    yours: str
    newer: str


class PartForm:
    """The forms of one part. Subclasses name the part, its template, the lists that its page reads, and its forms."""

    part: ClassVar[Part]
    template: ClassVar[str]
    reads: ClassVar[tuple[str, ...]] = ()
    user: Any = None

    def __init__(self, application: Application, data: QueryDict | None = None) -> None:
        self.application = application
        self.data = self._with_added_row(data) if data is not None else None

    def build(self) -> dict[str, Any]:
        """Return the form and formsets by the name the template uses."""
        raise NotImplementedError

    def context(self, membership: Membership) -> dict[str, Any]:
        """Return what the part's page shows beside the forms."""
        return {}

    def store(self, onboarding: Onboarding) -> None:
        """Save valid answers. Runs in the transaction of the save, with the onboarding locked."""
        raise NotImplementedError

    @cached_property
    def forms(self) -> dict[str, Any]:
        """The form and formsets, built once."""
        return self.build()

    @property
    def opened_version(self) -> int:
        """The version of the part that the visitor saw when the form was opened."""
        sent = number_in(self.data.get("version", "")) if self.data is not None else None
        return -1 if sent is None else sent

    @property
    def version(self) -> int:
        """The version to send along with the form."""
        row = self.application.versions.get(self.part)
        return row.version if row else 0

    def is_valid(self) -> bool:
        """Whether everything typed can be stored; gaps are fine."""
        answers = [form.is_valid() for form in self.forms.values()]  # every form says what is wrong with it
        return all(answers)

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong, in the order of the page."""
        for form in self.forms.values():
            rows = form.forms if isinstance(form, forms.BaseFormSet) else [form]
            if isinstance(form, forms.BaseFormSet):
                yield from (Problem("", "", str(message)) for message in form.non_form_errors())
            for index, row in enumerate(rows):
                yield from _problems_in(row, _where(form, index))

    def differences(self, newer: "PartForm") -> list[Difference]:
        """Return the fields in which the typed text differs from what is stored now."""
        return list(_differences(self, newer))

    def _with_added_row(self, data: QueryDict) -> QueryDict:
        """Return the posted fields with one more empty row, if "add a row" was pressed."""
        prefix = data.get(ADD, "")
        key = f"{prefix}-TOTAL_FORMS"
        total = number_in(data.get(key, ""))
        if not prefix or total is None:
            return data
        data = data.copy()
        data[key] = str(min(total + 1, MOST_ROWS))
        return data


def _where(form: Any, index: int) -> str:
    """Return how a message names the row that it is about: "Site 2: ", or "" where there is one form only."""
    noun = getattr(form, "noun", "")
    return f"{noun} {index + 1}: " if noun else ""


def _problems_in(form: forms.BaseForm, where: str) -> Iterator[Problem]:
    for bound in form:
        for message in form.errors.get(bound.name, ()):
            yield Problem(bound.id_for_label, f"{where}{bound.label}", str(message))
    for message in form.non_field_errors():
        yield Problem("", where, str(message))


def _rows(part: PartForm) -> Iterator[tuple[str, int, forms.BaseForm]]:
    for name, form in part.forms.items():
        rows = form.forms if isinstance(form, forms.BaseFormSet) else [form]
        yield from ((name, index, row) for index, row in enumerate(rows))


def _differences(typed: PartForm, newer: PartForm) -> Iterator[Difference]:
    stored = {(name, index): row for name, index, row in _rows(newer)}
    for name, index, row in _rows(typed):
        for bound in row.visible_fields():
            other = stored.get((name, index))
            theirs = other[bound.name] if other and bound.name in other.fields else None
            yours, newer_text = _shown(bound), _shown(theirs) if theirs else ""
            # 40 and 40.0 look different and are not.
            is_same = theirs is not None and not bound.field.has_changed(theirs.value(), bound.data)
            if yours != newer_text and not is_same:
                label = f"{_where(typed.forms[name], index)}{bound.label}"
                yield Difference(label, yours, newer_text)


def _shown(bound: forms.BoundField) -> str:
    """Return a field's value as the page shows it: the chosen label for a list, yes or nothing for a tick."""
    value = bound.value()
    choices = getattr(bound.field.widget, "choices", None)
    if choices is not None:
        labels = {str(key): label for key, label in choices}
        return "" if value in (None, "") else str(labels.get(str(value), ""))
    if isinstance(bound.field, forms.BooleanField):
        return "✓" if value and value != "False" else ""
    return "" if value is None else str(bound.field.prepare_value(value))
