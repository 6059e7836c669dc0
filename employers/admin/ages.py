"""Filters of the queue that the front page's figures lead to."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from employers import figures, kept_figures
from employers.models import Onboarding
from employers.onboarding import Text

AGE_WORDS: dict[str, Text] = {
    "week": _("up to 7 days"),
    "month": _("8 to 30 days"),
    "quarter": _("31 to 90 days"),
    "older": _("over 90 days"),
}


class AgeFilter(admin.SimpleListFilter):
    """Filter by how long a case has been where it is."""

    title = _("time in this state")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Return the four ages."""
        return list(AGE_WORDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Onboarding]) -> QuerySet[Onboarding]:
        """Keep one age."""
        name = self.value()
        return queryset.filter(figures.aged(name, timezone.now())) if name in AGE_WORDS else queryset


class ReachedFilter(admin.SimpleListFilter):
    """Filter by how far a case ever came."""

    title = _("ever came to")
    parameter_name = "reached"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Return the states on the way to partnership."""
        return [(state.value, state.label) for state in kept_figures.STAGES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Onboarding]) -> QuerySet[Onboarding]:
        """Keep those that were there, whatever became of them."""
        state = self.value() or ""
        known = state in [stage.value for stage in kept_figures.STAGES]
        return queryset.filter(kept_figures.reached(state)) if known else queryset
