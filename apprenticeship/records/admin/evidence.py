"""Which mail is owed, for staff to read; failed mail can be sent again."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from apprenticeship.accounts.models import User
from apprenticeship.records import events, queues
from apprenticeship.records.exports import PEOPLE, Exported
from apprenticeship.records.historied import Historied
from apprenticeship.records.models import Notification, Status

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    AdminBase = admin.ModelAdmin[Any]
else:
    AdminBase = admin.ModelAdmin

RETRY = "records.retry_notification"
# What the status of a mail is called, and the class of its tag.
MAIL_STATUS: "dict[str, tuple[StrOrPromise, str]]" = {
    Status.PENDING: (gettext_lazy("On its way"), "now"),
    Status.DONE: (gettext_lazy("Sent"), "done"),
    Status.FAILED: (gettext_lazy("Not delivered"), "error"),
}


class ReadOnlyAdmin(Exported, Historied, AdminBase):
    """Rows that acts make and nobody edits here."""

    actions = None
    change_form_template = "admin/read_only.html"
    # The permission that lets staff read these rows, where it is not the model's own.
    read_with = ""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those with `read_with`, or with the model's own permission."""
        if self.read_with:
            return request.user.has_perm(self.read_with)
        return super().has_view_permission(request, obj)

    def read(self, request: HttpRequest, pk: str, rows: QuerySet[Any]) -> Any:
        """Return one of `rows` that this person may read. Raises PermissionDenied or Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            return get_object_or_404(rows, pk=pk)
        except ValidationError:
            raise Http404 from None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


def tag(words: "StrOrPromise", mood: str) -> SafeString:
    """Return a status as a word in a tag; `mood` is its class: done, now, error, info or later."""
    return format_html('<span class="tag {}">{}</span>', mood, words)


def page_link(row: Any, words: "StrOrPromise" = "") -> str:
    """Return a row's name, or these words, as a link to its page if the admin has one; "–" for none."""
    if row is None:
        return "–"
    opts = row._meta
    if not admin.site.is_registered(type(row)):
        return str(words or row)
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, words or row)


class StuckFilter(admin.SimpleListFilter):
    """Filter by what needs somebody to look at it: failed, or not done for some minutes."""

    title = gettext_lazy("stuck")
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> "list[tuple[str, StrOrPromise]]":
        """Return the one answer."""
        return [("yes", gettext_lazy("Failed, or waiting for more than 5 minutes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the stuck rows."""
        return queryset.stuck() if self.value() == "yes" else queryset  # type: ignore[attr-defined]


class DeliveryFilter(admin.SimpleListFilter):
    """Filter by whether a mail went out, in the words of its tag."""

    title = gettext_lazy("status")
    parameter_name = "delivery"

    def lookups(self, request: HttpRequest, model_admin: Any) -> "list[tuple[str, StrOrPromise]]":
        """Return the three answers."""
        return [(status, words) for status, (words, _mood) in MAIL_STATUS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the mails in that state."""
        return queryset.filter(status=self.value()) if self.value() in MAIL_STATUS else queryset


_SPELLED = {
    "aami": "AAMI",
    "dol": "DOL",
    "totp": "authenticator app",
    "webauthn": "passkey",
    "email": "e-mail",
    "eeo": "EEO",
}


def in_words(name: str) -> str:
    """Return the name of a mail or a verb as words."""
    return capfirst(" ".join(_SPELLED.get(word, word) for word in name.split("_")))


class MailFilter(admin.SimpleListFilter):
    """Filter by which mail it is, among those that were ever owed."""

    title = gettext_lazy("mail")
    parameter_name = "name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the mails."""
        names = Notification.objects.order_by("name").values_list("name", flat=True).distinct()
        return [(name, in_words(name)) for name in names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep one mail."""
        return queryset.filter(name=self.value()) if self.value() else queryset


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """Mail with its state."""

    export_permission = PEOPLE
    list_display = ("created_at", "mail", "recipient", "about", "status_tag", "attempts", "error", "done_at")
    list_display_links = ("mail",)
    list_filter = (StuckFilter, DeliveryFilter, "created_at", MailFilter)
    search_fields = ("recipient", "subject", "name")
    list_select_related = ("subject_type",)
    list_per_page = 50
    fields = (
        *("mail", "recipient", "about", "status_tag", "attempts", "error"),
        *("created_at", "not_before", "done_at", "papers", "subject", "text"),
    )
    readonly_fields = fields
    change_form_template = "admin/records/notification/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Fetch what the mails are about in one query a kind."""
        return super().get_queryset(request).defer("body").prefetch_related("about")

    @admin.display(description=gettext_lazy("mail"), ordering="name")
    def mail(self, row: Notification) -> str:
        """Name the mail as words."""
        return in_words(row.name)

    @admin.display(description=gettext_lazy("about"))
    def about(self, row: Notification) -> str:
        """Name the subject, and lead to its page."""
        return page_link(row.about)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def status_tag(self, row: Notification) -> SafeString:
        """Return the status as a tag."""
        return tag(*MAIL_STATUS[row.status])

    @admin.display(description=gettext_lazy("papers attached"))
    def papers(self, row: Notification) -> str:
        """Name the attachments."""
        return ", ".join(str(paper) for paper in row.attachments.all()) or "–"

    @admin.display(description=gettext_lazy("text as sent"))
    def text(self, row: Notification) -> SafeString:
        """Return the plain text; what it granted is not stored."""
        return format_html('<pre class="mail-text">{}</pre>', row.body or "–")

    def get_urls(self) -> list[URLPattern]:
        """Add the address that sends a failed mail again."""
        retry = self.admin_site.admin_view(require_POST(self.retry))
        return [path("<uuid:pk>/retry/", retry, name="records_notification_retry"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say whether this mail can be sent again by this person."""
        row = kwargs.get("obj")
        context["may_retry"] = row is not None and row.is_stuck and request.user.has_perm(RETRY)
        return super().render_change_form(request, context, *args, **kwargs)

    def retry(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Put a stuck mail back into the queue. POST only."""
        if not isinstance(request.user, User) or not request.user.has_perm(RETRY):
            raise PermissionDenied
        row = get_object_or_404(Notification, pk=pk)
        if row.is_stuck:
            row.retry()
            events.record(events.PROGRAM, "notification_retried", by=request.user, subject=row)
            queues.kick("notifications", row.pk)
            messages.success(request, _("The mail is on its way again."))
        else:
            messages.info(request, _("Nothing to do: this mail did not fail."))
        return redirect("admin:records_notification_change", pk)
