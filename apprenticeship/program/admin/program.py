"""The program's own figures and contacts, and the facts about funding."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
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


@admin.register(Program)
class ProgramAdmin(Kept, ProgramAdminBase):
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Program.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Program | None = None) -> bool:
        return False


@admin.register(ReminderPlan)
class ReminderPlanAdmin(Kept, ReminderPlanAdminBase):
    """The one row of intervals."""

    list_display = [
        "__str__",
        "idle_days",
        "changes_days",
        "review_days",
        "unassigned_days",
        "registration_days",
    ]
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody while the row is there."""
        return super().has_add_permission(request) and not ReminderPlan.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: ReminderPlan | None = None) -> bool:
        """Nobody."""
        return False


@admin.register(FundingFact)
class FundingFactAdmin(Exported, Kept, FundingFactAdminBase):
    list_display = ["title", "states", "verified_on", "source_name", "order"]
    list_filter = ["verified_on"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    search_fields = ["title", "text", "states"]
