"""Candidates for staff: the list, one person, the figures; deleted with everything that is kept about them."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from apprentices.admin.deletion import delete_view
from apprentices.admin.figures import OUTSIDE, figures_page
from apprentices.admin.person import person_page
from apprentices.deleting import delete_on_request
from apprentices.models import Candidate
from apprenticeship.accounts.models import User
from apprenticeship.program.regions import REGIONS, STATE_NAMES
from apprenticeship.records.exports import PEOPLE, Exported
from apprenticeship.records.historied import Historied

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    CandidateAdminBase = admin.ModelAdmin[Candidate]
else:
    CandidateAdminBase = admin.ModelAdmin


class RegionFilter(admin.SimpleListFilter):
    """Filter by the name of the region."""

    title = _("region")
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Return the six regions, and those outside of them."""
        return [
            *((str(region.number), region.name) for region in REGIONS),
            (OUTSIDE, _("Outside the regions")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Candidate]) -> QuerySet[Candidate]:
        """Keep the region that was chosen."""
        value = self.value()
        if value == OUTSIDE:
            return queryset.filter(region=None)
        known = {str(region.number): region.number for region in REGIONS}
        return queryset.filter(region=known[value]) if value in known else queryset


class StateFilter(admin.AllValuesFieldListFilter):
    """Filter by the state's name, among those that somebody comes from."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Yield all and each state; a count stays behind its name."""
        for choice in super().choices(changelist):
            code, space, count = str(choice["display"]).partition(" ")
            yield {**choice, "display": f"{STATE_NAMES.get(code, code)}{space}{count}"}


class DoubleFilter(admin.SimpleListFilter):
    """Filter by who looks like somebody else on the list."""

    title = _("looks double")
    parameter_name = "double"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Return the one answer."""
        return [("yes", _("Same name and ZIP code, or same phone"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Candidate]) -> QuerySet[Candidate]:
        """Keep those who do."""
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=Candidate.objects.look_alikes().order_by().values("pk"))


@admin.register(Candidate)
class CandidateAdmin(Exported, Historied, CandidateAdminBase):
    """Read and delete; a candidate is entered and confirmed by the person alone."""

    export_permission = PEOPLE
    list_display = ["name", "email", "region_column", "place_column", "zip_code", "status", "created_at"]
    list_display_links = ["name"]
    list_filter = [RegionFilter, "status", DoubleFilter, "heard_from", ("state", StateFilter)]
    change_list_template = "admin/apprentices/candidate/list.html"
    search_fields = ["name", "email", "zip_code"]
    ordering = ["region", "state", "-created_at"]
    date_hierarchy = "created_at"

    def get_urls(self) -> list[URLPattern]:
        """Add the page of figures."""
        page = self.admin_site.admin_view(self.figures)
        return [path("figures/", page, name="apprentices_candidate_figures"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one person; nothing is changed here."""
        candidate = self.get_object(request, object_id)
        if request.method not in ("GET", "HEAD") or not self.has_view_permission(request, candidate):
            raise PermissionDenied
        if candidate is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        return person_page(self, request, candidate)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Delete on request, with a receipt."""
        return delete_view(self, request, object_id)

    def figures(self, request: HttpRequest) -> HttpResponse:
        """Show the list in figures, to those who may read it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Candidates in figures"),
            **figures_page(request),
        }
        return TemplateResponse(request, "admin/apprentices/candidate/figures.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Candidate | None = None) -> bool:
        return False

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Candidate]) -> None:
        """Delete everything about each person, with a receipt each and no mail."""
        assert isinstance(request.user, User)
        for candidate in queryset:
            delete_on_request(candidate, by=request.user, tell=False)

    @admin.display(description=_("region"), ordering="region")
    def region_column(self, obj: Candidate) -> "StrOrPromise":
        return obj.region_name or _("Outside the regions")

    @admin.display(description=_("place"), ordering="state")
    def place_column(self, obj: Candidate) -> str:
        return obj.place
