"""Reviewers and the regions they serve."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.models import ReviewerRegions
from apprenticeship.program.regions import REGIONS
from apprenticeship.records.exports import Exported
from apprenticeship.records.historied import Kept

if TYPE_CHECKING:
    ReviewerRegionsAdminBase = admin.ModelAdmin[ReviewerRegions]
    ReviewerRegionsFormBase = forms.ModelForm[ReviewerRegions]
else:
    ReviewerRegionsAdminBase, ReviewerRegionsFormBase = admin.ModelAdmin, forms.ModelForm


class ReviewerRegionsForm(ReviewerRegionsFormBase):
    """One tick a region, with the states that belong to it."""

    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        choices=[(region.slug, f"{region.name}: {', '.join(sorted(region.states))}") for region in REGIONS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Regions of the DOL Office of Apprenticeship."),
    )


@admin.register(ReviewerRegions)
class ReviewerRegionsAdmin(Exported, Kept, ReviewerRegionsAdminBase):
    """Whom the desk suggests for a case from a region."""

    form = ReviewerRegionsForm
    personal_fields = ("user",)
    list_display = ["user", "region_names"]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__email"]
    fields = ["user", "regions"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer those whose role it is to review."""
        if db_field.name == "user":
            kwargs["queryset"] = _reviewers(db_field.remote_field.model._default_manager.all())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("regions"))
    def region_names(self, obj: ReviewerRegions) -> str:
        """Name the regions."""
        return obj.names


def _reviewers(users: QuerySet[Any]) -> QuerySet[Any]:
    reviews = {"is_staff": True, "is_active": True}
    by_group = users.filter(groups__permissions__codename="review_onboarding", **reviews)
    by_person = users.filter(user_permissions__codename="review_onboarding", **reviews)
    return users.filter(pk__in=by_group.values("pk")) | users.filter(pk__in=by_person.values("pk"))
