"""Admin pages of what happened to a row, and settings that tell every change of theirs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.records import history
from apprenticeship.records.events import PROGRAM
from apprenticeship.records.models import Event

if TYPE_CHECKING:
    AdminBase = admin.ModelAdmin[Any]
else:
    AdminBase = admin.ModelAdmin

PER_PAGE = 50


class Historied(AdminBase):
    """A row whose history is read as sentences, instead of Django's "Changed X."."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show what happened to one row, newest first."""
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        found = Paginator(history.read(self.history_events(row)), PER_PAGE)
        page = found.get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": _("History"),
            "subtitle": str(row),
            "page": page,
            "entries": self.history_entries(list(page.object_list)),
            "is_nav_sidebar_enabled": False,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)

    def history_events(self, row: Any) -> QuerySet[Any]:
        """Return the events about a row."""
        kind = ContentType.objects.get_for_model(row)
        events: QuerySet[Any] = Event.objects.filter(subject_type=kind, subject_id=str(row.pk))
        return events

    def history_entries(self, events: list[Any]) -> list[history.Entry]:
        """Return them in words."""
        return [history.entry(event) for event in events]


class Kept(Historied):
    """Settings: whoever changes them leaves each field before and after."""

    # Fields about a person: only that they changed is kept.
    personal_fields: ClassVar[tuple[str, ...]] = ()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save, and keep what changed."""
        super().save_related(request, form, formsets, change)
        assert isinstance(request.user, User)
        before = list(self._answers(form, form.initial)) if change else []
        rows = history.changed(before, self._answers(form, form.cleaned_data))
        if rows or not change:
            verb = "setting_changed" if change else "setting_added"
            history.record_changes(PROGRAM, verb, rows, by=request.user, subject=form.instance, data={})

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, and keep that it was there."""
        assert isinstance(request.user, User)
        history.record_changes(PROGRAM, "setting_removed", [], by=request.user, subject=obj, data={})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete each row by itself, so that each leaves a word."""
        for row in queryset:
            self.delete_model(request, row)

    def _answers(self, form: Any, values: dict[str, Any]) -> Iterator[history.Answer]:
        """Yield what the changed fields of a form say in `values`."""
        for name in form.changed_data:
            field = form.fields[name]
            if name in values and "password" not in name:
                label = str(field.label or name)
                is_personal = name in self.personal_fields
                yield history.Answer(name, label, _text(field, values[name]), is_personal)


def _text(field: forms.Field, value: Any) -> str:
    """Return a form field's value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(str(row) for row in value))
    if isinstance(field, forms.ModelChoiceField):
        return str(field.to_python(value))
    choices = dict(getattr(field, "choices", ()))
    if isinstance(field, forms.MultipleChoiceField):
        return ", ".join(str(choices.get(one, one)) for one in value)
    if value in choices:
        return str(choices[value])
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, models.fields.files.FieldFile):
        return value.name or ""
    if hasattr(value, "hour"):
        return date_format(value, "M j, Y, H:i") + " UTC"
    if hasattr(value, "isoformat"):
        return date_format(value, "M j, Y")
    if isinstance(value, list | tuple):
        return "\n".join(_plain(item) for item in value)
    return str(getattr(value, "name", value))
