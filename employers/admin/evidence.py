"""What a case leaves behind, read-only and reached from its review page."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apprenticeship.records.admin import ReadOnlyAdmin
from employers.admin.tables import table
from employers.models import ChangeRequest, Move, Registration, RegistrationAttempt, Submission
from employers.onboarding import Part

VIEW = "employers.view_onboarding"


class EvidenceAdmin(ReadOnlyAdmin):
    """Rows of a case, listed nowhere: the review page leads here."""

    read_with = VIEW

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Keep these out of the admin's first page."""
        return False

    @admin.display(description=_("case"))
    def case(self, row: Any) -> SafeString:
        """Link back to the review page."""
        address = reverse("admin:employers_onboarding_change", args=[row.onboarding_id])
        return format_html('<a href="{}">{}</a>', address, row.onboarding)


@admin.register(Submission)
class SubmissionAdmin(EvidenceAdmin):
    """All answers as they were handed in."""

    list_display = ("__str__", "case", "submitted_at", "submitted_by")
    export_extra = ("sha256",)
    list_select_related = ("onboarding__employer", "submitted_by")
    fields = ("case", "number", "submitted_at", "submitted_by", "sha256", "answers_list")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Fetch the case with the row."""
        return super().get_queryset(request).select_related("onboarding__employer", "submitted_by")

    @admin.display(description=_("answers"))
    def answers_list(self, row: Submission) -> SafeString:
        """Return every question with its answer, part by part."""
        rows = (
            (answer["question"], answer["answer"] or "–", Part(part).label)
            for part, answers in row.answers.items()
            for answer in answers
        )
        return table((_("Question"), _("Answer"), _("Part")), rows)


@admin.register(Registration)
class RegistrationAdmin(EvidenceAdmin):
    """Registrations with the Department of Labor, had or tried for."""

    list_display = ("__str__", "case", "registered_on", "newest_attempt", "recorded_by", "recorded_at")
    list_select_related = ("onboarding__employer", "recorded_by")
    search_fields = ("program_number",)
    fields = ("case", "program_number", "registered_on", "recorded_by", "recorded_at", "attempts")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Fetch the attempts with the rows, newest first."""
        attempts = Prefetch(
            "attempts", RegistrationAttempt.objects.select_related("begun_by", "sent_by", "ended_by")
        )
        return super().get_queryset(request).prefetch_related(attempts)

    @admin.display(description=_("newest attempt"))
    def newest_attempt(self, row: Registration) -> str:
        """Say where the newest attempt stands."""
        return next((f"{attempt}: {attempt.get_status_display()}" for attempt in row.attempts.all()), "–")

    @admin.display(description=_("attempts"))
    def attempts(self, row: Registration) -> SafeString:
        """Return every attempt: who did what, and when."""
        rows = (
            (
                str(attempt),
                attempt.get_status_display(),
                attempt.agency or "–",
                said(attempt.begun_at, attempt.begun_by),
                said(attempt.sent_on, attempt.sent_by, attempt.sent_how),
                said(attempt.ended_at, attempt.ended_by, attempt.reason),
            )
            for attempt in row.attempts.all()
        )
        heads = (_("Attempt"), _("Status"), _("Agency"), _("Begun"), _("Sent"), _("Ended"))
        return table(heads, rows)


def said(at: Any, by: Any, words: str = "") -> str:
    """Return when, by whom and in what words something was done, in one line."""
    return (
        " · ".join(str(part) for part in (date_format(at, "M j, Y") if at else "", by or "", words) if part)
        or "–"
    )


@admin.register(ChangeRequest)
class ChangeRequestAdmin(EvidenceAdmin):
    """What AAMI or the agency asked for, and what the employer answered."""

    list_display = ("__str__", "case", "requested_by", "created_at", "closed_at")
    list_select_related = ("onboarding__employer", "requested_by")
    fields = ("case", "requested_by", "created_at", "closed_at", "message", "parts")
    readonly_fields = fields

    @admin.display(description=_("parts"))
    def parts(self, row: ChangeRequest) -> SafeString:
        """Return each part with note and answer."""
        rows = ((flag.get_part_display(), flag.asked, flag.answer or "–") for flag in row.flagged_parts.all())
        return table((_("Part"), _("What needs a change"), _("Answer")), rows)


@admin.register(Move)
class MoveAdmin(EvidenceAdmin):
    """Every move of a case, with the reason that somebody gave."""

    list_display = ("at", "__str__", "case", "source", "target", "by", "reason")
    list_display_links = ("at",)
    search_fields = ("onboarding__employer__legal_name", "onboarding__employer__dba_name")
    list_select_related = ("onboarding__employer", "by")
    fields = ("case", "at", "happened", "source", "since", "target", "is_walk", "by", "reason")
    readonly_fields = fields

    @admin.display(description=_("move"))
    def happened(self, row: Move) -> str:
        """Say what happened."""
        return str(row)
