"""Employers and their people, read-only: they belong to the employer's own pages."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apprenticeship.records.admin import ReadOnlyAdmin, tag
from apprenticeship.records.exports import PEOPLE
from employers.admin.history import CaseHistory
from employers.admin.tables import table
from employers.models import Employer, Invitation, Membership

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

VIEW = "employers.view_employer"


@admin.register(Employer)
class EmployerAdmin(CaseHistory, ReadOnlyAdmin):
    """Organizations; what they applied for is on the review page."""

    list_display = ("known_as", "kind", "city", "state", "contact_name", "case", "created_at")
    list_filter = ("kind", "state")
    export_extra = ("legal_name",)
    search_fields = ("legal_name", "dba_name", "city", "contact_email")
    list_select_related = ("onboarding",)
    list_per_page = 50
    fields = (
        *("case", "legal_name", "dba_name", "kind", ("ein", "naics"), "address", "county"),
        *("contact_name", "contact_title", ("contact_email", "contact_phone")),
        *("complaint_name", "complaint_address", ("complaint_email", "complaint_phone")),
        *("follows_selection_procedure", "sites_table", "people_table", "created_at"),
    )
    readonly_fields = ("case", "address", "sites_table", "people_table", "created_at")

    @admin.display(description=_("employer"), ordering="legal_name")
    def known_as(self, employer: Employer) -> "SafeString | str":
        """Name the employer, and its legal name where that is another."""
        if str(employer) == employer.legal_name or not employer.legal_name:
            return str(employer)
        return format_html('{} <span class="quiet">({})</span>', employer, employer.legal_name)

    @admin.display(description=_("application"))
    def case(self, employer: Employer) -> "StrOrPromise":
        """Link to the review page."""
        onboarding = getattr(employer, "onboarding", None)
        if onboarding is None:
            return "–"
        address = reverse("admin:employers_onboarding_change", args=[onboarding.pk])
        return format_html('<a href="{}">{}</a>', address, onboarding.get_state_display())

    @admin.display(description=_("sites"))
    def sites_table(self, employer: Employer) -> SafeString:
        """Return the sites with what decides about wages and ratios there."""
        rows = (
            (site, site.address, "–" if site.journeyworkers is None else site.journeyworkers)
            for site in employer.sites.all()
        )
        return table((_("Site"), _("Address"), _("Journeyworkers")), rows)

    @admin.display(description=_("people"))
    def people_table(self, employer: Employer) -> SafeString:
        """Return everybody who works or worked on the application."""
        members = employer.memberships.select_related("user")
        rows = (
            (row.user, row.user.email, row.get_role_display(), _("Active") if row.is_active else _("Removed"))
            for row in members
        )
        return table((_("Name"), _("E-mail"), _("Role"), _("State")), rows)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Who works on which application."""

    export_permission = PEOPLE
    read_with = VIEW
    list_display = ("user", "employer", "role", "is_active", "created_at")
    list_filter = ("role", "is_active")
    search_fields = ("user__email", "user__name", "employer__legal_name", "employer__dba_name")
    list_select_related = ("user", "employer")


class LinkFilter(admin.SimpleListFilter):
    """Filter by whether the link works, in the words of its tag."""

    title = _("link")
    parameter_name = "link"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the four answers."""
        return [
            ("open", _("Open")),
            ("accepted", _("Accepted")),
            ("revoked", _("Revoked")),
            ("expired", _("Expired")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the links in that state."""
        unused, now = Q(accepted_at=None, revoked_at=None), timezone.now()
        found = {
            "open": unused & Q(expires_at__gt=now),
            "accepted": Q(accepted_at__isnull=False),
            "revoked": Q(accepted_at=None, revoked_at__isnull=False),
            "expired": unused & Q(expires_at__lte=now),
        }
        return queryset.filter(found.get(self.value() or "", Q()))


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations with the state of each link."""

    export_permission = PEOPLE
    read_with = VIEW
    list_display = ("email", "employer", "role", "link_state", "invited_by", "created_at", "expires_at")
    list_filter = ("role", LinkFilter)
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
