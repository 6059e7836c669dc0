"""Reasons for moves, and answers to change requests."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from employers.forms.cleaning import CleanTextMixin, drop_controls
from employers.models import ChangeRequest

LONGEST = 2000


class ReasonForm(CleanTextMixin, forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class AnswersForm(forms.Form):
    """One answer to each flagged part; gaps are fine until the application goes back."""

    def __init__(self, request: ChangeRequest | None, data: Any = None) -> None:
        super().__init__(data, auto_id="answer-%s")
        self.flagged = list(request.flagged_parts.all()) if request else []
        for row in self.flagged:
            self.fields[row.part] = forms.CharField(
                label=_("What you changed or want to say"),
                required=False,
                max_length=LONGEST,
                initial=row.answer,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            drop_controls(self.fields[row.part])

    def rows(self) -> list[tuple[Any, forms.BoundField]]:
        """Return each flagged part with its field."""
        return [(row, self[row.part]) for row in self.flagged]
