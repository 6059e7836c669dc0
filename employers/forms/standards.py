"""Step 2: acknowledge the program's documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from employers.forms.part import PartForm
from employers.lists import ACKNOWLEDGMENTS
from employers.models import Acknowledgment, Onboarding
from employers.onboarding import Part


class AcknowledgmentForm(forms.Form):
    """One tick a required document, in its current version; what is acknowledged stays so."""

    def __init__(self, application: Any, data: Any = None) -> None:
        super().__init__(data)
        self.open_documents = [
            row for row in application.required_documents if row.pk not in application.acknowledgments
        ]
        for document in self.open_documents:
            label = _("I have read %(title)s, version %(version)s.")
            self.fields[f"document-{document.pk}"] = forms.BooleanField(
                required=False, label=label % {"title": document.title, "version": document.version}
            )

    def chosen(self) -> list[Any]:
        """Return the documents that were ticked."""
        return [row for row in self.open_documents if self.cleaned_data.get(f"document-{row.pk}")]


class StandardsPart(PartForm):
    """The program's documents and who read them."""

    part = Part.STANDARDS
    template = "employers/steps/standards.html"
    reads = ACKNOWLEDGMENTS

    def build(self) -> dict[str, Any]:
        """Return the ticks."""
        return {"acknowledgments": AcknowledgmentForm(self.application, self.data)}

    def rows(self) -> list[dict[str, Any]]:
        """Return each required document with its tick or its acknowledgment."""
        form = self.forms["acknowledgments"]
        return [
            {
                "document": document,
                "acknowledgment": self.application.acknowledgments.get(document.pk),
                "field": form[f"document-{document.pk}"]
                if f"document-{document.pk}" in form.fields
                else None,
            }
            for document in self.application.required_documents
        ]

    def store(self, onboarding: Onboarding) -> None:
        """Record who acknowledged which document; an older version of the same document is replaced."""
        for document in self.forms["acknowledgments"].chosen():
            onboarding.acknowledgments.filter(document__kind=document.kind).delete()
            Acknowledgment.objects.create(onboarding=onboarding, document=document, user=self.user)
