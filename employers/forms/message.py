"""What somebody writes to the other side, with the id that keeps it from being sent twice."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from employers.forms.cleaning import CleanTextMixin

LONGEST = 4000


class TextForm(CleanTextMixin, forms.Form):
    """One text. `key` is made with the form and comes back with it; `prefix` tells two on one page apart."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your message"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any = None, *, label: Any = None, prefix: str | None = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()}, label_suffix="", auto_id="%s", prefix=prefix)
        if label is not None:
            self.fields["text"].label = label
