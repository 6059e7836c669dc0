"""Asking for a preview link."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from employers.forms.cleaning import CleanTextMixin


class PreviewForm(CleanTextMixin, forms.Form):
    """For whom it is; `form_key` tells a form that is sent twice."""

    label = forms.CharField(
        label=_("Whom is it for?"),
        max_length=60,
        help_text=_("Such as “Legal” or “Human Resources”. Only your colleagues here read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].error_messages["required"] = _("Open this page again, then make the link.")
