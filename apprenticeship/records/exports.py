"""Any list of the admin as CSV: the rows that its filters and search leave, the columns it shows."""

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from apprenticeship import spreadsheets
from apprenticeship.accounts.models import User
from apprenticeship.accounts.reauthentication import ask_again
from apprenticeship.records.events import PROGRAM, record

if TYPE_CHECKING:
    AdminBase = admin.ModelAdmin[Any]
else:
    AdminBase = admin.ModelAdmin

LISTS, PEOPLE = "records.export_list", "records.export_people"
CHUNK = 2000  # rows fetched at once


class Exported(AdminBase):
    """A list that those with `export_permission` may take away, after they said once more who they are."""

    # PEOPLE for lists with the addresses of private persons.
    export_permission = LISTS
    # Columns that a spreadsheet can reckon with, beside those on the screen.
    export_extra: tuple[str, ...] = ()
    change_list_template = "admin/exported_list.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page that hands the list out."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export), name=name), *super().get_urls()]

    def may_export(self, request: HttpRequest) -> bool:
        """Whether this person reads the list and may take it away."""
        return self.has_view_or_change_permission(request) and request.user.has_perm(self.export_permission)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Name the list, and offer it as it is filtered now."""
        address = f"export/?{request.GET.urlencode()}" if self.may_export(request) else ""
        own = {"title": capfirst(str(self.opts.verbose_name_plural)), "export_url": address}
        return super().changelist_view(request, extra_context=own | (extra_context or {}))

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """Say what the file will hold (GET), then hand it out (POST)."""
        if not self.may_export(request):
            raise PermissionDenied
        way = ask_again(request)
        if way is not None:
            return way
        try:
            found = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect("../?e=1")
        if request.method == "POST":
            return self._hand_out(request, found)
        return self._ask(request, found)

    def _ask(self, request: HttpRequest, found: ChangeList) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Download as CSV"),
            "list_name": capfirst(self.opts.verbose_name_plural),
            "list_url": f"../?{request.GET.urlencode()}",
            "rows": found.result_count,
            "is_filtered": found.has_active_filters or bool(found.query),
            "columns": self.export_headings(found),
            "is_nav_sidebar_enabled": False,
        }
        return TemplateResponse(request, "admin/export.html", context)

    def _hand_out(self, request: HttpRequest, found: ChangeList) -> StreamingHttpResponse:
        assert isinstance(request.user, User)
        # The names of the filters only: what was searched for may be somebody's address.
        facts = {
            "list": self.opts.label_lower,
            "rows": found.result_count,
            "filters": sorted(set(request.GET) - {"p", "o"}),
        }
        record(PROGRAM, "list_exported", by=request.user, data=facts)
        name = f"{slugify(str(self.opts.verbose_name_plural))}-{timezone.now():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            spreadsheets.lines(self.export_rows(found)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def export_rows(self, found: ChangeList) -> Iterator[list[Any]]:
        """Yield headings and rows; the rows come in chunks, in as many queries as one page needs for each chunk."""
        yield self.export_headings(found)
        columns = self._columns(found)
        for row in found.queryset.iterator(chunk_size=CHUNK):
            yield [self.export_value(name, row) for name in columns]

    def export_headings(self, found: ChangeList) -> list[str]:
        """Return the headings of the list; a column of times says its zone."""
        return [self._heading(name) for name in self._columns(found)]

    def _columns(self, found: ChangeList) -> list[Any]:
        return [*(name for name in found.list_display if name != "action_checkbox"), *self.export_extra]

    def _heading(self, name: Any) -> str:
        label = capfirst(str(label_for_field(name, self.model, model_admin=self)))
        fields = {field.name: field for field in self.opts.fields}
        return f"{label} (UTC)" if isinstance(fields.get(name), models.DateTimeField) else label

    def export_value(self, name: Any, row: Any) -> Any:
        """Return what a column says of a row: the value itself, or the words on the screen without their tags."""
        field, _attribute, value = lookup_field(name, row, self)
        if field is not None and field.choices:
            return str(getattr(row, f"get_{field.name}_display")())
        if isinstance(value, SafeString):
            return html.unescape(strip_tags(value)).strip()
        return value
