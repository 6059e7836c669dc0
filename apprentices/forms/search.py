"""What a partner searches by."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apprentices.choices import Available, Education
from apprentices.distances import has_position
from apprentices.forms.fields import refuse_invisible
from apprentices.places import place_of
from apprentices.search import Filters
from apprenticeship.program.regions import REGIONS, STATE_NAMES
from employers.models import Employer, Site

USUAL_MILES = 50
MILES = (10, 25, 50, 100, 250)
ANY = ("", _("Any"))
NEAREST, NEWEST = "distance", "newest"


class SearchForm(forms.Form):
    """The filters, as they stand in the address."""

    near = forms.ChoiceField(label=_("Near"), required=False)
    zip_code = forms.CharField(
        label=_("or near a ZIP code"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": None, "autocomplete": "off"}),
    )
    miles = forms.TypedChoiceField(
        label=_("Within"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(miles, _("%d miles") % miles) for miles in MILES],
    )
    region = forms.TypedChoiceField(
        label=_("Region of the Office of Apprenticeship"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[ANY, *((region.number, region.name) for region in REGIONS)],
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *STATE_NAMES.items()])
    available = forms.TypedChoiceField(
        label=_("Could start"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Any time")), *(row for row in Available.choices if row[0] != Available.LATER)],
    )
    education = forms.TypedChoiceField(
        label=_("Education, at least"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[ANY, *(row for row in Education.choices if row[0] != Education.SCHOOL)],
    )
    moves = forms.BooleanField(label=_("Would move"), required=False)
    served = forms.BooleanField(label=_("Has served or serves in the military"), required=False)
    electronics = forms.BooleanField(label=_("Knows electronics"), required=False)
    it = forms.BooleanField(label=_("Knows IT"), required=False)
    clinical = forms.BooleanField(label=_("Knows clinical settings"), required=False)
    words = forms.CharField(
        label=_("Words about their experience"),
        required=False,
        max_length=100,
        error_messages={"max_length": _("Use at most %(limit_value)d characters; these are %(show_value)d.")},
        widget=forms.TextInput(attrs={"maxlength": None, "autocomplete": "off", "type": "search"}),
    )
    sort = forms.ChoiceField(
        label=_("Sorted by"),
        help_text=_("Distance needs a place; without one the newest come first."),
        required=False,
        choices=[(NEAREST, _("Distance")), (NEWEST, _("Newest first"))],
    )

    def __init__(self, data: Any, *, employer: Employer) -> None:
        super().__init__({"miles": f"{USUAL_MILES}"} | {name: value for name, value in data.items() if value})
        self.sites: list[Site] = [site for site in employer.sites.all() if has_position(site.zip_code[:5])]
        near: Any = self.fields["near"]
        near.choices = [("", _("Anywhere")), *((str(site.pk), str(site)) for site in self.sites)]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_zip_code(self) -> str:
        """Return the five digits of a code that has a place on the map."""
        typed = self.cleaned_data["zip_code"]
        if not typed:
            return ""
        place = place_of(typed)
        if place is None:
            raise ValidationError(
                _("We don’t know this ZIP code. Enter a U.S. ZIP code of five digits, for example 53202.")
            )
        if not has_position(place.zip_code):
            raise ValidationError(_("This ZIP code has no place on the map, so no distance can be told."))
        return place.zip_code

    def clean_words(self) -> str:
        """Refuse what cannot be seen."""
        words = " ".join(str(self.cleaned_data["words"]).split())
        refuse_invisible(words)
        return words

    @property
    def filters(self) -> Filters:
        """What a valid form asks for; a typed ZIP code goes before a chosen site."""
        said = self.cleaned_data
        site = next((site for site in self.sites if str(site.pk) == said["near"]), None)
        names = ("region", "state", "available", "moves", "education", "served", "electronics", "it", "clinical",
                 "words")  # fmt: skip
        return Filters(
            origin=said["zip_code"] or (site.zip_code[:5] if site else ""),
            miles=said["miles"] or USUAL_MILES,
            newest_first=said["sort"] == NEWEST,
            **{name: said[name] for name in names},
        )

    @property
    def query(self) -> dict[str, str]:
        """The filters that ask for something, as the address says them."""
        names = (name for name in self.fields if name not in ("miles", "sort"))
        said = {name: str(self.data.get(name, "")) for name in names}
        asked = {name: value for name, value in said.items() if value}
        if "near" in asked or "zip_code" in asked:
            asked |= {name: str(self.data[name]) for name in ("miles", "sort") if self.data.get(name)}
        return asked
