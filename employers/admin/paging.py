"""The pages of the queue: what is counted for a row is counted for the rows of its page alone."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

if TYPE_CHECKING:
    PaginatorBase = Paginator[Any]
else:
    PaginatorBase = Paginator


class Pages(ChangeList):
    """A list whose database first finds the rows of a page, by their keys, and then counts for them."""

    kept_filters = ""

    def url_for_result(self, result: Any) -> str:
        """Return the address of a case, which leads back to the list as it was filtered."""
        url = super().url_for_result(result)
        return f"{url}?{self.kept_filters}" if self.kept_filters else url

    def get_results(self, request: HttpRequest) -> None:
        """Find the page, and read its rows with all that is counted for them."""
        # Django resolves each row's address again to add its filters: half of the time that a row takes.
        self.kept_filters, self.preserved_filters = self.preserved_filters, ""
        super().get_results(request)
        rows = self.apply_select_related(self.root_queryset).filter(pk__in=self.result_list.values("pk"))
        self.result_list = rows.order_by(*self.queryset.query.order_by)


class Found(PaginatorBase):
    """The pages of a search. It reads every name, so it is asked once, for their number and for the keys of all."""

    @cached_property
    def keys(self) -> list[int]:
        """The keys of what was found, in the order of the list."""
        return list(cast(QuerySet[Any], self.object_list).values_list("pk", flat=True))

    @cached_property
    def count(self) -> int:
        """How many were found."""
        return len(self.keys)

    def page(self, number: int | str) -> "Page[Any]":
        """Return a page by its keys."""
        here, rows = self.validate_number(number), cast(QuerySet[Any], self.object_list)
        keys = self.keys[(here - 1) * self.per_page : here * self.per_page]
        return Page(rows.model._default_manager.filter(pk__in=keys), here, self)
