"""The queue of cases: its columns, its tabs, its order."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import (
    Case,
    Count,
    IntegerField,
    Max,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apprenticeship.program.regions import region_of
from apprenticeship.records.admin import ReadOnlyAdmin, tag
from employers.admin.ages import AgeFilter, ReachedFilter
from employers.admin.filters import (
    PlaceFilter,
    RegionFilter,
    ReviewerFilter,
    TabFilter,
    TurnFilter,
    counted_tabs,
    targets_of,
    turn_here,
)
from employers.admin.history import CaseHistory
from employers.admin.paging import Found, Pages
from employers.aging import age_of, clock
from employers.assignment import held
from employers.look_alikes import marked
from employers.models import Agreement, Onboarding, Position, Submission
from employers.onboarding import State, Turn

# Cases that wait for AAMI come first, then those with the Department of Labor.
RANK = Case(When(state=State.REVIEW, then=0), When(state=State.REGISTRATION, then=1), default=2)
# From when an age counts, by whether a registration is sent; other cases (None) count from their state.
SINCE = {
    None: gettext_lazy("since %(day)s"),
    False: gettext_lazy("approved %(day)s, not sent yet"),
    True: gettext_lazy("sent %(day)s"),
}
# What the queue says of an agreement signed by hand, by where it stands.
PAPER_FLAGS: dict[Any, Any] = {
    Agreement.Status.PAPER: (gettext_lazy("Paper, not yet confirmed"), "now"),
    Agreement.Status.SIGNED: (gettext_lazy("Signed on paper"), "later"),
    Agreement.Status.IN_FORCE: (gettext_lazy("Signed on paper"), "later"),
    Agreement.Status.ENDED: (gettext_lazy("Signed on paper"), "later"),
}
_newest_on_paper = (
    Agreement.objects.current()
    .filter(employer=OuterRef("employer"), scans__rejected_at=None, scans__ended_at=None, scans__isnull=False)
    .order_by("-version")
)


def mood_of(onboarding: Onboarding) -> str:
    """Return the class of the tag that says a case's state."""
    if onboarding.state == State.ACTIVE:
        return "done"
    return "now" if onboarding.turn in (Turn.AAMI, Turn.AGENCY) else "later"


class QueueAdmin(CaseHistory, ReadOnlyAdmin):
    """A row a case: where it stands, how old that is, whose it is."""

    change_list_template = "admin/employers/onboarding/queue.html"
    export_extra = ("state_since",)
    list_display = (
        "employer_marks",
        "state_tag",
        "turn_words",
        "age",
        "case_of",
        "place",
        "openings",
        "submitted",
    )
    list_display_links = ("employer_marks",)
    list_filter = (
        TabFilter,
        TurnFilter,
        "state",
        AgeFilter,
        ReachedFilter,
        ReviewerFilter,
        RegionFilter,
        PlaceFilter,
    )
    search_fields = (
        *("employer__legal_name", "employer__dba_name", "employer__ein", "employer__city"),
        *(
            "employer__contact_name",
            "employer__contact_email",
            "reviewer__name",
            "registration__program_number",
        ),
    )
    search_help_text = gettext_lazy("Name, EIN, city, contact, reviewer or program number")
    list_select_related = ("employer", "reviewer")
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count openings and submissions in the same query; the order stands on them, so it comes last."""
        targets = {key: Value(days) for key, days in targets_of(request).items()}
        rows = held(Onboarding.objects.all()).annotate(
            rank=RANK,
            looks_like_another=marked(),
            **clock(targets),
            openings_sum=Coalesce(_per_case(Position, "employer", "employer_id", Sum("openings")), 0),
            paper=Subquery(_newest_on_paper.values("status")[:1]),
            submission_count=Coalesce(_per_case(Submission, "onboarding", "pk", Count("pk")), 0),
            first_submitted=Subquery(_submitted(Min("submitted_at"))),
            last_submitted=Subquery(_submitted(Max("submitted_at"))),
        )
        ordered: QuerySet[Any] = rows.order_by(*self.get_ordering(request))
        return ordered

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list that does not count for every case in order to show fifty."""
        return Pages

    def get_paginator(
        self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **kwargs: Any
    ) -> "Paginator[Any]":
        """Return the pages of a search apart."""
        if request.GET.get(SEARCH_VAR):
            return Found(queryset, per_page, *args, **kwargs)
        return super().get_paginator(request, queryset, per_page, *args, **kwargs)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Return: waiting for AAMI first, the oldest of them on top."""
        return ("rank", "state_since")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the queue at full width, with its tabs."""
        shown = {"title": _("Queue"), "tabs": counted_tabs(request)}
        return super().changelist_view(request, extra_context=shown | (extra_context or {}))

    @admin.display(description=gettext_lazy("employer"), ordering="employer__legal_name")
    def employer_marks(self, onboarding: Any) -> SafeString:
        """Name the employer, and mark what came back or looks like another."""
        tags = []
        if onboarding.submission_count > 1 and onboarding.state == State.REVIEW:
            tags.append(tag(_("Came back, submission %(n)s") % {"n": onboarding.submission_count}, "info"))
        if onboarding.looks_like_another:
            tags.append(tag(_("Looks like another"), "now"))
        return format_html(
            "{} {}", onboarding.employer, format_html_join(" ", "{}", ((row,) for row in tags))
        )

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_tag(self, onboarding: Onboarding) -> SafeString:
        """Return the state as a word in a tag, and another for a signature on paper."""
        state = tag(onboarding.get_state_display(), mood_of(onboarding))
        flag = PAPER_FLAGS.get(getattr(onboarding, "paper", None))
        return format_html("{} {}", state, tag(*flag)) if flag else state

    @admin.display(description=gettext_lazy("whose turn"))
    def turn_words(self, onboarding: Any) -> str:
        """Say who has to act."""
        return str(turn_here(onboarding))

    @admin.display(description=gettext_lazy("age"), ordering="state_since")
    def age(self, onboarding: Any) -> SafeString:
        """Say how long it has been there against the target, and since when."""
        age = age_of(onboarding)
        words = age.words if age.target is None else tag(age.words, age.mood)
        since = str(SINCE[age.is_sent]) % {"day": date_format(onboarding.clock_since, "M j, Y")}
        return format_html('{} <span class="quiet">{}</span>', words, since)

    @admin.display(description=gettext_lazy("reviewer"), ordering="reviewer__name")
    def case_of(self, onboarding: Any) -> "SafeString | str":
        """Name the reviewer, or say that nobody has a case that needs one."""
        if onboarding.is_held:
            return str(onboarding.reviewer)
        is_waiting = onboarding.turn in (Turn.AAMI, Turn.AGENCY)
        return tag(_("Nobody yet"), "now") if is_waiting else "–"

    @admin.display(description=gettext_lazy("state and region"), ordering="employer__state")
    def place(self, onboarding: Onboarding) -> SafeString:
        """Return the U.S. state of the principal address and its region of the Office of Apprenticeship."""
        region = region_of(onboarding.employer.state)
        name = region.name if region else ""
        return format_html('{} <span class="quiet">{}</span>', onboarding.employer.state or "–", name)

    @admin.display(description=gettext_lazy("openings"), ordering="openings_sum")
    def openings(self, onboarding: Any) -> int:
        """Count planned apprentices."""
        return int(onboarding.openings_sum)

    @admin.display(description=gettext_lazy("submitted"), ordering="last_submitted")
    def submitted(self, onboarding: Any) -> "SafeString | str":
        """Say when it was submitted first and last."""
        count = onboarding.submission_count
        if not count:
            return _("not yet")
        first, last = (
            date_format(at, "M j, Y") for at in (onboarding.first_submitted, onboarding.last_submitted)
        )
        if count == 1:
            return first
        times = ngettext("%(n)s time", "%(n)s times", count) % {"n": count}
        return format_html('{} <span class="quiet">{}</span>', last, f"{times}, {_('first')} {first}")


def _submitted(total: Any) -> QuerySet[Any]:
    rows = Submission.objects.filter(onboarding=OuterRef("pk")).order_by().values("onboarding")
    return rows.annotate(total=total).values("total")


def _per_case(model: Any, field: str, outer: str, total: Any) -> Subquery:
    """Return a subquery that totals the rows of another table for each case."""
    rows = model.objects.filter(**{field: OuterRef(outer)}).order_by().values(field)
    return Subquery(rows.annotate(total=total).values("total"), output_field=IntegerField())
