"""The interest form."""

import unicodedata
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from apprentices.interest import Answers
from apprentices.models import ConsentText
from apprentices.places import Place, place_of

# Persian and Indic scripts need these two invisible characters.
JOINERS = "\u200c\u200d"


class PersonNameField(forms.CharField):
    """A name in any script: one line, letters in it, nothing invisible."""

    def to_python(self, value: Any) -> str:
        """Return the name with single spaces, in composed form."""
        return " ".join(unicodedata.normalize("NFC", super().to_python(value) or "").split())

    def validate(self, value: Any) -> None:
        """Refuse what cannot be read aloud as a name."""
        super().validate(value)
        if any(not char.isprintable() and char not in JOINERS for char in value):
            raise ValidationError(_("The name holds characters that cannot be seen. Please type it by hand."))
        if value and not any(char.isalpha() for char in value):
            raise ValidationError(_("Write your name with letters."))


class InterestForm(forms.Form):
    """Who somebody is, where, that they are old enough and that they agree."""

    name = PersonNameField(
        label=_("Your name"),
        max_length=120,
        error_messages={
            "required": _("Enter your name."),
            "max_length": _(
                "Enter a name of at most %(limit_value)d characters; this one has %(show_value)d."
            ),
        },
        widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": None}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We send a link there to confirm that it is yours."),
        max_length=254,
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an address like name@example.org."),
            "max_length": _("Enter an address of at most %(limit_value)d characters."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": None}),
    )
    zip_code = forms.CharField(
        label=_("ZIP code"),
        help_text=_("Five digits. It tells us your state and region, so that employers near you find you."),
        max_length=20,
        error_messages={
            "required": _("Enter your ZIP code."),
            "max_length": _("Enter a U.S. ZIP code of five digits, for example 53202."),
        },
        widget=forms.TextInput(
            attrs={
                "autocomplete": "postal-code",
                "inputmode": "numeric",
                "maxlength": None,
                "class": "w-auto",
                "hx-get": reverse_lazy("apprentices:place"),
                "hx-trigger": "input changed delay:300ms",
                "hx-target": "#place",
                "hx-sync": "this:replace",
            }
        ),
    )
    is_of_age = forms.BooleanField()
    is_consenting = forms.BooleanField(
        label=_("I have read this text and agree to it"),
        error_messages={"required": _("Without your agreement we may not keep your data.")},
    )
    consent_version = forms.IntegerField(required=False)  # drawn with the text it belongs to
    # People never see it, programs fill it in.
    leave_empty = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, consent: ConsentText, minimum_age: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consent, self.minimum_age = consent, minimum_age
        age = {"age": minimum_age}
        self.fields["is_of_age"].label = _("I am %(age)d or older") % age
        self.fields["is_of_age"].error_messages["required"] = (
            _("The program takes apprentices who are %(age)d or older. Tick the box if you are.") % age
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "name",
            "email",
            Field("zip_code"),
            HTML("{% include 'apprentices/includes/place.html' %}"),
            "is_of_age",
            HTML("{% include 'apprentices/includes/consent.html' %}"),
            "is_consenting",
            Div("leave_empty", css_class="visually-hidden", aria_hidden="true"),
        )

    def clean_email(self) -> str:
        """Keep the address in lower case; quoted ones may hide control characters and are refused."""
        email = str(self.cleaned_data["email"]).lower()
        if '"' in email or not email.isprintable():
            raise ValidationError(self.fields["email"].error_messages["invalid"])
        return email

    def clean_zip_code(self) -> Place:
        """Return the place of the code."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["zip_code"])
        place = place_of(typed)
        if place is None:
            raise ValidationError(
                _("We don’t know this ZIP code. Enter a U.S. ZIP code of five digits, for example 53202.")
            )
        return place

    def clean(self) -> dict[str, Any]:
        """Ask again what a program filled in, or what was agreed to in an older text."""
        cleaned = super().clean() or {}
        if cleaned.pop("leave_empty", ""):
            self._forget("leave_empty")
            message = _("This looks as if a program had filled it in. Please send it once more.")
            self.add_error(None, message)
        if cleaned.get("is_consenting") and cleaned.get("consent_version") != self.consent.version:
            self._forget("is_consenting")
            message = _("The text changed since you opened this page. Please read it again and tick the box.")
            self.add_error("is_consenting", message)
        return cleaned

    def _forget(self, name: str) -> None:
        """Draw a field empty again."""
        self.data = {key: value for key, value in self.data.items() if key != name}

    @property
    def place(self) -> Place | None:
        """The place of the ZIP code as typed so far, for the page that comes back."""
        return place_of(str(self["zip_code"].value() or ""))

    def answers(self) -> Answers:
        """Return what a valid form says."""
        return Answers(
            name=self.cleaned_data["name"],
            email=self.cleaned_data["email"],
            place=self.cleaned_data["zip_code"],
            asked_age=self.minimum_age,
            consent=self.consent,
        )
