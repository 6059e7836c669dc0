"""The page that reads minimum wages from a file: choose, look, confirm. Only the last step stores anything."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apprenticeship.accounts.models import User
from apprenticeship.program.coverage import next_year
from apprenticeship.program.wage_cells import template_csv
from apprenticeship.program.wage_import import BYTES_MAX, MovedOn, Outcome, Plan, decode, plan, store

if TYPE_CHECKING:
    from apprenticeship.program.admin.wages import MinimumWageAdmin

TEMPLATE = "admin/program/minimumwage/import.html"


class UploadForm(forms.Form):
    """One CSV file that can be read."""

    file = forms.FileField(label=gettext_lazy("CSV file"), help_text=gettext_lazy("At most 200 kB."))

    def clean_file(self) -> str:
        """Return the text of the file."""
        upload = self.cleaned_data["file"]
        return decode(upload.read(BYTES_MAX + 1))


class ConfirmForm(forms.Form):
    """The text that was shown, what was said about it, and a yes to what it changes."""

    text = forms.CharField(widget=forms.HiddenInput, max_length=BYTES_MAX, strip=False)
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    agrees = forms.BooleanField(
        required=False, label=gettext_lazy("I have compared these rows with their source.")
    )


def import_view(model_admin: "MinimumWageAdmin", request: HttpRequest) -> HttpResponse:
    """Choose a file (GET), see what it would do (POST of a file), store it (POST of the confirmation)."""
    if not model_admin.may_import(request):
        raise PermissionDenied
    if request.method != "POST":
        return _page(model_admin, request, upload=UploadForm(label_suffix=""))
    if "text" in request.POST:
        return _confirm(model_admin, request)
    upload = UploadForm(request.POST, request.FILES, label_suffix="")
    if not upload.is_valid():
        return _page(model_admin, request, upload=upload, status=422)
    return _preview(model_admin, request, upload, upload.cleaned_data["file"])


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


def _preview(
    model_admin: "MinimumWageAdmin", request: HttpRequest, upload: UploadForm, text: str, problem: str = ""
) -> HttpResponse:
    try:
        found = plan(text)
    except ValidationError as error:
        upload.add_error("file", error)
        return _page(model_admin, request, upload=upload, status=422)
    confirm = ConfirmForm(label_suffix="", initial={"text": text, "fingerprint": found.fingerprint})
    return _page(
        model_admin, request, upload=UploadForm(label_suffix=""), plan=found, confirm=confirm, problem=problem
    )


def _confirm(model_admin: "MinimumWageAdmin", request: HttpRequest) -> HttpResponse:
    form = ConfirmForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(model_admin, request, upload=UploadForm(label_suffix=""), status=422)
    text = form.cleaned_data["text"]
    try:
        found = plan(text)
    except ValidationError:  # only a forged confirmation holds what the preview has refused
        return redirect("admin:program_minimumwage_import")
    if found.count(Outcome.CHANGED) and not form.cleaned_data["agrees"]:
        form.add_error("agrees", _("Tick this first: some rows change a rate that is entered already."))
        return _page(
            model_admin, request, upload=UploadForm(label_suffix=""), plan=found, confirm=form, status=422
        )
    assert isinstance(request.user, User)
    try:
        done = store(text, fingerprint=form.cleaned_data["fingerprint"], by=request.user)
    except MovedOn:
        problem = _("The rates changed since you looked. Nothing was stored; this is what the file does now.")
        return _preview(model_admin, request, UploadForm(label_suffix=""), text, problem)
    count = done.count(Outcome.NEW) + done.count(Outcome.CHANGED)
    stored = ngettext("%(count)s minimum wage stored.", "%(count)s minimum wages stored.", count)
    messages.success(request, stored % {"count": count})
    return redirect("admin:program_minimumwage_changelist")


def _page(
    model_admin: "MinimumWageAdmin",
    request: HttpRequest,
    *,
    upload: UploadForm,
    plan: Plan | None = None,
    confirm: ConfirmForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Minimum wages from a file"),
        "upload": upload,
        "plan": plan,
        "groups": _groups(plan) if plan else [],
        "confirm": confirm,
        "problem": problem,
        "next_year": next_year(timezone.localdate()).year,
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, TEMPLATE, context, status=status)


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
        }
        for outcome, (title, mood) in heads.items()
        if found.count(outcome)
    ]
