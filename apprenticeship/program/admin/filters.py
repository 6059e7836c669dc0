"""Filters of the settings, in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.records.admin import in_words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class GivenFilter(admin.EmptyFieldListFilter):
    """Filter by whether a field is filled in, in words that say what that means."""

    empty: "StrOrPromise"
    given: "StrOrPromise"

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Yield all, those without and those with it; counts stay behind the words."""
        plain = (_("All"), _("Empty"), _("Not empty"))
        words = (_("All"), self.empty, self.given)
        for choice, was, now in zip(super().choices(changelist), plain, words, strict=True):
            yield {**choice, "display": f"{now}{str(choice['display']).removeprefix(was)}"}


class PublishedFilter(GivenFilter):
    """Filter by whether a version is published."""

    empty, given = gettext_lazy("Drafts"), gettext_lazy("Published")


class SectorFilter(GivenFilter):
    """Filter by whether a rate is that of some workplaces only."""

    empty, given = gettext_lazy("General rates"), gettext_lazy("Rates of one sector")


class KindFilter(admin.SimpleListFilter):
    """Filter by the kind of program document, in words."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the kinds that there are."""
        kinds = model_admin.model.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, kind_in_words(kind)) for kind in kinds]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep one kind."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


def kind_in_words(kind: str) -> str:
    """Return the kind of a program document as words."""
    return in_words(kind.replace("-", "_"))
