"""Versioned texts: drafts are edited, published versions only retired."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from apprenticeship.program.admin.publishing import preview_view, progress_view, publish_view, renew_view
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


class BindingVersionAdmin(VersionAdmin):
    """Versions that employers acknowledge or sign: published by a page of their own, which asks who must act again."""

    change_form_template = "admin/program/versions/change_form.html"

    def get_readonly_fields(
        self, request: HttpRequest, obj: PublishedVersion | None = None
    ) -> list[str] | tuple[str, ...]:
        """Leave publishing to its page."""
        decided = ("published_at", "must_resign", "reaches_partners")
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, *(name for name in decided if name not in fixed))

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of publishing."""
        name, wrap = f"program_{self.opts.model_name}", self.admin_site.admin_view
        return [
            path("<path:object_id>/publish/", wrap(partial(publish_view, self)), name=f"{name}_publish"),
            path("<path:object_id>/progress/", wrap(partial(progress_view, self)), name=f"{name}_progress"),
            path(
                "<path:object_id>/renew/", wrap(require_POST(partial(renew_view, self))), name=f"{name}_renew"
            ),
            *super().get_urls(),
        ]


@admin.register(ProgramDocument)
class ProgramDocumentAdmin(BindingVersionAdmin):
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
        "is_sample",
        ("published_at", "retired_at"),
        ("must_resign", "reaches_partners"),
        "created_at",
    ]


@admin.register(AgreementTemplate)
class AgreementTemplateAdmin(BindingVersionAdmin):
    list_display = ["title", "version", "consent_version", "is_in_force", "is_sample", "published_at"]
    search_fields = ["title", "statements"]
    fields = [
        ("version", "title"),
        "preamble",
        "statements",
        "authority_statement",
        "consent_version",
        "consent_text",
        "is_sample",
        ("published_at", "retired_at"),
        ("must_resign", "reaches_partners"),
        "created_at",
    ]

    def get_urls(self) -> list[URLPattern]:
        """Add the page that shows the text in real facts."""
        view = self.admin_site.admin_view(partial(preview_view, self))
        name = "program_agreementtemplate_preview"
        return [path("<path:object_id>/preview/", view, name=name), *super().get_urls()]
