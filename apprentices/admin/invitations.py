"""The list that AAMI has: uploaded, shown row by row, invited by the worker, and what became of everybody."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apprentices import inviting
from apprentices.inviting import Outcome
from apprentices.models import Invitation, InvitationList
from apprentices.people_table import BYTES_MAX, ERROR, TWICE, Plan, plan, sample_csv, store
from apprenticeship import charts
from apprenticeship.accounts.models import User
from apprenticeship.records.admin import ReadOnlyAdmin
from apprenticeship.records.exports import PEOPLE
from apprenticeship.records.imports import TableImport
from apprenticeship.records.models import Status
from employers.admin.front import listed

INVITE = "apprentices.invite_candidates"
DELETE = "apprentices.delete_candidate"
SHOWN = 100  # rows of each kind on the page
STOP_POLLING = 286  # htmx


class PeopleImport(TableImport):
    """People to invite. Rows with errors are left out: who is on the list twice is invited once anyway."""

    template = "admin/apprentices/invitationlist/import.html"
    bytes_max = BYTES_MAX
    title = gettext_lazy("Invite people from a list")
    agrees = gettext_lazy("These people told AAMI that a BMET apprenticeship interests them.")
    tick_first = gettext_lazy("Tick this first: only people who asked for it may be written to.")
    moved_on = gettext_lazy(
        "Something changed since you looked. Nobody was invited; this is what the file does now."
    )

    def plan(self, text: str) -> Plan:
        """Compare the file with everybody who is known."""
        return plan(text)

    def store(self, text: str, *, fingerprint: str, by: User) -> InvitationList:
        """Keep the people and let the worker begin."""
        return store(text, fingerprint=fingerprint, by=by)

    def needs_yes(self, plan: Plan) -> bool:
        """Always."""
        return True

    def context(self, plan: Plan | None) -> dict[str, Any]:
        """Group the rows by what becomes of them."""
        return {"groups": _groups(plan) if plan else [], "days": inviting.ANSWER_WITHIN.days}

    def done(self, request: HttpRequest, stored: InvitationList) -> HttpResponse:
        """Lead to where the work is seen."""
        text = ngettext(
            "%(count)s person is being invited.", "%(count)s people are being invited.", stored.size
        )
        messages.success(request, text % {"count": f"{stored.size:,}"})
        return redirect("admin:apprentices_invitationlist_change", stored.pk)


def _groups(found: Plan) -> list[dict[str, Any]]:
    """Return the rows by what becomes of them, the ones to look at first."""
    heads: dict[str, tuple[str, str]] = {
        ERROR: (_("To correct, left out"), "error"),
        Outcome.WAITING: (_("Invited"), "done"),
        TWICE: (_("Twice in this file, left out"), "later"),
        Outcome.KNOWN: (_("On the list of candidates already, left out"), "later"),
        Outcome.REPEATED: (_("Invited before, left out"), "later"),
        Outcome.GONE: (_("Deleted or said no before, left out"), "later"),
    }
    groups = []
    for outcome, (title, mood) in heads.items():
        lines = found.of(outcome)
        if lines:
            more = max(len(lines) - SHOWN, 0)
            groups.append(
                {"title": title, "mood": mood, "count": len(lines), "lines": lines[:SHOWN], "more": more}
            )
    return groups


@admin.register(InvitationList)
class InvitationListAdmin(ReadOnlyAdmin):
    """Uploaded lists, each with how far the worker has come and what people answered."""

    read_with = "apprentices.view_candidate"
    list_display = ["created_at", "by", "size", "status"]
    list_select_related = ["by"]
    fields = ["created_at"]
    change_list_template = "admin/apprentices/invitationlist/list.html"
    change_form_template = "admin/apprentices/invitationlist/page.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the upload, of its sample, and of the part of the page that is fetched anew."""
        wrap, name = self.admin_site.admin_view, "apprentices_invitationlist"
        return [
            path("import/", wrap(self.import_csv), name=f"{name}_import"),
            path("import/sample/", wrap(self.sample_csv), name=f"{name}_sample"),
            path("<int:pk>/progress/", wrap(self.progress), name=f"{name}_progress"),
            *super().get_urls(),
        ]

    def import_csv(self, request: HttpRequest) -> HttpResponse:
        """Read a file, show what it would do, invite."""
        return PeopleImport(self, is_allowed=request.user.has_perm(INVITE)).view(request)

    def sample_csv(self, request: HttpRequest) -> HttpResponse:
        """Hand out a table to fill in."""
        if not request.user.has_perm(INVITE):
            raise PermissionDenied
        headers = {"Content-Disposition": 'attachment; filename="people-to-invite.csv"'}
        return HttpResponse(sample_csv(), content_type="text/csv; charset=utf-8", headers=headers)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Offer the upload to those who may."""
        shown = {"may_invite": request.user.has_perm(INVITE)}
        return super().changelist_view(request, extra_context=shown | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show how far the worker has come."""
        context |= {"title": _("List of people to invite"), "subtitle": None, **_progress(kwargs["obj"])}
        return super().render_change_form(request, context, *args, **kwargs)

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the part of the page that changes; the status ends the polling."""
        batch = self.read(request, str(pk), InvitationList.objects.all())
        status = 200 if batch.status == Status.PENDING else STOP_POLLING
        template = "admin/apprentices/invitationlist/progress.html"
        return TemplateResponse(request, template, {"original": batch, **_progress(batch)}, status=status)


def _progress(batch: InvitationList) -> dict[str, Any]:
    """Return how many of a list came to what, and how many still wait."""
    counts = dict(batch.invitations.order_by().values_list("outcome").annotate(Count("pk")))
    bars = [
        charts.Bar(
            label=str(outcome.label).capitalize(),
            segments=(charts.Segment(count=counts.get(outcome, 0), shade=3),),
            url=listed("apprentices_invitation", batch__id__exact=batch.pk, outcome__exact=outcome.value),
        )
        for outcome in Outcome
    ]
    waiting = counts.get(Outcome.WAITING, 0)
    return {
        "outcomes": charts.bar_chart(bars),
        "handled": sum(counts.values()) - waiting,
        "is_working": batch.status == Status.PENDING,
        "has_failed": batch.status == Status.FAILED,
    }


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Everybody on the lists; whoever has answered has no name here any more."""

    export_permission = PEOPLE
    read_with = "apprentices.view_candidate"
    list_display = ["number", "name", "email", "zip_code", "outcome", "changed_at", "batch"]
    list_display_links = ["number"]
    list_filter = ["outcome"]
    list_select_related = ["batch"]
    search_fields = ["name", "email"]
    ordering = ["-batch", "number"]
    fields = ["batch", "number", "name", "email", "phone", "zip_code", "outcome", "changed_at"]
    change_form_template = "admin/apprentices/invitation/page.html"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who may delete candidates."""
        return request.user.has_perm(DELETE)

    def delete_model(self, request: HttpRequest, obj: Invitation) -> None:
        """Delete somebody on request, and remember not to invite the address again."""
        assert isinstance(request.user, User)
        inviting.erase(obj, by=request.user)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Filter by the list, too."""
        return lookup == "batch__id__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]
