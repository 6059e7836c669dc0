"""The queue of cases and the review page of one."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from apprenticeship.records.admin import ReadOnlyAdmin, tag
from employers import desk
from employers.admin.deciding import decide_view
from employers.admin.filters import TURNS, ReviewerFilter, TurnFilter
from employers.admin.page import review_page
from employers.admin.paper import judge_scan
from employers.models import Agreement, Onboarding, Position, Submission
from employers.onboarding import State, Turn
from employers.permissions import NotAllowed

# Cases that wait for AAMI come first, then those with the Department of Labor.
RANK = Case(When(state=State.REVIEW, then=0), When(state=State.REGISTRATION, then=1), default=2)


# What the queue says of an agreement signed by hand, by where it stands.
PAPER_FLAGS: dict[Any, Any] = {
    Agreement.Status.PAPER: (gettext_lazy("Paper, not yet confirmed"), "now"),
    Agreement.Status.SIGNED: (gettext_lazy("Signed on paper"), "later"),
    Agreement.Status.IN_FORCE: (gettext_lazy("Signed on paper"), "later"),
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


@admin.register(Onboarding)
class OnboardingAdmin(ReadOnlyAdmin):
    """The queue; its rows open the review page."""

    list_display = (
        "employer",
        "state_tag",
        "turn_words",
        "since",
        "case_of",
        "place",
        "openings",
        "submitted",
    )
    list_filter = (TurnFilter, ReviewerFilter, "state")
    search_fields = ("employer__legal_name", "employer__dba_name")
    list_select_related = ("employer", "reviewer")
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count openings and submissions in the same query; the order stands on them, so it comes last."""
        rows = Onboarding.objects.annotate(
            rank=RANK,
            openings_sum=Coalesce(_per_case(Position, "employer", "employer_id", Sum("openings")), 0),
            paper=Subquery(_newest_on_paper.values("status")[:1]),
            submission_count=Coalesce(_per_case(Submission, "onboarding", "pk", Count("pk")), 0),
        )
        ordered: QuerySet[Any] = rows.order_by(*self.get_ordering(request))
        return ordered

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Return: waiting for AAMI first, the oldest of them on top."""
        return ("rank", "state_since")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the queue at full width."""
        shown = {"title": _("Queue")}
        return super().changelist_view(request, extra_context=shown | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses that decide and assign."""
        wrap = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/decide/<slug:name>/", decide_view(self), name="employers_onboarding_decide"
            ),
            path(
                "<path:object_id>/claim/", wrap(require_POST(self.claim)), name="employers_onboarding_claim"
            ),
            path(
                "<path:object_id>/scans/<uuid:pk>/<slug:do>/",
                wrap(partial(judge_scan, self)),
                name="employers_onboarding_scan",
            ),
            *super().get_urls(),
        ]

    def case(self, request: HttpRequest, object_id: str) -> Onboarding:
        """Return a case this person may read. Raises PermissionDenied or Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Onboarding.objects.select_related("employer", "reviewer", "registration")
        return get_object_or_404(rows, pk=object_id if object_id.isdecimal() else None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the review page; nothing is changed here."""
        return require_safe(lambda request: review_page(self, request, self.case(request, object_id)))(
            request
        )

    def claim(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make the reader the reviewer. POST only."""
        onboarding = self.case(request, object_id)
        try:
            is_mine = desk.claim(onboarding, by=request.user)  # type: ignore[arg-type]  # admin_view
        except NotAllowed as refusal:
            return review_page(self, request, onboarding, status=403, problem=str(refusal))
        if is_mine:
            messages.success(request, _("This is your case now."))
        else:
            messages.info(request, _("Somebody was quicker: this case has a reviewer."))
        return redirect("admin:employers_onboarding_change", onboarding.pk)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_tag(self, onboarding: Onboarding) -> SafeString:
        """Return the state as a word in a tag, and another for a signature on paper."""
        state = tag(onboarding.get_state_display(), mood_of(onboarding))
        flag = PAPER_FLAGS.get(getattr(onboarding, "paper", None))
        return format_html("{} {}", state, tag(*flag)) if flag else state

    @admin.display(description=gettext_lazy("whose turn"))
    def turn_words(self, onboarding: Onboarding) -> str:
        """Say who has to act."""
        return str(TURNS[onboarding.turn])

    @admin.display(description=gettext_lazy("since"), ordering="state_since")
    def since(self, onboarding: Onboarding) -> str:
        """Say since when, and how long that is."""
        days = (timezone.now() - onboarding.state_since).days
        age = ngettext("%(days)s day", "%(days)s days", days) % {"days": days} if days else _("today")
        return f"{date_format(onboarding.state_since, 'M j, Y')} · {age}"

    @admin.display(description=gettext_lazy("reviewer"), ordering="reviewer__name")
    def case_of(self, onboarding: Onboarding) -> str:
        """Name the reviewer."""
        return str(onboarding.reviewer or "–")

    @admin.display(description=gettext_lazy("place"), ordering="employer__state")
    def place(self, onboarding: Onboarding) -> str:
        """Return the U.S. state of the employer's principal address."""
        return onboarding.employer.state or "–"

    @admin.display(description=gettext_lazy("openings"), ordering="openings_sum")
    def openings(self, onboarding: Any) -> int:
        """Count planned apprentices."""
        return int(onboarding.openings_sum)

    @admin.display(description=gettext_lazy("submitted"), ordering="submission_count")
    def submitted(self, onboarding: Any) -> str:
        """Count submissions."""
        count = onboarding.submission_count
        return ngettext("%(n)s time", "%(n)s times", count) % {"n": count} if count else _("not yet")


def _per_case(model: Any, field: str, outer: str, total: Any) -> Subquery:
    """Return a subquery that totals the rows of another table for each case."""
    rows = model.objects.filter(**{field: OuterRef(outer)}).order_by().values(field)
    return Subquery(rows.annotate(total=total).values("total"), output_field=IntegerField())
