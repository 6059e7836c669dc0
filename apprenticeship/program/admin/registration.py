"""Who registers employers in which state, and what is checked before a registration is sent."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.models import ChecklistItem, RegistrationAgency
from apprenticeship.records.exports import Exported
from apprenticeship.records.historied import Kept

if TYPE_CHECKING:
    RegistrationAgencyAdminBase = admin.ModelAdmin[RegistrationAgency]
    ChecklistItemAdminBase = admin.ModelAdmin[ChecklistItem]
else:
    RegistrationAgencyAdminBase = ChecklistItemAdminBase = admin.ModelAdmin


@admin.register(RegistrationAgency)
class RegistrationAgencyAdmin(Exported, Kept, RegistrationAgencyAdminBase):
    """The Office of Apprenticeship or a state agency, state by state."""

    list_display = ["state_name", "kind", "name", "verified_on", "is_sample"]
    list_filter = ["kind", "is_sample"]
    search_fields = ["state", "name", "note"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    @admin.display(description=_("state"), ordering="state")
    def state_name(self, obj: RegistrationAgency) -> str:
        """Name the state."""
        return obj.get_state_display()


@admin.register(ChecklistItem)
class ChecklistItemAdmin(Exported, Kept, ChecklistItemAdminBase):
    """The list; an attempt keeps the words with which it began."""

    list_display = ["text", "kind", "states", "source_name", "position", "is_offered", "is_sample"]
    list_filter = ["kind", "is_offered", "is_sample"]
    search_fields = ["text", "source_name"]
