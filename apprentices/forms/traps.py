"""What programs stumble over and people never notice: a field nobody sees, and the time it takes to fill in."""

import time
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

SALT = "apprentices.opened"
FASTEST = 3  # seconds; nobody reads and fills in the form faster
LONGEST = 7 * 24 * 3600  # seconds; a tab may stay open over a weekend


def stamp(age: float = 0) -> str:
    """Return the signed moment when a form was opened, `age` seconds ago."""
    return signing.dumps(int(time.time() - age), salt=SALT)


class TrapsMixin(forms.Form):
    """A form that asks again when it looks as if a program had filled it in."""

    # People never see it, programs fill it in.
    leave_empty = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened"] = stamp()

    @staticmethod
    def traps() -> list[Any]:
        """Return what the form's layout ends with: the moment, and the field that only programs see."""
        return ["opened", Div("leave_empty", css_class="visually-hidden", aria_hidden="true")]

    def spring(self) -> None:
        """Add an error, and empty the trap, if one was stepped into."""
        filled = bool(self.cleaned_data.pop("leave_empty", ""))
        if filled:
            self.forget("leave_empty")
        is_fast = not self._took_time(self.cleaned_data.pop("opened", ""))
        # Beside other errors it would only be noise: the form is sent again anyway.
        if (filled or is_fast) and not self.errors:
            message = _("That was very fast. Everything you typed is here. Please send it once more.")
            self.add_error(None, message)

    def _took_time(self, opened: str) -> bool:
        """Tell whether the form was open for some seconds; one without a good stamp gets a new one."""
        try:
            age = time.time() - float(signing.loads(opened, salt=SALT))
        except (signing.BadSignature, TypeError, ValueError):
            age = -1.0
        if not 0 <= age <= LONGEST:
            self.forget("opened")
            self.data = {**self.data, "opened": stamp()}  # a plain dict by now
        return FASTEST <= age <= LONGEST

    def forget(self, name: str) -> None:
        """Draw a field empty again."""
        self.data = {key: value for key, value in self.data.items() if key != name}
