"""Lists of rows on a step's page: sites, positions, sources, mentors."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from employers.forms.part import MOST_ROWS
from employers.models import Employer


class Rows(forms.BaseInlineFormSet):
    """Rows of one employer. A row marked for removal goes when the page is saved."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Say in plain words what the removal tick does."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove when I save")


def rows_of(model: type[models.Model], form: type[forms.ModelForm]) -> Any:
    """Return the formset class for an employer's rows of a model."""
    made: Any = forms.inlineformset_factory(
        Employer,
        model,
        form=form,
        formset=Rows,
        extra=0,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS + 40,
    )
    return made
