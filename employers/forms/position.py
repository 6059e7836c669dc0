"""Step 3: the positions that apprentices will fill."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from employers.application import Application
from employers.forms.cleaning import DraftMixin
from employers.forms.part import PartForm
from employers.forms.rows import offer_sites, rows_of
from employers.models import Onboarding, Position
from employers.onboarding import Part
from employers.wages.wording import trimmed

YEARS_AHEAD = 5


class ConfirmHiringForm(DraftMixin, forms.ModelForm):
    """Hiring is the employer's own."""

    class Meta:
        model = Onboarding
        fields = ("confirms_hiring",)
        labels = {
            "confirms_hiring": gettext_lazy(
                "Recruiting, vetting and hiring apprentices is our own responsibility. AAMI does not hire apprentices."
            )
        }


class PositionForm(DraftMixin, forms.ModelForm):
    """One position: a new one, a vacancy, or a person who already works here."""

    class Meta:
        model = Position
        fields = ("branch", "site", "openings", "planned_start", "hours_per_week", "incumbent_initials")
        widgets = {"planned_start": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "openings": gettext_lazy("How many apprentices you plan to take."),
            "hours_per_week": gettext_lazy("40 for full time."),
            "incumbent_initials": gettext_lazy(
                "Incumbent worker only. Credit for what they already master is decided at enrollment."
            ),
        }

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = application.zone
        offer_sites(self.fields["site"], application)
        if self.instance.hours_per_week is not None:
            self.initial["hours_per_week"] = trimmed(Decimal(self.instance.hours_per_week))

    def clean_planned_start(self) -> dt.date | None:
        """Refuse a start in the past, unless it is the one already stored, and one too far ahead."""
        start: dt.date | None = self.cleaned_data["planned_start"]
        if start is None or start == self.instance.planned_start:
            return start
        today = timezone.localdate(timezone=self.zone)
        if start < today:
            raise ValidationError(
                _("This day is in the past. Choose the day on which the apprentice is to start.")
            )
        if start.year > today.year + YEARS_AHEAD:
            raise ValidationError(_("This is more than five years ahead. Check the year."))
        return start

    def save(self, commit: bool = True) -> Position:
        """Drop the answers that do not belong to this kind of position."""
        if self.instance.branch == Position.Branch.INCUMBENT:
            self.instance.openings = 1
        else:
            self.instance.incumbent_initials = ""
        saved: Position = super().save(commit)
        return saved


PositionFormSet = rows_of(Position, PositionForm, gettext_lazy("Position"))


class PositionPart(PartForm):
    """The positions, and whose job hiring is."""

    part = Part.POSITION
    template = "employers/steps/position.html"
    reads = ("positions",)

    def build(self) -> dict[str, Any]:
        """Return one form a position and the confirmation."""
        rows = PositionFormSet(
            self.data,
            instance=self.application.employer,
            prefix="positions",
            form_kwargs={"application": self.application},
            rows=self.application.positions,
        )
        return {
            "positions": rows,
            "confirmation": ConfirmHiringForm(self.data, instance=self.application.onboarding),
        }

    def store(self, onboarding: Onboarding) -> None:
        """Save the positions and the confirmation."""
        self.forms["positions"].save()
        onboarding.confirms_hiring = self.forms["confirmation"].cleaned_data["confirms_hiring"]
        onboarding.save(update_fields=["confirms_hiring"])
