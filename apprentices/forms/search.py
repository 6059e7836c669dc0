"""What a partner searches by."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apprentices.choices import Available, Education
from apprentices.distances import has_position
from apprentices.forms.fields import refuse_invisible
from apprentices.places import place_of
from apprentices.search import CIRCLES, Filters
from apprentices.words import MOST, asked, finds_nobody
from apprenticeship.program.regions import REGIONS, STATE_NAMES, region_of
from employers.models import Employer, Site

USUAL_MILES = 50
ANY = ("", _("Any"))
NEAREST, NEWEST = "distance", "newest"


class SearchForm(forms.Form):
    """The filters, as they stand in the address."""

    near = forms.ChoiceField(label=_("Near"), required=False)
    zip_code = forms.CharField(
        label=_("or ZIP code"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": None, "autocomplete": "off"}),
    )
    miles = forms.TypedChoiceField(
        label=_("Within"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(miles, _("%d miles") % miles) for miles in CIRCLES],
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
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = self._described_by(name)

    def _described_by(self, name: str) -> str:
        """Return the ids of what stands at a field: its help, and what a live answer says of it."""
        ids = [f"id_{name}_helptext"] if self.fields[name].help_text else []
        return " ".join([*ids, f"id_{name}_said"])

    def full_clean(self) -> None:
        """Let each field that is wrong be described by its error too."""
        super().full_clean()
        for name in self.errors:
            self.fields[name].widget.attrs["aria-describedby"] = f"{self._described_by(name)} id_{name}_error"

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
        """Refuse what cannot be seen, and what would find everybody or nobody."""
        words = " ".join(str(self.cleaned_data["words"]).split())
        refuse_invisible(words)
        said = asked(words)
        if words and not said:
            raise ValidationError(_("Signs alone find nobody. Type a word, for example “soldering”."))
        if len(said) > MOST:
            raise ValidationError(_("Use at most %(most)d words; all of them must match.") % {"most": MOST})
        if said and finds_nobody(said):
            raise ValidationError(
                _("Such small words stand in almost every text. Type another, for example “soldering”.")
            )
        return words

    @property
    def site(self) -> Site | None:
        """The site that distances are told from; a typed ZIP code goes before it."""
        chosen = "" if self.cleaned_data["zip_code"] else self.cleaned_data["near"]
        return next((site for site in self.sites if str(site.pk) == chosen), None)

    @property
    def filters(self) -> Filters:
        """What a valid form asks for."""
        said, site = self.cleaned_data, self.site
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
        if "zip_code" in asked:
            asked.pop("near", None)
        if "near" in asked or "zip_code" in asked:
            asked |= {name: str(self.data[name]) for name in ("miles", "sort") if self.data.get(name)}
        return asked

    @property
    def notes(self) -> dict[str, str]:
        """What to know at each field of a valid form that counts otherwise than it looks, by the field's name."""
        notes = dict.fromkeys(self.fields, "")
        if self.errors:
            return notes
        said = self.cleaned_data
        if said["near"] and said["zip_code"]:
            notes["near"] = gettext("Does not count: a ZIP code is typed below.")
        if not (said["near"] or said["zip_code"]) and said["miles"] not in (None, USUAL_MILES):
            notes["miles"] = gettext("Choose a site or type a ZIP code too: miles from where?")
        region = region_of(said["state"]) if said["state"] else None
        if said["region"] and said["state"] and (region is None or region.number != said["region"]):
            notes["state"] = gettext("This state is not in the region chosen above, so nobody can match.")
        return notes

    @property
    def remarks(self) -> list[tuple[forms.BoundField, str]]:
        """Every field with its note."""
        notes = self.notes
        return [(field, notes[field.name]) for field in self]

    @property
    def in_words(self) -> list[str]:
        """What a valid form asks for, in the words of the page; nothing asks for everybody."""
        said = self.cleaned_data
        words = [
            self._distance_in_words(),
            gettext("%s region") % self._label("region") if said["region"] else "",
        ]
        words += [self._label("state"), *(self._labeled(name) for name in ("available", "education"))]
        ticks = ("moves", "served", "electronics", "it", "clinical")
        words += [str(self.fields[name].label) for name in ticks if said[name]]
        words.append(f"“{said['words']}”" if said["words"] else "")
        return [text for text in words if text]

    def _distance_in_words(self) -> str:
        filters = self.filters
        if not filters.origin:
            return ""
        place = {"miles": filters.miles, "place": str(self.site or filters.origin)}
        text = gettext("within %(miles)d miles of %(place)s") % place
        return gettext("%s, newest first") % text if filters.newest_first else text

    def _label(self, name: str) -> str:
        """Return the label of what was chosen, "" for nothing."""
        field: Any = self.fields[name]
        chosen = self.cleaned_data[name]
        return "" if chosen in (None, "") else str(dict(field.choices)[chosen])

    def _labeled(self, name: str) -> str:
        label = self._label(name)
        return f"{self.fields[name].label}: {label}" if label else ""
