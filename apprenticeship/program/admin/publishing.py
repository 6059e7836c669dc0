"""From draft to published: who must act again is asked first, who has acted is shown afterwards."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.accounts.models import User
from apprenticeship.program import audience
from apprenticeship.program.audience import Audience
from apprenticeship.program.models import AgreementTemplate, ProgramDocument
from apprenticeship.program.models.publishing import BindingVersion
from apprenticeship.records import events


class PublishForm(forms.Form):
    """Who has to act again. Nothing is chosen beforehand."""

    audience = forms.ChoiceField(
        label=gettext_lazy("Who must act again?"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who must act again.")},
    )


def publish_view(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show what publishing a draft would bring (GET), publish it (POST)."""
    version = _draft(model_admin, request, object_id)
    if version.is_published:
        return redirect(_name(version, "progress"), version.pk)
    form = PublishForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        try:
            publish(version, Audience(form.cleaned_data["audience"]), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(version)s is published.") % {"version": version})
            return redirect(_name(version, "progress"), version.pk)
    context = _frame(model_admin, request, version) | {
        "form": form,
        "options": [
            {"value": value, "label": _label(version, value), "count": audience.count(version, value)}
            for value in Audience
        ],
        "replaces": _current(version),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/program/versions/publish.html", context, status=status)


def _label(version: BindingVersion, value: Audience) -> str:
    """Say who acts again: those who have not signed acknowledge a document, of a text they sign none before."""
    if value is Audience.NOBODY and isinstance(version, AgreementTemplate):
        return _("Nobody")
    return str(value.label)


def progress_view(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show whom a published version asks to act, and who has."""
    version = _found(model_admin, request, object_id)
    rows = audience.progress(version) if version.is_published else []
    done, hindered = sum(row.is_done for row in rows), sum(bool(row.hindered) for row in rows)
    context = _frame(model_admin, request, version) | {
        "rows": rows,
        "done": done,
        "waiting": len(rows) - done - hindered,
        "hindered": hindered,
    }
    return TemplateResponse(request, "admin/program/versions/progress.html", context)


def renew_view(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Make a draft of the next version from this one, or lead to the draft that is there. POST only."""
    version = _found(model_admin, request, object_id)
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    with transaction.atomic():
        draft = renew(version)
    messages.success(request, _("This is the draft of version %(number)s.") % {"number": draft.version})
    return redirect(_name(version, "change"), draft.pk)


def preview_view(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show the agreement's text in the facts of a chosen employer (GET), or order it as a PDF (POST)."""
    version = _found(model_admin, request, object_id)
    assert isinstance(version, AgreementTemplate)
    assert isinstance(request.user, User)
    preview = audience.text_preview()
    choices = preview.choices()
    sent = request.POST if request.method == "POST" else request.GET
    key = sent.get("employer") or (choices[0][0] if choices else "")
    try:
        if request.method == "POST":
            return redirect("documents:document", preview.order_pdf(version, key, by=request.user).pk)
        text = preview.html(version, key) if key else ""
    except LookupError as error:
        raise Http404 from error
    context = _frame(model_admin, request, version) | {"choices": choices, "chosen": key, "text": text}
    return TemplateResponse(request, "admin/program/versions/preview.html", context)


@transaction.atomic
def publish(version: BindingVersion, to: Audience, *, by: User) -> None:
    """Publish a draft now for this audience and log it. Raises ValidationError if it is not fit, or published."""
    fresh = type(version)._default_manager.select_for_update().get(pk=version.pk)
    assert isinstance(fresh, BindingVersion)
    if fresh.published_at is not None:
        raise ValidationError(_("Somebody has published this version meanwhile."))
    fresh.must_resign = to is not Audience.NOBODY
    fresh.reaches_partners = to is Audience.EVERYBODY
    fresh.full_clean()
    fresh.published_at = timezone.now()
    fresh.save()
    data = {"version": fresh.version, "audience": to.value}
    if isinstance(fresh, ProgramDocument):
        data["kind"] = fresh.kind
    events.record(events.PROGRAM, "version_published", by=by, subject=fresh, data=data)


def renew(version: BindingVersion) -> BindingVersion:
    """Return the draft of the next version: the one that is there, or a copy of `version`."""
    series = _series(version)
    draft: BindingVersion | None = series.filter(published_at=None).order_by("-version").first()
    if draft is not None:
        return draft
    newest = series.aggregate(top=Max("version"))["top"] or 0
    skipped = {"id", "version", "published_at", "retired_at", "created_at", "must_resign", "reaches_partners"}
    values = {
        f.attname: getattr(version, f.attname) for f in version._meta.concrete_fields if f.name not in skipped
    }
    made: BindingVersion = series.create(version=newest + 1, **values)
    return made


def _series(version: BindingVersion) -> Any:
    """Return all versions of the same document, or of the agreement's text."""
    if isinstance(version, ProgramDocument):
        return ProgramDocument.objects.filter(kind=version.kind)
    return AgreementTemplate.objects.all()


def _current(version: BindingVersion) -> BindingVersion | None:
    found = _series(version).in_force().exclude(pk=version.pk).order_by("-version").first()
    return found if isinstance(found, BindingVersion) else None


def _found(model_admin: Any, request: HttpRequest, object_id: str) -> BindingVersion:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    key = object_id if object_id.isdecimal() else None
    found = get_object_or_404(model_admin.model, pk=key)
    assert isinstance(found, BindingVersion)
    return found


def _draft(model_admin: Any, request: HttpRequest, object_id: str) -> BindingVersion:
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    return _found(model_admin, request, object_id)


def _name(version: BindingVersion, page: str) -> str:
    return f"admin:program_{version._meta.model_name}_{page}"


def _frame(model_admin: Any, request: HttpRequest, version: BindingVersion) -> dict[str, Any]:
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": str(version),
        "version": version,
        "is_document": isinstance(version, ProgramDocument),
        "list_url": _name(version, "changelist"),
        "change_url": _name(version, "change"),
        "publish_url": _name(version, "publish"),
        "is_nav_sidebar_enabled": False,
    }
