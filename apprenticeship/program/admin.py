"""Where staff keep what the program prints, requires and judges by."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import AgreementTemplate, FundingFact, MinimumWage, Program, ProgramDocument
from .models.publishing import PublishedVersion

if TYPE_CHECKING:
    ProgramAdminBase = admin.ModelAdmin[Program]
    MinimumWageAdminBase = admin.ModelAdmin[MinimumWage]
    FundingFactAdminBase = admin.ModelAdmin[FundingFact]
    VersionAdminBase = admin.ModelAdmin[PublishedVersion]
else:
    ProgramAdminBase = MinimumWageAdminBase = FundingFactAdminBase = VersionAdminBase = admin.ModelAdmin


@admin.register(Program)
class ProgramAdmin(ProgramAdminBase):
    list_display = ["name", "occupation_title", "rapids_code", "term_hours", "contact_email"]
    fieldsets = [
        (None, {"fields": ["name", "sponsor_name", "sponsor_address", "sponsor_program_number"]}),
        (_("Samples"), {"fields": ["sample_note"]}),
        (_("Occupation"), {"fields": ["occupation_title", ("rapids_code", "onet_code"), "approach"]}),
        (
            _("Training"),
            {
                "fields": [
                    ("term_hours", "term_months"),
                    ("related_instruction_hours", "related_instruction_cost"),
                    ("apprentices_per_journeyworker", "apprentices_per_mentor"),
                    ("probation_hours", "minimum_age"),
                ]
            },
        ),
        (_("Registration"), {"fields": ["registration_agency", "registration_deadline_days"]}),
        (_("Contact on every page"), {"fields": ["contact_name", "contact_email", "contact_phone"]}),
        (
            _("Complaint contact, 29 CFR 29.5(b)(22)"),
            {
                "fields": [
                    "complaint_contact_name",
                    "complaint_contact_address",
                    "complaint_contact_phone",
                    "complaint_contact_email",
                ]
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Program.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Program | None = None) -> bool:
        return False


class VersionAdmin(VersionAdminBase):
    """Leave a published version open for nothing but retiring."""

    list_filter = ["is_sample", ("published_at", admin.EmptyFieldListFilter)]

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
        "is_sample",
        "published_at",
        "retired_at",
        "created_at",
    ]


@admin.register(MinimumWage)
class MinimumWageAdmin(MinimumWageAdminBase):
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
    list_filter = ["is_confirmed", "sector", "effective_from", "known_through", "jurisdiction"]
    search_fields = ["jurisdiction", "source_name", "note"]
    date_hierarchy = "effective_from"
    list_per_page = 200
    save_as = True  # next year's row starts as a copy of this year's


@admin.register(FundingFact)
class FundingFactAdmin(FundingFactAdminBase):
    list_display = ["title", "states", "verified_on", "source_name", "order"]
    list_filter = ["verified_on"]
    search_fields = ["title", "text", "states"]
