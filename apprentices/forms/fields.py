"""Fields for what people say about themselves."""

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Persian and Indic scripts need these two invisible characters.
JOINERS = "\u200c\u200d"
CHOOSE = _("Choose")


def one_line(value: Any) -> str:
    """Return text with single spaces, in composed form."""
    return " ".join(unicodedata.normalize("NFC", str(value or "")).split())


def refuse_invisible(value: str) -> None:
    """Raise ValidationError for characters that nobody can see."""
    if any(not char.isprintable() and char not in JOINERS for char in value):
        raise ValidationError(_("This holds characters that cannot be seen. Please type it by hand."))


class LineField(forms.CharField):
    """One line in any script."""

    def to_python(self, value: Any) -> str:
        """Return the text with single spaces, in composed form."""
        return one_line(super().to_python(value))

    def validate(self, value: Any) -> None:
        """Refuse what cannot be seen."""
        super().validate(value)
        refuse_invisible(value)


class PersonNameField(forms.CharField):
    """A name in any script: one line, letters in it, nothing invisible, no HTML."""

    def to_python(self, value: Any) -> str:
        """Return the name with single spaces, in composed form. Raises ValidationError for more than one line."""
        typed = super().to_python(value) or ""
        if len(typed.splitlines()) > 1:
            raise ValidationError(_("Write the name in one line."))
        return one_line(typed)

    def validate(self, value: Any) -> None:
        """Refuse what cannot be read aloud as a name."""
        super().validate(value)
        if any(not char.isprintable() and char not in JOINERS for char in value):
            raise ValidationError(_("The name holds characters that cannot be seen. Please type it by hand."))
        if "<" in value or ">" in value:
            raise ValidationError(_("Write the name without < and >."))
        if value and not any(char.isalpha() for char in value):
            raise ValidationError(_("Write your name with letters."))


class AddressField(forms.EmailField):
    """An e-mail address in lower case; quoted ones may hide control characters and are refused."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an address like name@example.org."),
            "max_length": _("Enter an address of at most %(limit_value)d characters."),
        }
        widget = forms.EmailInput(attrs={"autocomplete": "email", "maxlength": None})
        options: dict[str, Any] = {"max_length": 254, "error_messages": messages, "widget": widget}
        super().__init__(**options | kwargs)

    def clean(self, value: Any) -> str:
        """Return the address, or raise ValidationError."""
        email = str(super().clean(value)).lower()
        if '"' in email or not email.isprintable():
            raise ValidationError(self.error_messages["invalid"])
        return email


def choice(
    choices: type[models.Choices],
    label: "StrOrPromise",
    required: "StrOrPromise" = "",
    *,
    empty: "StrOrPromise" = CHOOSE,
    help_text: "StrOrPromise" = "",
) -> forms.TypedChoiceField:
    """Return a list to choose from; `required` is what to say when nothing was chosen, "" makes it optional."""
    is_number = issubclass(choices, models.IntegerChoices)
    options: Iterable[Any] = choices.choices
    return forms.TypedChoiceField(
        label=label,
        choices=[("", empty), *options],
        coerce=int if is_number else str,
        empty_value=None if is_number else "",
        required=bool(required),
        help_text=help_text,
        error_messages={"required": required, "invalid_choice": _("Choose one of the answers.")},
    )
