"""Papers in the admin: where each stands; stuck ones can be made again."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apprenticeship.documents.models import Document
from apprenticeship.documents.orders import QUEUE
from apprenticeship.records import queues
from apprenticeship.records.admin import StuckFilter
from apprenticeship.records.models import Status

if TYPE_CHECKING:
    DocumentAdminBase = admin.ModelAdmin[Document]
else:
    DocumentAdminBase = admin.ModelAdmin


@admin.register(Document)
class DocumentAdmin(DocumentAdminBase):
    """Read only: a paper is ordered by an act and made by the worker."""

    list_display = ("title", "code", "kind", "about", "status", "attempts", "error", "created_at", "done_at")
    list_filter = (StuckFilter, "status", "kind", "created_at")
    search_fields = ("code", "title")
    list_select_related = ("subject_type",)
    date_hierarchy = "created_at"
    actions = ("make_again",)
    fields = (
        *("title", "code", "version", "kind", "about", "paper", "status", "attempts", "error"),
        *("created_at", "created_by", "done_at", "pages", "file_sha256"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """Leave the facts out, which no column shows; fetch the subjects in one query a kind."""
        papers: QuerySet[Document] = super().get_queryset(request).defer("data")
        return papers.prefetch_related("subject")

    @admin.display(description=_("about"))
    def about(self, document: Document) -> str:
        """Name the subject."""
        return str(document.subject or "–")

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
            document.retry()
            queues.kick(QUEUE, document.pk)
        text = ngettext("%d paper is being made again.", "%d papers are being made again.", len(stuck))
        self.message_user(request, text % len(stuck), messages.SUCCESS if stuck else messages.WARNING)

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
