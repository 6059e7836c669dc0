"""Step 5: who oversees the training."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from employers.application import Application
from employers.forms.cleaning import DraftMixin
from employers.forms.part import PartForm
from employers.forms.rows import offer_sites, rows_of
from employers.models import Mentor, Onboarding
from employers.onboarding import Part


class MentorForm(DraftMixin, forms.ModelForm):
    """One mentor at one site."""

    class Meta:
        model = Mentor
        fields = ("name", "title", "site", "email", "years", "apprentices_carried", "credentials")
        help_texts = {
            "credentials": gettext_lazy("For example CBET, CRES or a degree. Optional."),
            "apprentices_carried": gettext_lazy("0 if none."),
        }

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_sites(self.fields["site"], application)


MentorFormSet = rows_of(Mentor, MentorForm, gettext_lazy("Mentor"))


class MentorPart(PartForm):
    """The mentors."""

    part = Part.MENTOR
    template = "employers/steps/mentor.html"
    reads = ("mentors",)

    def build(self) -> dict[str, Any]:
        """Return one form a mentor."""
        employer = self.application.employer
        rows = MentorFormSet(
            self.data,
            instance=employer,
            prefix="mentors",
            form_kwargs={"application": self.application},
            rows=self.application.mentors,
        )
        return {"mentors": rows}

    def store(self, onboarding: Onboarding) -> None:
        """Save the mentors."""
        self.forms["mentors"].save()
