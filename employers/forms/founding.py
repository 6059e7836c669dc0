"""The one question before the first step."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from employers.forms.cleaning import CleanTextMixin


class FoundingForm(CleanTextMixin, forms.Form):
    """The organization's legal name."""

    legal_name = forms.CharField(
        label=_("Your organization's legal name"),
        max_length=150,
        help_text=_("As it stands in contracts. You can change it later."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_legal_name(self) -> str:
        """Keep single spaces only."""
        return " ".join(self.cleaned_data["legal_name"].split())
