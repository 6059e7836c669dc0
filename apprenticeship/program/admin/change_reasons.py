"""The reasons that reviewers choose from when something needs a change."""

from typing import TYPE_CHECKING

from django.contrib import admin

from apprenticeship.program.models import ChangeReason
from apprenticeship.records.exports import Exported
from apprenticeship.records.historied import Kept

if TYPE_CHECKING:
    ChangeReasonAdminBase = admin.ModelAdmin[ChangeReason]
else:
    ChangeReasonAdminBase = admin.ModelAdmin


@admin.register(ChangeReason)
class ChangeReasonAdmin(Exported, Kept, ChangeReasonAdminBase):
    list_display = ["title", "text", "position", "is_offered", "is_sample"]
    list_filter = ["is_offered", "is_sample"]
    search_fields = ["title", "text"]
