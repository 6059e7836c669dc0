"""Step 1: the organization and its sites."""

from typing import Any

import zipcodes
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from localflavor.us.us_states import USPS_CHOICES

from employers.amended import EMPLOYER_PRINTS, SITE_PRINTS
from employers.forms.cleaning import DraftMixin
from employers.forms.part import PartForm
from employers.forms.rows import rows_of
from employers.models import Employer, Onboarding, Site
from employers.onboarding import Part

STATE_NAMES = dict(USPS_CHOICES)


def place_of(zip_code: str) -> dict[str, Any] | None:
    """Return the place a five-digit ZIP belongs to (city, state, county, timezone), or None."""
    found = zipcodes.matching(zip_code[:5]) if zip_code else []
    return found[0] if found else None


class AddressMixin:
    """A ZIP code that exists and lies in the state."""

    cleaned_data: dict[str, Any]

    def clean(self) -> dict[str, Any]:
        """Check the ZIP against the state."""
        cleaned: dict[str, Any] = super().clean()  # type: ignore[misc]
        zip_code, state = cleaned.get("zip_code"), cleaned.get("state")
        if not zip_code:
            return cleaned
        place = place_of(zip_code)
        if place is None:
            error = ValidationError(_("There is no ZIP code %(zip)s. Check the digits.") % {"zip": zip_code})
            self.add_error("zip_code", error)  # type: ignore[attr-defined]
        elif state and place["state"] != state:
            facts = {
                "zip": zip_code,
                "there": STATE_NAMES.get(place["state"], place["state"]),
                "state": STATE_NAMES.get(state, state),
            }
            message = (
                _("%(zip)s is a ZIP code in %(there)s, not in %(state)s. Change one of the two.") % facts
            )
            self.add_error("zip_code", ValidationError(message))  # type: ignore[attr-defined]
        return cleaned


class EmployerForm(DraftMixin, AddressMixin, forms.ModelForm):
    """The organization, its contact and its complaint contact."""

    class Meta:
        model = Employer
        fields = (  # in the order of the page, as the error summary names them
            "legal_name", "dba_name", "kind", "ein", "naics",
            "street", "city", "zip_code", "county", "state",
            "contact_name", "contact_title", "contact_email", "contact_phone",
            "complaint_name", "complaint_phone", "complaint_email", "complaint_address",
            "follows_selection_procedure",
        )  # fmt: skip
        help_texts = {
            "legal_name": gettext_lazy("As it stands in contracts. The agreement prints it."),
            "dba_name": gettext_lazy("If people know you by another name. Optional."),
            "ein": gettext_lazy("Nine digits, like 12-3456789. Optional."),
            "naics": gettext_lazy("Hospitals: 622110. Optional."),
            "complaint_address": gettext_lazy("Street, city, state and ZIP."),
        }
        labels = {  # the model's own are short, and two people on this page have an e-mail address or a phone
            "contact_title": gettext_lazy("Contact person’s title"),
            "contact_email": gettext_lazy("Contact person’s e-mail"),
            "contact_phone": gettext_lazy("Contact person’s phone"),
            "complaint_phone": gettext_lazy("Complaint contact’s phone"),
            "complaint_email": gettext_lazy("Complaint contact’s e-mail"),
            "complaint_address": gettext_lazy("Complaint contact’s address"),
            "follows_selection_procedure": gettext_lazy(
                "We will select apprentices by the program's selection procedure: uniform, job-related and fair to all."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(_organization(), _address(), _contact(), _complaints())


def _organization() -> Fieldset:
    return Fieldset(
        _("Your organization"),
        Row(Column("legal_name", css_class="col-md-7"), Column("dba_name", css_class="col-md-5")),
        Row(
            Column("kind", css_class="col-md-5"),
            Column("ein", css_class="col-sm-6 col-md-4"),
            Column("naics", css_class="col-sm-6 col-md-3"),
        ),
    )


def _address() -> Fieldset:
    return Fieldset(
        _("Principal address"),
        "street",
        Row(
            Column("city", css_class="col-sm-6"),
            Column("zip_code", css_class="col-6 col-sm-3"),
            Column("county", css_class="col-6 col-sm-3"),
        ),
        Row(Column("state", css_class="col-sm-6")),
    )


def _contact() -> Fieldset:
    return Fieldset(
        _("Contact for AAMI"),
        _pair("contact_name", "contact_title"),
        _pair("contact_email", "contact_phone"),
    )


def _complaints() -> Fieldset:
    return Fieldset(
        _("Whom an apprentice can complain to"),
        HTML(_why_complaints()),
        _pair("complaint_name", "complaint_phone"),
        "complaint_email",
        "complaint_address",
        "follows_selection_procedure",
    )


def _pair(left: str, right: str) -> Row:
    """Two fields beside each other, where there is room."""
    return Row(Column(left, css_class="col-sm-6"), Column(right, css_class="col-sm-6"))


def _why_complaints() -> str:
    text = _("Federal rules ask every program to name a person: name, address, phone and e-mail.")
    rule = '<a href="https://www.ecfr.gov/current/title-29/section-29.5">29 CFR 29.5(b)(22)</a>'
    return f'<p class="why">{text} {rule}</p>'


class SiteForm(DraftMixin, AddressMixin, forms.ModelForm):
    """One site where apprentices train."""

    class Meta:
        model = Site
        fields = (
            "name", "journeyworkers", "street", "city", "zip_code", "state", "gi_bill", "gi_bill_facility_code",
            "health_care_group", "local_minimum_wage",
        )  # fmt: skip
        help_texts = {
            "journeyworkers": gettext_lazy("Fully qualified technicians who work here."),
            "gi_bill_facility_code": gettext_lazy("If the site is approved."),
            "health_care_group": gettext_lazy(
                "Only for sites in California: decides which minimum wage applies."
            ),
            "local_minimum_wage": gettext_lazy("Dollars per hour, if the city or county has a higher one."),
        }

    @property
    def may_be_in_california(self) -> bool:
        """Whether the health-care group has to be asked: only California has these groups."""
        return self["state"].value() in (None, "", "CA")

    def save(self, commit: bool = True) -> Site:
        """Keep the time zone of the ZIP with the site."""
        place = place_of(self.cleaned_data.get("zip_code") or "")
        self.instance.time_zone = place["timezone"] if place else ""
        if self.instance.state != "CA":
            self.instance.health_care_group = ""
        if self.instance.gi_bill != Site.Approval.YES:
            self.instance.gi_bill_facility_code = ""
        saved: Site = super().save(commit)
        return saved


class LivingSiteForm(SiteForm):
    """One site of a partner: what the agreement prints is shown and not changed here, whatever is posted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fix(self, SITE_PRINTS)


def fix(form: forms.Form | forms.ModelForm, names: tuple[str, ...]) -> None:
    """Let fields keep the value that is stored."""
    for name in names:
        form.fields[name].disabled = True


SiteFormSet = rows_of(Site, SiteForm, gettext_lazy("Site"))
# A site comes and goes by an amendment.
LivingSiteFormSet = rows_of(Site, LivingSiteForm, gettext_lazy("Site"), is_fixed=True)


class ProfilePart(PartForm):
    """The organization and its sites."""

    part = Part.PROFILE
    template = "employers/steps/get-started.html"

    def build(self) -> dict[str, Any]:
        """Return the organization's form and one form a site; a first, empty site if there is none."""
        is_living = self.application.is_living
        sites = (LivingSiteFormSet if is_living else SiteFormSet)(
            self.data,
            instance=self.application.employer,
            prefix="sites",
            rows=self.application.sites,
        )
        employer = EmployerForm(self.data, instance=self.application.employer)
        if is_living:
            fix(employer, EMPLOYER_PRINTS)
        return {"employer": employer, "sites": sites}

    def store(self, onboarding: Onboarding) -> None:
        """Save the organization and its sites."""
        self.forms["employer"].save()
        self.forms["sites"].save()
