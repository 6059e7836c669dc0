"""How staff narrow the queue, and the tabs above it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.models import Program
from apprenticeship.program.regions import REGIONS, state_name
from employers.aging import overdue, target_days
from employers.assignment import able_reviewers
from employers.models import Employer, Onboarding
from employers.onboarding import UNDER_REVIEW, State, Text, Turn, turn_of

# Whose turn it is, in the words of the desk.
TURNS: dict[Turn, Text] = {
    Turn.AAMI: _("AAMI's turn"),
    Turn.AGENCY: _("With the Department of Labor"),
    Turn.EMPLOYER: _("Employer's turn"),
    Turn.NOBODY: _("Nobody's turn"),
}
TO_SEND = _("AAMI's turn: to be sent")
MINE, UNASSIGNED, OVERDUE = "mine", "unassigned", "overdue"
TABS: dict[str, Text] = {
    MINE: _("My work"), UNASSIGNED: _("Unassigned"), OVERDUE: _("Overdue"), "": _("All cases"),
}  # fmt: skip


def turn_here(onboarding: Any) -> Text:
    """Return whose turn it is in a case that was read with its clock: a registration is first to be sent."""
    if onboarding.state == State.REGISTRATION and onboarding.sent_on is None:
        return TO_SEND
    return TURNS[_turn_at_desk(onboarding.state)]


def _turn_at_desk(state: str) -> Turn:
    """Return whose turn it is as the desk counts it: nobody waits for an active partner, who hires and trains."""
    return Turn.NOBODY if state == State.ACTIVE else turn_of(State(state))


def targets_of(request: HttpRequest) -> dict[str, int]:
    """Return the program's targets in days by state, read once a request."""
    if not hasattr(request, "_targets"):
        request._targets = target_days(Program.objects.current())  # type: ignore[attr-defined]
    found: dict[str, int] = request._targets  # type: ignore[attr-defined]
    return found


def in_tab(request: HttpRequest, tab: str) -> Q:
    """Return the condition of the cases in a tab. A reviewer who is gone counts as nobody."""
    if tab == MINE:
        return Q(reviewer=request.user.pk, state__in=UNDER_REVIEW)
    if tab == UNASSIGNED:
        has_reviewer = Q(reviewer__in=able_reviewers().order_by().values("pk"))
        return Q(state__in=[State.REVIEW, State.REGISTRATION]) & ~has_reviewer
    return overdue(targets_of(request)) if tab == OVERDUE else Q()


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its address, its words, how many cases it holds."""

    query: str
    label: Text
    count: int
    is_current: bool


def counted_tabs(request: HttpRequest) -> list[Tab]:
    """Return the tabs with their counts, from one query."""
    totals = {f"tab_{name}": Count("pk", filter=in_tab(request, name)) for name in TABS if name}
    counts = Onboarding.objects.aggregate(tab_=Count("pk"), **totals)
    here = request.GET.get(TabFilter.parameter_name, "")
    return [
        Tab(
            f"?{TabFilter.parameter_name}={name}" if name else "?", label, counts[f"tab_{name}"], name == here
        )
        for name, label in TABS.items()
    ]


class TabFilter(admin.SimpleListFilter):
    """The tabs are this filter; they stand above the rows, not among the other filters."""

    title = _("tab")
    parameter_name = "tab"
    template = "admin/employers/onboarding/includes/no_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Return the tabs."""
        return [(name, label) for name, label in TABS.items() if name]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Onboarding]) -> QuerySet[Onboarding]:
        """Keep the cases of the tab."""
        return queryset.filter(in_tab(request, self.value() or ""))


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
        return queryset.filter(state__in=[state for state in State if _turn_at_desk(state) == self.value()])


class ReviewerFilter(admin.SimpleListFilter):
    """Filter by whose case it is."""

    title = _("reviewer")
    parameter_name = "case"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Return everybody who may review."""
        return [(str(person.pk), str(person)) for person in able_reviewers()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Onboarding]) -> QuerySet[Onboarding]:
        """Keep one person's cases."""
        key = self.value() or ""
        return queryset.filter(reviewer=int(key)) if key.isdecimal() and len(key) < 10 else queryset


class RegionFilter(admin.SimpleListFilter):
    """Filter by region of the Office of Apprenticeship."""

    title = _("region")
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Return the six regions."""
        return [(region.slug, region.name) for region in REGIONS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Onboarding]) -> QuerySet[Onboarding]:
        """Keep the states of the region."""
        chosen = next((region for region in REGIONS if region.slug == self.value()), None)
        return queryset.filter(employer__state__in=chosen.states) if chosen else queryset


class PlaceFilter(admin.SimpleListFilter):
    """Filter by the U.S. state of the principal address."""

    title = _("U.S. state")
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Return the states that employers are in."""
        codes = (
            Employer.objects.exclude(state="").order_by("state").values_list("state", flat=True).distinct()
        )
        return [(code, state_name(code)) for code in codes]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Onboarding]) -> QuerySet[Onboarding]:
        """Keep one state."""
        return queryset.filter(employer__state=self.value()) if self.value() else queryset
