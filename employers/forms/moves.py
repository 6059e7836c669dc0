"""Reasons for moves, and answers to change requests."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from employers.forms.cleaning import CleanTextMixin, drop_controls
from employers.models import ChangeRequest, FlaggedPart

LONGEST = 2000


class ReasonForm(CleanTextMixin, forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class QuestionForm(ReasonForm):
    """What somebody wants to know or wishes to be changed."""

    reason = forms.CharField(
        label=_("Your question or wish"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )


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
            self.fields[opened(row)] = forms.CharField(
                required=False, initial=row.answer, widget=forms.HiddenInput, strip=False
            )
            drop_controls(self.fields[row.part])
            drop_controls(self.fields[opened(row)])

    def rows(self) -> list[tuple[Any, forms.BoundField]]:
        """Return each flagged part with its field."""
        return [(row, self[row.part]) for row in self.flagged]

    def is_changed(self, row: FlaggedPart) -> bool:
        """Whether this person changed the answer since they opened the page."""
        return bool(self.cleaned_data[row.part] != self.cleaned_data[opened(row)].strip())

    def is_stale(self, row: FlaggedPart) -> bool:
        """Whether a colleague answered meanwhile, and differently."""
        known = (self.cleaned_data[opened(row)].strip(), self.cleaned_data[row.part])
        return self.is_changed(row) and row.answer not in known

    def show_newer(self, row: FlaggedPart) -> None:
        """Keep what was typed, say what a colleague wrote meanwhile, and let the next save be a decision."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed[opened(row)] = row.answer
        message = _("A colleague answered meanwhile: “%(answer)s”. Save again to replace it with yours.")
        self.add_error(row.part, message % {"answer": row.answer})


def opened(row: FlaggedPart) -> str:
    """Return the name of the hidden field with the answer as it was when the page was opened."""
    return f"opened-{row.part}"
