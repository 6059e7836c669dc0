"""The program's own figures and contacts, and the facts about funding."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.models import FundingFact, Program, ReminderPlan
from apprenticeship.records.exports import Exported
from apprenticeship.records.historied import Kept

if TYPE_CHECKING:
    ProgramAdminBase = admin.ModelAdmin[Program]
    FundingFactAdminBase = admin.ModelAdmin[FundingFact]
    ReminderPlanAdminBase = admin.ModelAdmin[ReminderPlan]
else:
    ProgramAdminBase = FundingFactAdminBase = ReminderPlanAdminBase = admin.ModelAdmin


class OneRow(Kept):
    """Settings of which there is one row: no list stands before it, and nobody adds another or deletes it."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to the row. The list is for a database that has none yet."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = self.get_queryset(request).first()
        if row is None:
            return super().changelist_view(request, extra_context)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody while the row is there."""
        return super().has_add_permission(request) and not self.get_queryset(request).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(Program)
class ProgramAdmin(OneRow, ProgramAdminBase):
    """Occupation, training, targets and contacts."""

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
        (
            _("Registration"),
            {
                "fields": [
                    "registration_agency",
                    ("registration_sending_days", "registration_deadline_days"),
                ]
            },
        ),
        (_("Targets of the desk"), {"fields": [("review_target_days", "changes_target_days")]}),
        (
            _("Candidates"),
            {
                "fields": [
                    ("candidate_reconfirm_days", "candidate_reminder_days"),
                    ("candidate_erase_days", "candidate_notice_days"),
                    "candidate_openings_per_day",
                ]
            },
        ),
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


@admin.register(ReminderPlan)
class ReminderPlanAdmin(OneRow, ReminderPlanAdminBase):
    """The intervals of the reminders."""

    fieldsets = [
        (
            _("To employers and signatories"),
            {
                "fields": [
                    "idle_days",
                    "signatory_days",
                    "changes_days",
                    "acknowledgment_days",
                    "wage_rise_days",
                ]
            },
        ),
        (_("To AAMI"), {"fields": ["unassigned_days", "review_days", "registration_days"]}),
        (_("When on the day"), {"fields": ["hour", "desk_zone"]}),
    ]


@admin.register(FundingFact)
class FundingFactAdmin(Exported, Kept, FundingFactAdminBase):
    list_display = ["title", "states", "verified_on", "source_name", "order"]
    list_filter = ["verified_on"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    search_fields = ["title", "text", "states"]
