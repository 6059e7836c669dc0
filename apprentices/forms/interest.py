"""The interest form."""

import unicodedata
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Field, Fieldset, Layout, LayoutObject, Row
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from apprentices.choices import Available, Education, Heard, Moving, Service, Travel, Work
from apprentices.forms.fields import AddressField, LineField, PersonNameField, choice, refuse_invisible
from apprentices.forms.traps import TrapsMixin
from apprentices.interest import Answers, Profile
from apprentices.models import ConsentText
from apprentices.places import Place, place_of
from employers.models.employer import PHONE

PROFILE = tuple(Profile.__dataclass_fields__)


class InterestForm(TrapsMixin, forms.Form):
    """Who somebody is, where, what they bring, that they are old enough and that they agree."""

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
    email = AddressField(
        label=_("E-mail address"), help_text=_("We send a link there to confirm that it is yours.")
    )
    phone = LineField(
        label=_("Phone (optional)"),
        required=False,
        max_length=40,
        validators=[PHONE],
        error_messages={"max_length": _("Enter a phone number of at most %(limit_value)d characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "maxlength": None}),
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
    travel = choice(Travel, _("How far would you travel to work?"), _("Choose how far you would travel."))
    moving = choice(Moving, _("Would you move for it?"), _("Choose whether you would move."))
    available = choice(Available, _("When could you start?"), _("Choose when you could start."))
    education = choice(Education, _("Highest education so far"), _("Choose your education so far."))
    knows_electronics = forms.BooleanField(label=_("Electronics or repair, also as a hobby"), required=False)
    knows_it = forms.BooleanField(label=_("Computers, networks or IT support"), required=False)
    knows_clinical = forms.BooleanField(
        label=_("Work in a hospital, clinic or other care setting"), required=False
    )
    about = forms.CharField(
        label=_("Experience in your own words (optional)"),
        help_text=_(
            "Employers can search for these words, but read them only when they open your details. "
            "Leave names, addresses and health out."
        ),
        required=False,
        max_length=600,
        error_messages={"max_length": _("Use at most %(limit_value)d characters; these are %(show_value)d.")},
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": None}),
    )
    service = choice(
        Service,
        _("Did you serve in the military? (optional)"),
        empty=_("I’d rather not say"),
        help_text=_("The GI Bill may pay you on top of your wage while you train."),
    )
    work = choice(Work, _("Do you work in this field now? (optional)"), empty=_("I’d rather not say"))
    current_employer = LineField(
        label=_("Where do you work now? (optional)"),
        required=False,
        max_length=120,
        error_messages={"max_length": _("Use at most %(limit_value)d characters; these are %(show_value)d.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization", "maxlength": None}),
    )
    heard_from = choice(Heard, _("How did you hear of the program? (optional)"))
    wants_openings = forms.BooleanField(
        label=_("Write to me when a partner employer within my reach opens positions"), required=False
    )
    is_of_age = forms.BooleanField()
    is_consenting = forms.BooleanField(
        label=_("I have read this text and agree to it"),
        error_messages={"required": _("Without your agreement we may not keep your data.")},
    )
    consent_version = forms.IntegerField(required=False)  # drawn with the text it belongs to

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
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*_about_you(), *_about_work(), *self.last_part())

    def last_part(self) -> list[Any]:
        """Return what is asked after everything else."""
        return [
            "is_of_age",
            HTML("{% include 'apprentices/includes/consent.html' %}"),
            "is_consenting",
            *self.traps(),
        ]

    def clean_zip_code(self) -> Place:
        """Return the place of the code."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["zip_code"])
        place = place_of(typed)
        if place is None:
            raise ValidationError(
                _("We don’t know this ZIP code. Enter a U.S. ZIP code of five digits, for example 53202.")
            )
        return place

    def clean_about(self) -> str:
        """Keep line breaks, refuse what cannot be seen."""
        lines = [" ".join(line.split()) for line in self.cleaned_data["about"].splitlines()]
        for line in lines:
            refuse_invisible(line)
        return unicodedata.normalize("NFC", "\n".join(lines).strip())

    def clean(self) -> dict[str, Any]:
        """Ask again what a program filled in, or what was agreed to in an older text."""
        cleaned = super().clean() or self.cleaned_data
        self.spring()
        if cleaned.get("is_consenting") and cleaned.get("consent_version") != self.consent.version:
            self.forget("is_consenting")
            message = _("The text changed since you opened this page. Please read it again and tick the box.")
            self.add_error("is_consenting", message)
        return cleaned

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
            profile=Profile(**{name: self.cleaned_data[name] for name in PROFILE}),
        )


def _pair(left: str, right: str) -> LayoutObject:
    """Return two fields side by side."""
    return Row(Column(left, css_class="col-sm-6"), Column(right, css_class="col-sm-6"))


def _about_you() -> tuple[LayoutObject, ...]:
    return (
        Fieldset(_("You"), "name", Row(Column("email", css_class="col-sm-7"), Column("phone", css_class="col-sm-5"))),
        Fieldset(
            _("Where, and when"),
            Field("zip_code"),
            HTML("{% include 'apprentices/includes/place.html' %}"),
            _pair("travel", "moving"),
            Row(Column("available", css_class="col-sm-6")),
            "wants_openings",
        ),
    )  # fmt: skip


def _about_work() -> tuple[LayoutObject, ...]:
    return (
        Fieldset(
            _("What you bring"),
            "education",
            "service",
            Fieldset(
                _("Experience with (tick all that apply)"),
                "knows_electronics",
                "knows_it",
                "knows_clinical",
                css_class="plain",
            ),
            "about",
        ),
        Fieldset(
            _("Your work now"),
            "work",
            "current_employer",
            HTML("{% include 'apprentices/includes/fast_track.html' %}"),
            "heard_from",
        ),
    )  # fmt: skip
