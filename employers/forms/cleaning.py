"""What every form of the portal does to typed text."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

KEPT_CONTROLS = "\n\t"


def without_controls(text: str) -> str:
    """Return the text without the invisible control characters that pasting brings along."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char for char in text if char in KEPT_CONTROLS or unicodedata.category(char) not in ("Cc", "Cs")
    )


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
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = False
            if isinstance(field, forms.DecimalField):
                _refuse_endless(field)
            if isinstance(field, forms.TypedChoiceField):
                field.choices = _options(type(self), name, field)


_prepared: dict[tuple[type, str], list[Any]] = {}


def _options(form: type, name: str, field: forms.TypedChoiceField) -> list[Any]:
    """Return a list's options, prepared once a process: the list of states sorts itself at every reading."""
    if (form, name) not in _prepared:
        options: Any = field.choices
        _prepared[form, name] = [(value, label if value else _("Choose")) for value, label in options]
    return _prepared[form, name]


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
