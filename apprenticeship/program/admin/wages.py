"""Minimum wages: the list with its warning, one row, and many from a CSV file."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apprenticeship.accounts.models import User
from apprenticeship.program.admin.filters import SectorFilter
from apprenticeship.program.admin.wage_import import WageImport, template_view
from apprenticeship.program.coverage import missing_on, next_year
from apprenticeship.program.models import MinimumWage
from apprenticeship.program.regions import STATE_NAMES
from apprenticeship.program.wage_log import changes_between, log_change
from apprenticeship.records.exports import Exported
from apprenticeship.records.historied import Historied

if TYPE_CHECKING:
    MinimumWageAdminBase = admin.ModelAdmin[MinimumWage]
else:
    MinimumWageAdminBase = admin.ModelAdmin


@admin.register(MinimumWage)
class MinimumWageAdmin(Exported, Historied, MinimumWageAdminBase):
    """Rates with the day they begin; a new rate is a new row."""

    list_display = [
        "jurisdiction",
        "sector",
        "rate",
        "effective_from",
        "known_through",
        "is_confirmed",
        "verified_on",
        "source_name",
    ]
    list_filter = ["is_confirmed", ("sector", SectorFilter), "effective_from"]
    search_fields = ["jurisdiction", "source_name", "note"]
    search_help_text = _("A postal code such as MN, a state’s name, or words of the source.")
    date_hierarchy = "effective_from"
    list_per_page = 200
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    save_as = True  # next year's row starts as a copy of this year's
    change_list_template = "admin/program/minimumwage/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the import and of its template."""
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(self.import_csv), name="program_minimumwage_import"),
            path("import/template/", wrap(self.template_csv), name="program_minimumwage_template"),
            *super().get_urls(),
        ]

    def may_import(self, request: HttpRequest) -> bool:
        """Whether this person may both add and change rates."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list below what it lacks for next year."""
        start = next_year(timezone.localdate())
        shown = {
            "missing": missing_on(start),
            "missing_year": start.year,
            "may_import": self.may_import(request),
        }
        return super().changelist_view(request, extra_context=shown | (extra_context or {}))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[MinimumWage], search_term: str
    ) -> tuple[QuerySet[MinimumWage], bool]:
        """Find a state by its name too."""
        wanted = search_term.strip().lower()
        codes = [code for code, name in STATE_NAMES.items() if name.lower() == wanted]
        return super().get_search_results(request, queryset, codes[0] if codes else search_term)

    def save_model(self, request: HttpRequest, obj: MinimumWage, form: Any, change: bool) -> None:
        """Save a row and log it: added, or what changed from what to what."""
        before = MinimumWage.objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        changes = changes_between(before, obj)
        if before is None or changes:
            assert isinstance(request.user, User)
            log_change(obj, changes, by=request.user)

    def import_csv(self, request: HttpRequest) -> HttpResponse:
        """Read a file, show what it would do, store it."""
        return WageImport(self, is_allowed=self.may_import(request)).view(request)

    def template_csv(self, request: HttpRequest) -> HttpResponse:
        """Hand out the table to fill in."""
        return template_view(self, request)
