"""Where staff see candidates by region and write the text they consent to."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apprentices import interest
from apprentices.models import Candidate, ConsentText
from apprenticeship.accounts.models import User
from apprenticeship.program.admin import VersionAdmin
from apprenticeship.program.regions import REGIONS
from apprenticeship.records.exports import PEOPLE, Exported

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    CandidateAdminBase = admin.ModelAdmin[Candidate]
else:
    CandidateAdminBase = admin.ModelAdmin

OUTSIDE = "none"


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


@admin.register(Candidate)
class CandidateAdmin(Exported, CandidateAdminBase):
    """Read and delete; a candidate is entered and confirmed by the person alone."""

    export_permission = PEOPLE
    list_display = ["name", "email", "region_column", "place_column", "zip_code", "status", "created_at"]
    list_display_links = ["name"]
    list_filter = [RegionFilter, "status", "state"]
    search_fields = ["name", "email", "zip_code"]
    ordering = ["region", "state", "-created_at"]
    date_hierarchy = "created_at"
    fields = [
        "name",
        "email",
        "phone",
        ("zip_code", "place_column", "region_column"),
        ("latitude", "longitude"),
        ("available", "travel", "moving"),
        ("education", "service"),
        ("knows_electronics", "knows_it", "knows_clinical"),
        "about",
        ("work", "current_employer"),
        ("heard_from", "wants_openings"),
        ("is_of_age", "asked_age"),
        ("consent", "consented_at"),
        ("status", "confirmed_at", "heard_at"),
        "created_at",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Candidate | None = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Candidate) -> None:
        """Delete the person's mail with them."""
        interest.erase(obj, by=_staff(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Candidate]) -> None:
        """Delete each person's mail with them."""
        for candidate in queryset:
            interest.erase(candidate, by=_staff(request))

    @admin.display(description=_("region"), ordering="region")
    def region_column(self, obj: Candidate) -> "StrOrPromise":
        return obj.region_name or _("Outside the regions")

    @admin.display(description=_("place"), ordering="state")
    def place_column(self, obj: Candidate) -> str:
        return obj.place


@admin.register(ConsentText)
class ConsentTextAdmin(VersionAdmin):
    list_display = ["version", "is_in_force", "is_sample", "published_at", "retired_at"]
    search_fields = ["text"]
    fields = ["version", "text", "is_sample", "published_at", "retired_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str] | tuple[str, ...]:
        return tuple(name for name in super().get_readonly_fields(request, obj) if name != "created_at")


def _staff(request: HttpRequest) -> User | None:
    """Return who is signed in."""
    return request.user if isinstance(request.user, User) else None
