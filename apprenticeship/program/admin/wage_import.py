"""The page that reads minimum wages from a file, and the table to fill in."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apprenticeship.accounts.models import User
from apprenticeship.program.coverage import next_year
from apprenticeship.program.wage_cells import template_csv
from apprenticeship.program.wage_import import BYTES_MAX, Outcome, Plan, plan, store
from apprenticeship.records.imports import TableImport

if TYPE_CHECKING:
    from apprenticeship.program.admin.wages import MinimumWageAdmin


class WageImport(TableImport):
    """Minimum wages: what changes a rate that is entered already needs a yes."""

    template = "admin/program/minimumwage/import.html"
    bytes_max = BYTES_MAX
    title = gettext_lazy("Minimum wages from a file")
    agrees = gettext_lazy("I have compared these rows with their source.")
    tick_first = gettext_lazy("Tick this first: some rows change a rate that is entered already.")
    moved_on = gettext_lazy(
        "The rates changed since you looked. Nothing was stored; this is what the file does now."
    )

    def plan(self, text: str) -> Plan:
        """Compare the file with the rates that are stored."""
        return plan(text)

    def store(self, text: str, *, fingerprint: str, by: User) -> Plan:
        """Store every new and changed rate."""
        return store(text, fingerprint=fingerprint, by=by)

    def needs_yes(self, plan: Plan) -> bool:
        """Where a rate changes."""
        return plan.count(Outcome.CHANGED) > 0

    def context(self, plan: Plan | None) -> dict[str, Any]:
        """Group the rows by what they would do."""
        return {
            "groups": _groups(plan) if plan else [],
            "next_year": next_year(timezone.localdate()).year,
        }

    def done(self, request: HttpRequest, stored: Plan) -> HttpResponse:
        """Lead to the list."""
        count = stored.count(Outcome.NEW) + stored.count(Outcome.CHANGED)
        text = ngettext("%(count)s minimum wage stored.", "%(count)s minimum wages stored.", count)
        messages.success(request, text % {"count": count})
        return redirect("admin:program_minimumwage_changelist")


def template_view(model_admin: "MinimumWageAdmin", request: HttpRequest) -> HttpResponse:
    """Hand out a CSV whose rows are the rates that next year still lacks."""
    if not model_admin.may_import(request):
        raise PermissionDenied
    today = timezone.localdate()
    name = f"minimum-wages-{next_year(today).year}.csv"
    content = "\ufeff" + template_csv(today)  # the mark lets spreadsheets read it as UTF-8
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _groups(found: Plan) -> list[dict[str, Any]]:
    """Return the rows by what they would do, the ones to look at first."""
    heads: dict[Outcome, tuple[str, str]] = {
        Outcome.ERROR: (_("To correct"), "error"),
        Outcome.CHANGED: (_("Changed"), "now"),
        Outcome.NEW: (_("New"), "done"),
        Outcome.SAME: (_("Unchanged"), "later"),
        Outcome.BLANK: (_("No rate entered, left out"), "later"),
    }
    return [
        {
            "outcome": outcome.value,
            "title": title,
            "mood": mood,
            "lines": [line for line in found.lines if line.outcome is outcome],
            "count": found.count(outcome),
            "more": 0,
        }
        for outcome, (title, mood) in heads.items()
        if found.count(outcome)
    ]
