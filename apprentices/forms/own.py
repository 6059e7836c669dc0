"""The answers again, on the candidate's own page, and the question for a lost link."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from apprentices.forms.fields import AddressField
from apprentices.forms.interest import PROFILE, InterestForm
from apprentices.forms.traps import TrapsMixin
from apprentices.models import Candidate, ConsentText


class OwnForm(InterestForm):
    """Everything somebody said, to change it; the text is asked for again only if it changed since."""

    def __init__(self, data: Any, *, candidate: Candidate, consent: ConsentText, minimum_age: int) -> None:
        self.must_agree = candidate.consent_id != consent.pk
        initial = model_to_dict(candidate, ["name", "email", "zip_code", *PROFILE])
        if candidate.new_email:
            initial["email"] = candidate.new_email
        super().__init__(data, initial=initial, consent=consent, minimum_age=minimum_age)
        self.fields["email"].help_text = _("If you change it, we send a link to the new address first.")
        for name in ("is_of_age", *(() if self.must_agree else ("is_consenting", "consent_version"))):
            del self.fields[name]

    def last_part(self) -> list[Any]:
        """Ask for the consent only if the text changed."""
        agree = [HTML("{% include 'apprentices/includes/consent.html' %}"), "is_consenting"]
        return [*(agree if self.must_agree else []), *self.traps()]


class LinkForm(TrapsMixin, forms.Form):
    """Where to send a link that was lost."""

    email = AddressField(label=_("E-mail address"), help_text=_("The one you gave in the interest form."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("email", *self.traps())

    def clean(self) -> dict[str, Any]:
        """Ask again what a program filled in."""
        cleaned = super().clean() or self.cleaned_data
        self.spring()
        return cleaned
