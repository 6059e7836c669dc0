"""Versioned texts: drafts are edited, published versions only retired."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.models import AgreementTemplate, ProgramDocument
from apprenticeship.program.models.publishing import PublishedVersion
from apprenticeship.records.exports import Exported
from apprenticeship.records.historied import Kept

if TYPE_CHECKING:
    VersionAdminBase = admin.ModelAdmin[PublishedVersion]
else:
    VersionAdminBase = admin.ModelAdmin


class VersionAdmin(Exported, Kept, VersionAdminBase):
    """Leave a published version open for nothing but retiring."""

    list_filter = ["is_sample", ("published_at", admin.EmptyFieldListFilter)]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_readonly_fields(
        self, request: HttpRequest, obj: PublishedVersion | None = None
    ) -> list[str] | tuple[str, ...]:
        if obj is None or not obj.is_published:
            return ("created_at",)
        fixed = [field.name for field in self.opts.fields if field.editable and field.name != "retired_at"]
        return (*fixed, "created_at")

    def has_delete_permission(self, request: HttpRequest, obj: PublishedVersion | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_published)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Drop the bulk delete, which asks no row whether it is published."""
        return {
            name: action for name, action in super().get_actions(request).items() if name != "delete_selected"
        }

    @admin.display(boolean=True, description=_("in force"))
    def is_in_force(self, obj: PublishedVersion) -> bool:
        return obj.is_in_force


@admin.register(ProgramDocument)
class ProgramDocumentAdmin(VersionAdmin):
    list_display = ["title", "kind", "version", "is_required", "is_in_force", "is_sample", "published_at"]
    list_filter = ["kind", "is_required", "is_sample", ("published_at", admin.EmptyFieldListFilter)]
    search_fields = ["title", "kind", "summary"]
    fields = [
        ("kind", "version"),
        "title",
        "summary",
        "file",
        "link",
        ("is_required", "position"),
        "must_resign",
        "is_sample",
        "published_at",
        "retired_at",
        "created_at",
    ]


@admin.register(AgreementTemplate)
class AgreementTemplateAdmin(VersionAdmin):
    list_display = ["title", "version", "consent_version", "is_in_force", "is_sample", "published_at"]
    search_fields = ["title", "statements"]
    fields = [
        ("version", "title"),
        "preamble",
        "statements",
        "authority_statement",
        "consent_version",
        "consent_text",
        "must_resign",
        "is_sample",
        "published_at",
        "retired_at",
        "created_at",
    ]
