"""Lists of rows on a step's page: sites, positions, sources, mentors."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from employers.application import Application
from employers.forms.part import MOST_ROWS, number_in
from employers.models import Employer


def offer_sites(field: Any, application: Application) -> None:
    """Let a field choose one of the employer's sites, read once for all rows of a list."""
    field.queryset = application.employer.sites.all()
    field.choices = [("", _("Choose a site")), *((site.pk, str(site)) for site in application.sites)]


class Rows(forms.BaseInlineFormSet):
    """Rows of one employer. A row marked for removal goes when the page is saved."""

    noun: Any = ""
    default_error_messages = {"too_many_forms": _("Enter at most %(num)d rows, and remove the others.")}

    def __init__(self, data: Any = None, *, rows: list[Any], **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(data, **kwargs)
        self.extra = 0 if rows else 1
        if self.is_bound:
            known = {str(row.pk) for row in self.rows}
            self.data = with_vanished_rows_as_new(self.data, str(self.prefix), known)

    def get_queryset(self) -> Any:
        """Return the rows that the application has read already: one query less a list."""
        return self.rows

    def add_fields(self, form: Any, index: int | None) -> None:
        """Say in plain words what the removal tick does."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove when I save")


def with_vanished_rows_as_new(data: Any, prefix: str, known: set[str]) -> Any:
    """Return the posted rows with those that a colleague removed meanwhile at the end, as new rows.

    Without them a form that was opened before the removal could never be saved.
    """
    initial, total = (number_in(data.get(f"{prefix}-{name}_FORMS", "")) or 0 for name in ("INITIAL", "TOTAL"))
    stored = range(min(initial, total, MOST_ROWS))
    gone = [index for index in stored if data.get(f"{prefix}-{index}-id") not in known]
    if not gone:
        return data
    kept = [index for index in range(min(total, MOST_ROWS)) if index not in gone]
    new = [index for index in gone if not data.get(f"{prefix}-{index}-DELETE")]
    moved = data.copy()
    for place, index in enumerate([*kept, *new]):
        row = f"{prefix}-{index}-"
        for key in [key for key in moved if key.startswith(f"{prefix}-{place}-")]:
            del moved[key]
        for key in [key for key in data if key.startswith(row)]:
            moved[f"{prefix}-{place}-{key.removeprefix(row)}"] = data[key]
        if index in gone:
            moved[f"{prefix}-{place}-id"] = ""
    moved[f"{prefix}-INITIAL_FORMS"] = str(len(stored) - len(gone))
    moved[f"{prefix}-TOTAL_FORMS"] = str(len(kept) + len(new))
    return moved


def rows_of(
    model: type[models.Model], form: type[forms.ModelForm], noun: Any, *, is_fixed: bool = False
) -> Any:
    """Return the formset class for an employer's rows of a model; of fixed rows none comes and none goes."""
    made: Any = forms.inlineformset_factory(
        Employer,
        model,
        form=form,
        formset=Rows,
        extra=0,
        can_delete=not is_fixed,
        edit_only=is_fixed,
        max_num=MOST_ROWS,
        validate_max=True,
        absolute_max=MOST_ROWS + 40,
    )
    made.noun = noun
    return made
