"""What every form of the portal does to typed text."""

import unicodedata
from collections.abc import Iterator
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

KEPT_CONTROLS = "\n\t"


def without_controls(text: str) -> str:
    """Return the text without the invisible control characters that pasting brings along."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char for char in text if char in KEPT_CONTROLS or unicodedata.category(char) not in ("Cc", "Cs")
    )


def typed_text(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Return label and text of every field somebody typed into, for an act that came too late."""
    rows = ((field.label, field.value()) for field in form.visible_fields())
    return [(str(label), str(value)) for label, value in rows if value and isinstance(value, str)]


class CleanTextMixin:
    """A form that drops what nobody can see to remove."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            drop_controls(field)


class DraftMixin(CleanTextMixin):
    """A form that takes gaps: nothing is required, what is there is checked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        prepare_choices(type(self))
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            if isinstance(field, forms.DecimalField):
                _refuse_endless(field)


class PreparedChoices(BaseChoiceIterator):
    """A list's options, read once a process and language.

    The list of states sorts and translates itself at every reading, and every form copies its fields' options.
    """

    def __init__(self, choices: Any) -> None:
        self.choices = choices
        self.read: dict[str | None, list[tuple[Any, str]]] = {}

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        language = get_language()
        if language not in self.read:
            self.read[language] = [
                (value, str(label if value else _("Choose"))) for value, label in self.choices
            ]
        return iter(self.read[language])

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self


def prepare_choices(form: Any) -> None:
    """Let the lists of a form's class offer prepared options; they are prepared once."""
    for field in form.base_fields.values():
        if isinstance(field, forms.TypedChoiceField) and not isinstance(field.choices, PreparedChoices):
            field.choices = PreparedChoices(field.choices)


def drop_controls(field: forms.Field) -> None:
    """Let a field for text drop invisible control characters before it is checked."""
    if not isinstance(field, forms.CharField) or isinstance(field.widget, forms.HiddenInput):
        return
    original = field.to_python

    def to_python(value: Any) -> Any:
        return original(without_controls(value) if isinstance(value, str) else value)

    field.to_python = to_python  # type: ignore[method-assign]


def finite(field: forms.Field, amount: Any) -> Any:
    """Return an amount that can be compared. Raises ValidationError for NaN and infinity."""
    if amount is not None and not amount.is_finite():
        raise ValidationError(field.error_messages["invalid"], code="invalid")
    return amount


def _refuse_endless(field: forms.DecimalField) -> None:
    original = field.to_python
    field.to_python = lambda value: finite(field, original(value))  # type: ignore[method-assign]
