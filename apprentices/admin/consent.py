"""The texts that candidates consent to, by version."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from apprentices.models import ConsentText
from apprenticeship.program.admin import VersionAdmin
from apprenticeship.program.models.publishing import in_force


@admin.register(ConsentText)
class ConsentTextAdmin(VersionAdmin):
    list_display = ["version", "is_in_force", "is_sample", "published_at", "retired_at"]
    search_fields = ["text"]
    fields = ["version", "text", "is_sample", "published_at", "retired_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentText]:
        """Tell of each text whether a newer one has taken its place, as people are shown the newest."""
        newer = ConsentText.objects.filter(in_force(), version__gt=OuterRef("version"))
        texts: QuerySet[ConsentText] = super().get_queryset(request)
        return texts.annotate(is_replaced=Exists(newer))

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def is_in_force(self, obj: Any) -> bool:
        """Whether it is the text that people agree to today."""
        return obj.is_in_force and not obj.is_replaced

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str] | tuple[str, ...]:
        return tuple(name for name in super().get_readonly_fields(request, obj) if name != "created_at")
