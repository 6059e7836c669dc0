"""The texts that candidates consent to, by version."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apprentices.models import ConsentText
from apprenticeship.program.admin import VersionAdmin


@admin.register(ConsentText)
class ConsentTextAdmin(VersionAdmin):
    list_display = ["version", "is_in_force", "is_sample", "published_at", "retired_at"]
    search_fields = ["text"]
    fields = ["version", "text", "is_sample", "published_at", "retired_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str] | tuple[str, ...]:
        return tuple(name for name in super().get_readonly_fields(request, obj) if name != "created_at")
