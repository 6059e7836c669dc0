"""What happened, for staff to read."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from apprenticeship.records import details, events, history, verbs
from apprenticeship.records.admin.evidence import ReadOnlyAdmin, in_words, page_link
from apprenticeship.records.models import Event, EventChain

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    PaginatorBase = Paginator[Any]
else:
    PaginatorBase = Paginator


class FirstFilter(admin.SimpleListFilter):
    """Filter by what happened to each person or thing for the first time."""

    title = gettext_lazy("first time")
    parameter_name = "first"

    def lookups(self, request: HttpRequest, model_admin: Any) -> "list[tuple[str, StrOrPromise]]":
        """Return the one answer."""
        return [("yes", gettext_lazy("The first of its kind about each subject"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Keep the first events."""
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=events.firsts(Event.objects.all()).values("pk"))


class LogPages(PaginatorBase):
    """Pages of the log. The whole log is as long as its chains are; counting its events takes longer with each."""

    @cached_property
    def count(self) -> int:
        """Count the events."""
        rows: Any = self.object_list
        if rows.query.where:
            return rows.count()  # type: ignore[no-any-return]
        return EventChain.objects.aggregate(events=Coalesce(Sum("length"), 0))["events"]  # type: ignore[no-any-return]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The event log, newest first; a search for a chain shows one chain."""

    export_extra = ("at",)
    list_display = ("moment", "what", "who", "details", "chain_name", "number")
    list_display_links = ("what",)
    list_filter = ("at", FirstFilter)
    search_fields = ("chain__name", "verb", "user__email", "user__name")
    ordering = ("-at", "-number")
    paginator = LogPages
    show_full_result_count = False
    fields = (
        *("moment", "what", "who", "details", "about", "chain_name"),
        *("number", "verb", "chain", "subject_id", "previous", "hash"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Read with each event who did it, whose it is and what it changed."""
        return details.named(history.named(super().get_queryset(request)))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find events by the words of the list too."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        said = verbs.saying(search_term) if search_term.strip() else []
        return (found | queryset.filter(verb__in=said) if said else found), may_repeat

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one event under what happened."""
        event = self.get_object(request, object_id)
        subtitle = {"subtitle": verbs.said(event)} if event else {}
        return super().change_view(request, object_id, form_url, subtitle | (extra_context or {}))

    @admin.display(description=gettext_lazy("when (UTC)"), ordering="at")
    def moment(self, event: Event) -> str:
        """Return the time to the second, with its zone."""
        return date_format(event.at, "M j, Y, H:i:s") + " UTC"

    @admin.display(description=gettext_lazy("what"), ordering="verb")
    def what(self, event: Event) -> str:
        """Say what happened."""
        return str(verbs.said(event))

    @admin.display(description=gettext_lazy("who"), ordering="user__name")
    def who(self, event: Event) -> str:
        """Name who did it."""
        return history.who(event)

    @admin.display(description=gettext_lazy("details"))
    def details(self, event: Event) -> str:
        """Return what the event keeps, in words."""
        return details.details(event)

    @admin.display(description=gettext_lazy("about"))
    def about(self, event: Event) -> str:
        """Lead to what it is about."""
        return page_link(event.subject)

    @admin.display(description=gettext_lazy("belongs to"), ordering="chain")
    def chain_name(self, event: Any) -> str:
        """Name the employer, and lead to it, or whatever else the event belongs to."""
        kind, _colon, pk = event.chain_id.partition(":")
        words = event.chain_title or in_words(kind)
        return details.link("admin:employers_employer_change", pk, words) if pk else words
