"""Inviting a colleague."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from employers.forms.cleaning import CleanTextMixin
from employers.models import Role


class InviteForm(CleanTextMixin, forms.Form):
    """An address and a role."""

    email = forms.EmailField(label=_("Colleague's e-mail"), max_length=254)
    role = forms.ChoiceField(
        label=_("What they may do"),
        choices=[
            (Role.EDITOR, _("Editor: fills in the steps with you")),
            (Role.VIEWER, _("Viewer: reads everything, changes nothing")),
            (Role.OWNER, _("Owner: also submits, signs and manages people")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
