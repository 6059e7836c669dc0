"""Questions and answers of the public pages."""

from typing import TYPE_CHECKING

from django.contrib import admin

from apprenticeship.program.models import Question
from apprenticeship.records.exports import Exported
from apprenticeship.records.historied import Kept

if TYPE_CHECKING:
    QuestionAdminBase = admin.ModelAdmin[Question]
else:
    QuestionAdminBase = admin.ModelAdmin


@admin.register(Question)
class QuestionAdmin(Exported, Kept, QuestionAdminBase):
    list_display = ["question", "audience", "position", "is_shown"]
    list_filter = ["audience", "is_shown"]
    search_fields = ["question", "answer"]
