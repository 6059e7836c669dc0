"""Versioned texts: drafts are edited, published versions only retired."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import FileResponse, Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from apprenticeship.program.admin.filters import KindFilter, PublishedFilter, kind_in_words
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

    list_filter = ["is_sample", ("published_at", PublishedFilter)]
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


FILE = "admin:program_programdocument_file"


class PdfInput(AdminFileWidget):
    """An upload whose present file is read at the admin's own address: what is stored has none of its own."""

    def format_value(self, value: Any) -> Any:
        """Return the present file with name and address."""
        stored: Any = super().format_value(value)
        return StoredPdf(stored.instance) if stored else None


class StoredPdf:
    """A stored file as the widget shows it."""

    def __init__(self, document: ProgramDocument) -> None:
        self.url, self.name = reverse(FILE, args=[document.pk]), document.file_name

    def __str__(self) -> str:
        return self.name


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
    list_display = [
        "title",
        "kind_name",
        "version",
        "is_required",
        "is_in_force",
        "is_sample",
        "published_at",
    ]
    list_filter = [KindFilter, "is_required", "is_sample", ("published_at", PublishedFilter)]
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

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the PDF, a draft's too."""
        view = self.admin_site.admin_view(require_safe(self.pdf))
        return [path("<path:object_id>/file/", view, name=FILE.partition(":")[2]), *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: ProgramDocument | None = None) -> list[Any]:
        """Show a published version's kind in words, and its file as a link."""
        if obj is None or not obj.is_published:
            return list(self.fields)
        shown = {("kind", "version"): ("kind_name", "version"), "file": "paper"}
        return [shown.get(field, field) for field in self.fields]

    def get_readonly_fields(
        self, request: HttpRequest, obj: PublishedVersion | None = None
    ) -> list[str] | tuple[str, ...]:
        """Add what shows a published version's kind and file."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "kind_name", "paper") if obj and obj.is_published else fixed

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Let the link beside the upload open the file."""
        own = {"widget": PdfInput} if db_field.name == "file" else {}
        return super().formfield_for_dbfield(db_field, request, **kwargs | own)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_name(self, document: ProgramDocument) -> str:
        """Name the kind."""
        return kind_in_words(document.kind)

    @admin.display(description=_("PDF file"))
    def paper(self, document: ProgramDocument) -> str:
        """Link to the PDF."""
        if not document.file:
            return "–"
        return format_html('<a href="{}">{}</a>', reverse(FILE, args=[document.pk]), document.file_name)

    def pdf(self, request: HttpRequest, object_id: str) -> FileResponse:
        """Send the PDF to those who may read the settings."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        document = self.get_object(request, object_id)
        if document is None or not document.file:
            raise Http404
        return FileResponse(document.file.open(), content_type="application/pdf", filename=document.file_name)


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
