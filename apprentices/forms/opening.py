"""Why a partner opens somebody's details, and what it notes of them."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from apprentices.choices import Mark, Purpose


class PurposeForm(forms.Form):
    """Why somebody's details are opened. They read it."""

    purpose = forms.ChoiceField(
        label=_("What do you want to write to them about?"),
        choices=Purpose.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you want to write about. They are told.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class ProgressForm(forms.Form):
    """How far you are with somebody."""

    mark = forms.ChoiceField(
        label=_("Where you stand"),
        help_text=_("AAMI sees it too; neither the candidate nor other partners do."),
        choices=Mark.choices,
    )
    note = forms.CharField(
        label=_("Private note"),
        help_text=_("Your colleagues alone read it."),
        required=False,
        max_length=2000,
        error_messages={"max_length": _("Use at most %(limit_value)d characters; these are %(show_value)d.")},
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": None}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
