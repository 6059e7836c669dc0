"""Step 6: who signs, and the act of signing."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from employers.application import Application
from employers.completeness import gaps
from employers.editing import may_edit
from employers.forms.cleaning import CleanTextMixin, DraftMixin
from employers.forms.part import PartForm
from employers.lists import SIGNING
from employers.models import Agreement, Membership, Onboarding, PaperScan
from employers.names import same_words
from employers.onboarding import EDGE_BY_NAME, Part, State
from employers.permissions import EDITING, is_signatory
from employers.terms import needs_new_text
from employers.wages import Answer, verdict, worst

# The tick of both signers; the disclosure itself is the agreement's, with its version.
CONSENT = gettext_lazy("I agree to sign electronically and to receive these papers electronically.")
FIELDS = ("signatory_name", "signatory_title", "signatory_email")


class SignatoryForm(DraftMixin, forms.ModelForm):
    """The person who may bind the organization."""

    class Meta:
        model = Onboarding
        fields = FIELDS
        labels = {
            "signatory_name": gettext_lazy("Full name"),
            "signatory_title": gettext_lazy("Title"),
            "signatory_email": gettext_lazy("E-mail"),
        }
        help_texts = {"signatory_title": gettext_lazy("The agreement prints name and title.")}


class SignatoryPart(PartForm):
    """Who signs."""

    part = Part.AGREEMENT
    template = "employers/steps/agreement.html"
    reads = SIGNING

    def build(self) -> dict[str, Any]:
        """Return the signatory's form."""
        return {"signatory": SignatoryForm(self.data, instance=self.application.onboarding)}

    def context(self, membership: Membership) -> dict[str, Any]:
        """Return what stands between here and the signature."""
        application, onboarding = self.application, self.application.onboarding
        return {
            "wage_gaps": gaps(application, Part.WAGES),
            "wages_verdict": verdict(application.wage_checks),
            "is_wages_certain": worst(application.wage_checks) is Answer.PASSES,
            "is_signing_open": onboarding.state == State.AGREEMENT,
            "is_signatory": is_signatory(membership.user, onboarding, membership.role),
            "needs_new_text": needs_new_text(application),
            "may_renew": onboarding.state in EDGE_BY_NAME["reopen_agreement"].sources,
            "link": application.newest_signing_link,
            "scan": _open_scan(application),
            "preview_links": application.preview_links,
            "is_wages_editable": membership.role in EDITING and may_edit(application, Part.WAGES),
        }

    def store(self, onboarding: Onboarding) -> None:
        """Save who signs."""
        for name in FIELDS:
            setattr(onboarding, name, self.forms["signatory"].cleaned_data[name])
        onboarding.save(update_fields=FIELDS)


def _open_scan(application: Application) -> PaperScan | None:
    """Return the scan that stands for the signature; asked for only where there can be one."""
    agreement = application.signed_agreement
    is_on_paper = agreement is not None and agreement.is_on_paper
    scan: PaperScan | None = agreement.scans.open().first() if agreement and is_on_paper else None
    return scan


class ForwardForm(CleanTextMixin, forms.Form):
    """The person who may sign instead."""

    name = forms.CharField(label=gettext_lazy("Full name"), max_length=120)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail"))


class CodeForm(forms.Form):
    """The code that was mailed at the moment of signing."""

    code = forms.CharField(
        label=gettext_lazy("Code from the mail"),
        max_length=20,
        help_text=gettext_lazy("Six digits, valid for fifteen minutes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def add_error(self, field: str | None, error: Any) -> None:
        """Note an error, and open the page at the field: it stands below all that is to be read before."""
        super().add_error(field, error)
        self.fields["code"].widget.attrs["autofocus"] = True


class Tick(forms.BooleanField):
    """A sentence that its reader says yes to."""

    default_error_messages: ClassVar[dict[str, Any]] = {"required": gettext_lazy("Tick this box to go on.")}


class SigningForm(CleanTextMixin, forms.Form):
    """The act: consent, authority, and the name typed in full."""

    consent = Tick(label=CONSENT)
    has_authority = Tick(label=gettext_lazy("I have the authority to bind the organization."))
    title = forms.CharField(label=gettext_lazy("Your title"), max_length=120)
    full_name = forms.CharField(
        label=gettext_lazy("Type your full name to sign"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    sha256 = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, agreement: Agreement) -> None:
        self.printed = agreement.terms["facts"]["representative"]
        super().__init__(data, initial={"title": self.printed["title"], "sha256": agreement.sha256})

    def clean_full_name(self) -> str:
        """The name typed is the name printed, whatever its case and spacing."""
        if not same_words(self.cleaned_data["full_name"], self.printed["name"]):
            message = _("Type the name as the agreement prints it: %(name)s.")
            raise ValidationError(message % {"name": self.printed["name"]})
        return " ".join(self.cleaned_data["full_name"].split())

    @property
    def printed_title(self) -> str:
        """The title that the agreement prints, if another one was typed: signers know their own, and both are shown."""
        typed = self.cleaned_data["title"]
        return "" if same_words(typed, self.printed["title"]) else str(self.printed["title"])
