"""What sign-up asks beyond an address and a password."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apprenticeship.accounts.models import User


class SignupForm(forms.Form):
    """The name, as it will stand in letters and in the record."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request: Any, user: User) -> None:
        """Keep the name on the new account."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
