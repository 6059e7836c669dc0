"""Papers in the admin: where each stands; stuck ones can be made again."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from apprenticeship.accounts.models import User
from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from apprenticeship.documents.orders import QUEUE
from apprenticeship.records import events, queues
from apprenticeship.records.admin import StuckFilter, page_link
from apprenticeship.records.exports import Exported
from apprenticeship.records.historied import Historied
from apprenticeship.records.models import Status

if TYPE_CHECKING:
    DocumentAdminBase = admin.ModelAdmin[Document]
else:
    DocumentAdminBase = admin.ModelAdmin


class KindFilter(admin.SimpleListFilter):
    """Filter by the kind of paper, by its name."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return every kind."""
        return list(kinds.LABELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> QuerySet[Document]:
        """Keep one kind."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Document)
class DocumentAdmin(Exported, Historied, DocumentAdminBase):
    """Read only: a paper is ordered by an act and made by the worker."""

    list_display = ("title", "code", "about", "status", "attempts", "error", "created_at", "done_at")
    list_filter = (StuckFilter, "status", KindFilter, "created_at")
    search_fields = ("code", "title")
    list_select_related = ("subject_type",)
    date_hierarchy = "created_at"
    actions = ("make_again",)
    fields = (
        *("title", "code", "version", "kind_name", "about", "paper", "status", "attempts", "error"),
        *("created_at", "created_by", "done_at", "pages", "file_sha256"),
    )
    readonly_fields = fields
    change_form_template = "admin/documents/document/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """Leave the facts out, which no column shows; fetch the subjects in one query a kind."""
        papers: QuerySet[Document] = super().get_queryset(request).defer("data")
        return papers.prefetch_related("subject")

    @admin.display(description=_("kind"))
    def kind_name(self, document: Document) -> str:
        """Name the kind of paper."""
        return str(kinds.LABELS.get(document.kind, document.kind))

    @admin.display(description=_("about"))
    def about(self, document: Document) -> str:
        """Name the subject, and lead to its page."""
        return page_link(document.subject)

    @admin.display(description=_("paper"))
    def paper(self, document: Document) -> str:
        """Link to the PDF."""
        if document.status != Status.DONE:
            return "–"
        address = reverse("documents:document", args=[document.pk])
        return format_html('<a href="{}">{}</a>', address, document.filename)

    @admin.action(description=_("Make stuck papers again"), permissions=["retry"])
    def make_again(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        """Put the stuck ones of a selection back into the queue."""
        stuck = list(Document.objects.stuck().filter(pk__in=queryset.values("pk")))
        for document in stuck:
            self._retry(request, document)
        text = ngettext("%d paper is being made again.", "%d papers are being made again.", len(stuck))
        self.message_user(request, text % len(stuck), messages.SUCCESS if stuck else messages.WARNING)

    def get_urls(self) -> list[URLPattern]:
        """Add the address that makes a stuck paper again."""
        retry = self.admin_site.admin_view(require_POST(self.retry))
        return [path("<uuid:pk>/retry/", retry, name="documents_document_retry"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say whether this paper can be made again by this person."""
        row = kwargs.get("obj")
        context["may_retry"] = row is not None and row.is_stuck and self.has_retry_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def retry(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Put a stuck paper back into the queue. POST only."""
        if not self.has_retry_permission(request):
            raise PermissionDenied
        document = get_object_or_404(Document, pk=pk)
        if document.is_stuck:
            self._retry(request, document)
            messages.success(request, gettext("The paper is being made again."))
        else:
            messages.info(request, gettext("Nothing to do: this paper is ready or on its way."))
        return redirect("admin:documents_document_change", pk)

    def _retry(self, request: HttpRequest, document: Document) -> None:
        document.retry()
        by = request.user if isinstance(request.user, User) else None
        events.record(events.PROGRAM, "document_retried", by=by, subject=document)
        queues.kick(QUEUE, document.pk)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Those who may change papers or send mail again."""
        user = request.user
        return user.has_perm("documents.change_document") or user.has_perm("records.retry_notification")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: acts order papers."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: facts are frozen."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: papers are evidence."""
        return False
