"""Step 4: who pays for the related instruction."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from employers.forms.cleaning import DraftMixin
from employers.forms.part import PartForm
from employers.forms.rows import rows_of
from employers.models import FundingSource, Onboarding
from employers.onboarding import Part

FIELDS = ("instruction_provider", "is_instruction_paid", "instruction_time", "confirms_payment")


class InstructionForm(DraftMixin, forms.ModelForm):
    """Who teaches, when, and whether that time is paid."""

    class Meta:
        model = Onboarding
        fields = FIELDS
        widgets = {
            "is_instruction_paid": forms.Select(
                choices=[("", _("Choose")), ("True", _("Yes")), ("False", _("No"))]
            )
        }
        labels = {
            "is_instruction_paid": _("Is time in related instruction paid?"),
            "instruction_time": _("When does it take place?"),
            "instruction_provider": _("Who provides the related instruction?"),
            "confirms_payment": _("We pay for 100% of the required related instruction of our apprentices."),
        }
        help_texts = {
            "instruction_provider": _(
                "A college, an online provider, your own staff. More than one is fine."
            ),
            "is_instruction_paid": _(
                "It need not be; the apprentice's agreement must say so (29 CFR 29.5(b)(4))."
            ),
        }


class FundingSourceForm(DraftMixin, forms.ModelForm):
    """One source and how much of the cost it covers."""

    class Meta:
        model = FundingSource
        fields = ("kind", "name", "amount")
        help_texts = {"name": _("For example the grant's name. Optional."), "amount": _("Dollars.")}


SourceFormSet = rows_of(FundingSource, FundingSourceForm, _("Source"))


class FundingPart(PartForm):
    """The sources of money and how instruction is arranged."""

    part = Part.FUNDING
    template = "employers/steps/funding.html"
    reads = ("positions", "funding_sources")

    def build(self) -> dict[str, Any]:
        """Return one form a source and the form about instruction."""
        rows = SourceFormSet(
            self.data,
            instance=self.application.employer,
            prefix="sources",
            rows=self.application.funding_sources,
        )
        return {
            "sources": rows,
            "instruction": InstructionForm(self.data, instance=self.application.onboarding),
        }

    def store(self, onboarding: Onboarding) -> None:
        """Save the sources and the answers about instruction."""
        self.forms["sources"].save()
        for name in FIELDS:
            setattr(onboarding, name, self.forms["instruction"].cleaned_data[name])
        onboarding.save(update_fields=FIELDS)
