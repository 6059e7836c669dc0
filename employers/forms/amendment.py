"""The parts of an amendment: the forms of the steps, kept in the amendment instead of the live rows."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from employers.amended import EMPLOYER_PRINTS, REPRESENTATIVE, Amended, site_as_data
from employers.forms.cleaning import DraftMixin
from employers.forms.part import MOST_ROWS, PartForm
from employers.forms.profile import AddressMixin, SiteForm
from employers.forms.signatory import SignatoryForm
from employers.forms.standards import StandardsPart
from employers.forms.wages import WagesPart
from employers.models import Employer, Membership, Site, WageSchedule
from employers.onboarding import Part
from employers.wages.schedule import Schedule


class AmendmentPart(PartForm):
    """One part of an amendment. Subclasses say how it is kept in the draft."""

    part = Part.AGREEMENT
    slug = ""
    application: Amended

    @property
    def version(self) -> int:
        """The version to send along: the amendment's, of which all parts are saved together."""
        return int(self.application.amendment.version)

    def keep(self, case: Amended) -> None:
        """Put valid answers into the amendment, which is locked and saved by the caller."""
        raise NotImplementedError


class PartiesForm(DraftMixin, AddressMixin, forms.ModelForm):
    """What the agreement prints of the organization."""

    class Meta:
        model = Employer
        fields = EMPLOYER_PRINTS
        help_texts = {
            "legal_name": gettext_lazy("As it stands in contracts."),
            "dba_name": gettext_lazy("If people know you by another name. Optional."),
            "ein": gettext_lazy("Nine digits, like 12-3456789. Optional."),
            "naics": gettext_lazy("Hospitals: 622110. Optional."),
        }


class PartiesPart(AmendmentPart):
    """Name, principal address and representative."""

    slug = "organization"
    template = "employers/amendment/organization.html"

    def build(self) -> dict[str, Any]:
        """Return the organization's form and the representative's."""
        return {
            "employer": PartiesForm(self.data, instance=self.application.employer),
            "representative": SignatoryForm(self.data, instance=self.application.onboarding),
        }

    def for_member(self, membership: Membership) -> None:
        """Let only the owner name who signs."""
        for field in self.forms["representative"].fields.values():
            field.disabled = not membership.is_owner

    def keep(self, case: Amended) -> None:
        """Put both into the amendment."""
        case.amendment.proposal["employer"] = dict(self.forms["employer"].cleaned_data)
        person = self.forms["representative"].cleaned_data
        case.amendment.proposal["representative"] = {name: person[name] for name in REPRESENTATIVE}


class AmendedSiteForm(SiteForm):
    """One site of an amendment. Of a stored one only what the agreement prints is asked."""

    site = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, stored: dict[int, Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = stored.get(_number(self["site"].value()))
        if self.stored:
            for name in ("journeyworkers", "gi_bill", "gi_bill_facility_code", "local_minimum_wage"):
                del self.fields[name]

    @property
    def may_be_in_california(self) -> bool:
        """Whether the health-care group has to be asked here: for a site that is new in California."""
        is_there = self.stored is not None and self.stored.state == "CA"
        return super().may_be_in_california and not is_there

    def clean_site(self) -> int | None:
        """A key that no site of this employer has is a new site."""
        return self.stored.pk if self.stored else None

    def as_data(self) -> dict[str, Any]:
        """Return the site as a proposal keeps it."""
        site = self.save(commit=False)
        site.pk = self.cleaned_data["site"]
        return site_as_data(site)


def _number(value: Any) -> int:
    text = str(value if value is not None else "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class AmendedSites(forms.BaseFormSet):
    """The list of sites; a row marked for removal goes when the page is saved."""

    noun = gettext_lazy("Site")
    default_error_messages = {"too_many_forms": _("Enter at most %(num)d rows, and remove the others.")}

    def add_fields(self, form: Any, index: int | None) -> None:
        """Say in plain words what the removal tick does."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove when I save")

    def clean(self) -> None:
        """Refuse one stored site in two rows."""
        super().clean()
        keys = [form.cleaned_data.get("site") for form in self.kept() if form.cleaned_data.get("site")]
        if len(keys) != len(set(keys)):
            raise forms.ValidationError(_("One site is listed twice. Reload the page."))

    def kept(self) -> list[Any]:
        """Return the rows that stay: stored ones, and new ones with something in them."""
        rows = [form for form in self.forms if hasattr(form, "cleaned_data")]
        gone = self.deleted_forms if self.is_bound else []
        return [row for row in rows if row not in gone and (row.stored or row.has_changed())]


AmendedSiteFormSet: Any = forms.formset_factory(
    AmendedSiteForm, formset=AmendedSites, extra=0, can_delete=True, max_num=MOST_ROWS, validate_max=True,
    absolute_max=MOST_ROWS + 40,
)  # fmt: skip


class SitesPart(AmendmentPart):
    """The list of sites."""

    slug = "sites"
    template = "employers/amendment/sites.html"

    def build(self) -> dict[str, Any]:
        """Return one form a site."""
        initial = [row | {"site": row["id"]} for row in self.application.amendment.proposal["sites"]]
        stored = {site.pk: site for site in self.application.employer.sites.all()}
        rows = AmendedSiteFormSet(self.data, prefix="sites", initial=initial, form_kwargs={"stored": stored})
        return {"sites": rows}

    def keep(self, case: Amended) -> None:
        """Put the list into the amendment: stored sites in their order, new ones after them."""
        rows = [form.as_data() for form in self.forms["sites"].kept()]
        stored = sorted((row for row in rows if row["id"]), key=lambda row: int(row["id"]))
        case.amendment.proposal["sites"] = [*stored, *(row for row in rows if row["id"] is None)]


class AmendedWagesPart(AmendmentPart, WagesPart):
    """The wage builder, with a version of the schedule that is the amendment's own."""

    slug = "wages"
    template = "employers/amendment/wages.html"
    preview = "employers:amendment-wages-preview"

    def __init__(self, application: Amended, data: QueryDict | None = None) -> None:
        WagesPart.__init__(self, application, data)

    def keep(self, case: Amended) -> None:
        """Store the schedule as the amendment's, or none if it says what is in force already."""
        amendment, row = case.amendment, case.amendment.wage_schedule
        if row and row.locked_at:  # printed and presented once: it stays, and a new version is made
            row = None
        if self.schedule == self._in_force(case):
            amendment.wage_schedule = None
            amendment.save(update_fields=["wage_schedule"])
            if row:
                row.delete()
            return
        if row is None:
            version = WageSchedule.objects.next_version(case.employer)
            row = WageSchedule(employer=amendment.employer, version=version, amendment=amendment)
        self.store_in(row)
        amendment.wage_schedule = row

    def _in_force(self, case: Amended) -> Schedule | None:
        row = WageSchedule.objects.newest_for(case.employer)
        return row.as_schedule() if row else None


class DocumentsPart(AmendmentPart, StandardsPart):
    """New versions of the program's documents, to acknowledge with this amendment."""

    slug = "documents"
    template = "employers/amendment/documents.html"

    def keep(self, case: Amended) -> None:
        """Note who acknowledged which version; it counts when the amendment is in force."""
        chosen = self.forms["acknowledgments"].chosen()
        now = timezone.now().isoformat()
        case.amendment.proposal["documents"] += [
            {"id": document.pk, "user": self.user.pk, "at": now} for document in chosen
        ]


AMENDMENT_PARTS: dict[str, type[AmendmentPart]] = {
    kind.slug: kind for kind in (PartiesPart, SitesPart, AmendedWagesPart, DocumentsPart)
}
