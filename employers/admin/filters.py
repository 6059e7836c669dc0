"""How staff narrow the queue."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from employers.models import Onboarding
from employers.onboarding import State, Text, Turn, turn_of

# Whose turn it is, in the words of the desk.
TURNS: dict[Turn, Text] = {
    Turn.AAMI: _("AAMI's turn"),
    Turn.AGENCY: _("With the Department of Labor"),
    Turn.EMPLOYER: _("Employer's turn"),
    Turn.NOBODY: _("Nobody's turn"),
}
MINE, UNASSIGNED = "mine", "none"


class TurnFilter(admin.SimpleListFilter):
    """Filter by who has to act next."""

    title = _("whose turn")
    parameter_name = "turn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Return the four answers."""
        return [(turn.value, words) for turn, words in TURNS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Onboarding]) -> QuerySet[Onboarding]:
        """Keep the states in which it is the chosen one's turn."""
        if self.value() not in Turn.values:
            return queryset
        return queryset.filter(state__in=[state for state in State if turn_of(state) == self.value()])


class ReviewerFilter(admin.SimpleListFilter):
    """Filter by whose case it is."""

    title = _("reviewer")
    parameter_name = "case"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Return mine and unassigned."""
        return [(MINE, _("My cases")), (UNASSIGNED, _("Not assigned"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Onboarding]) -> QuerySet[Onboarding]:
        """Keep the reader's own cases, or those that nobody has."""
        if self.value() == MINE:
            return queryset.filter(reviewer=request.user.pk)
        return queryset.filter(reviewer=None) if self.value() == UNASSIGNED else queryset
