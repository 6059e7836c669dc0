"""What happened, for staff to read."""

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from apprenticeship.records import events, history
from apprenticeship.records.admin.evidence import ReadOnlyAdmin, in_words
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
        "moment",
        "what",
        "who",
        "details",
        "chain_name",
        "number",
        "subject_type",
        "subject_id",
        "previous",
        "hash",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Read who did it with each event."""
        return history.named(super().get_queryset(request))

    @admin.display(description=gettext_lazy("when (UTC)"), ordering="at")
    def moment(self, event: Event) -> str:
        """Return the time to the second, with its zone."""
        return date_format(event.at, "M j, Y, H:i:s") + " UTC"

    @admin.display(description=gettext_lazy("what"), ordering="verb")
    def what(self, event: Event) -> str:
        """Return the verb as words."""
        return in_words(event.verb)

    @admin.display(description=gettext_lazy("who"), ordering="user__name")
    def who(self, event: Event) -> str:
        """Name who did it."""
        return history.who(event)

    @admin.display(description=gettext_lazy("details"))
    def details(self, event: Event) -> str:
        """Return the ids and codes of the event on one line."""
        pairs = (
            f"{key}: {value if isinstance(value, str) else json.dumps(value)}"
            for key, value in event.data.items()
        )
        return "; ".join(pairs) or "–"

    @admin.display(description=gettext_lazy("chain"), ordering="chain")
    def chain_name(self, event: Event) -> str:
        """Name the chain."""
        return event.chain_id
