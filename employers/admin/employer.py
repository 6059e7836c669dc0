"""Employers and their people, read-only: they belong to the employer's own pages."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apprenticeship.records.admin import ReadOnlyAdmin, tag
from employers.models import Employer, Invitation, Membership, Site

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    InlineBase = admin.TabularInline[Any, Employer]
else:
    InlineBase = admin.TabularInline

VIEW = "employers.view_employer"


class ReadOnlyInline(InlineBase):
    """Rows of an employer, to read."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who may read the employer."""
        return request.user.has_perm(VIEW)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class SiteInline(ReadOnlyInline):
    """The sites."""

    model = Site
    fields = ("name", "city", "state", "zip_code", "journeyworkers", "gi_bill", "local_minimum_wage")


class MembershipInline(ReadOnlyInline):
    """The people."""

    model = Membership
    fields = ("user", "role", "is_active", "created_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Fetch the people with their places."""
        return super().get_queryset(request).select_related("user")


@admin.register(Employer)
class EmployerAdmin(ReadOnlyAdmin):
    """Organizations; what they applied for is on the review page."""

    list_display = ("__str__", "legal_name", "kind", "city", "state", "contact_name", "case", "created_at")
    list_filter = ("kind", "state")
    search_fields = ("legal_name", "dba_name", "city", "contact_email")
    list_select_related = ("onboarding",)
    inlines = (SiteInline, MembershipInline)
    fields = (
        *("case", "legal_name", "dba_name", "kind", ("ein", "naics"), "address", "county"),
        *("contact_name", "contact_title", ("contact_email", "contact_phone")),
        *("complaint_name", "complaint_address", ("complaint_email", "complaint_phone")),
        *("follows_selection_procedure", "created_at"),
    )
    readonly_fields = ("case", "address", "created_at")

    @admin.display(description=_("application"))
    def case(self, employer: Employer) -> "StrOrPromise":
        """Link to the review page."""
        onboarding = getattr(employer, "onboarding", None)
        if onboarding is None:
            return "–"
        address = reverse("admin:employers_onboarding_change", args=[onboarding.pk])
        return format_html('<a href="{}">{}</a>', address, onboarding.get_state_display())


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Who works on which application."""

    read_with = VIEW
    list_display = ("user", "employer", "role", "is_active", "created_at")
    list_filter = ("role", "is_active")
    search_fields = ("user__email", "user__name", "employer__legal_name", "employer__dba_name")
    list_select_related = ("user", "employer")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations with the state of each link."""

    read_with = VIEW
    list_display = ("email", "employer", "role", "link_state", "invited_by", "created_at", "expires_at")
    list_filter = ("role", "accepted_at", "revoked_at")
    search_fields = ("email", "employer__legal_name", "employer__dba_name")
    list_select_related = ("employer", "invited_by")
    fields = (
        *("email", "employer", "role", "link_state", "invited_by"),
        *("created_at", "expires_at", "accepted_at", "revoked_at"),
    )
    readonly_fields = ("link_state",)

    @admin.display(description=_("link"))
    def link_state(self, invitation: Invitation) -> SafeString:
        """Say whether the link works."""
        if invitation.accepted_at:
            return tag(_("Accepted"), "done")
        if invitation.revoked_at:
            return tag(_("Revoked"), "later")
        if invitation.expires_at <= timezone.now():
            return tag(_("Expired"), "error")
        return tag(_("Open"), "now")
