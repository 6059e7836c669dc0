"""Deletion on request: asked once more, done, and shown as a receipt that stays."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from apprentices import interest
from apprentices.deleting import delete_on_request
from apprentices.models import Candidate, Deletion
from apprenticeship.accounts.models import User
from apprenticeship.records.admin import MAIL_STATUS, ReadOnlyAdmin
from apprenticeship.records.models import Notification

if TYPE_CHECKING:
    from apprentices.admin.candidates import CandidateAdmin


def delete_view(model_admin: "CandidateAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Say what will go (GET); delete it, tell the person if that was asked for, show the receipt (POST)."""
    if not isinstance(request.user, User) or not model_admin.has_delete_permission(request):
        raise PermissionDenied
    candidate = model_admin.get_object(request, object_id)
    if candidate is None:
        return _nothing_to_do(request)
    if request.method != "POST":
        return _ask(model_admin, request, candidate)
    model_admin.log_deletions(request, Candidate.objects.filter(pk=candidate.pk))
    receipt = delete_on_request(candidate, by=request.user, tell="tell" in request.POST)
    if receipt is None:
        return _nothing_to_do(request)
    messages.success(request, _("Deleted. This is the receipt; it says nothing about the person."))
    return redirect("admin:apprentices_deletion_change", receipt.pk)


def _nothing_to_do(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Nothing to do: they are deleted already."))
    return redirect("admin:apprentices_candidate_changelist")


def _ask(model_admin: "CandidateAdmin", request: HttpRequest, candidate: Candidate) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Delete everything about %(name)s?") % {"name": candidate.name},
        "candidate": candidate,
        "mails": interest.mails_about(candidate).count(),
        "openings": candidate.disclosures.count(),
        "marks": candidate.progress.count(),
    }
    return TemplateResponse(request, "admin/apprentices/candidate/delete.html", context)


@admin.register(Deletion)
class DeletionAdmin(ReadOnlyAdmin):
    """Receipts, for whoever asks later whether and when something was deleted."""

    read_with = "apprentices.view_candidate"
    list_display = ["reference", "at", "by", "is_told"]
    list_select_related = ["by"]
    search_fields = ["reference"]
    date_hierarchy = "at"
    fields = ["reference", "at"]
    change_form_template = "admin/apprentices/deletion/receipt.html"

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add where the last mail stands."""
        receipt = kwargs["obj"]
        subject_type = ContentType.objects.get_for_model(Deletion)
        mail = Notification.objects.filter(subject_type=subject_type, subject_id=str(receipt.pk)).first()
        context |= {
            "title": _("Deletion receipt"),
            "subtitle": None,
            "mail": mail and MAIL_STATUS[mail.status],
        }
        return super().render_change_form(request, context, *args, **kwargs)
