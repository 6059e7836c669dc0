"""The page of one part: drafts at any time, nothing typed is lost, completing is a button of its own."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apprenticeship.accounts.rescue import take_typed_text
from apprenticeship.program.models import FundingFact
from employers.application import Application
from employers.completeness import gaps
from employers.editing import PartClosed, StaleForm, VoidsSignature, may_edit, save_part
from employers.forms import PartForm
from employers.lists import STANDING
from employers.models import Membership, Onboarding
from employers.onboarding import STEP_BY_PART, Part, State, leaving
from employers.permissions import EDITING
from employers.transitions import NotReady, TransitionNotAllowed, advance, walk_on
from employers.views.seats import require_editor

COMPLETE = "complete"


def edit_part(request: HttpRequest, membership: Membership, kind: type[PartForm]) -> HttpResponse:
    """Show a part's form, keep what was typed through every accident, save it, complete the step."""
    application = Application(membership.employer.onboarding).read(*STANDING, *kind.reads)
    if request.method == "POST":
        require_editor(membership)
        form = kind(application, request.POST)
        form.user = membership.user
        if "add" in request.POST or "do" in request.POST:
            return page(request, membership, form)
        return (
            _save(request, membership, form)
            if form.is_valid()
            else page(request, membership, form, status=422)
        )
    return page(request, membership, kind(application, take_typed_text(request)))


def _save(request: HttpRequest, membership: Membership, form: PartForm) -> HttpResponse:
    onboarding = membership.employer.onboarding
    try:
        saved = save_part(
            onboarding,
            form.part,
            form.store,
            version=form.opened_version,
            by=membership.user,
            voids_signature="voids_signature" in request.POST,
        )
    except StaleForm as stale:
        return _show_newer(request, membership, form, stale)
    except VoidsSignature:
        return page(request, membership, form, asks_to_void=True)
    except PartClosed:
        messages.error(request, _("This part cannot be edited now. Your text is still below."))
        return page(request, membership, form, status=409)
    if saved.setback:
        messages.warning(request, saved.setback)
    if saved.voided:
        messages.warning(
            request, _("The signature was voided, because the agreement prints what you changed.")
        )
    if request.POST.get("action") == COMPLETE:
        return complete(request, membership, form.part)
    if form.application.is_living:
        messages.success(request, _("Saved."))
        return redirect("employers:organization")
    messages.success(request, _("Draft saved."))
    return redirect(request.path)


def complete(request: HttpRequest, membership: Membership, part: Part) -> HttpResponse:
    """Complete the step of a part, say what is missing, or keep it as a draft while earlier steps are open."""
    onboarding = Onboarding.objects.select_related("employer").get(pk=membership.employer.onboarding.pk)
    if gaps(Application(onboarding), part):
        return redirect(f"{request.path}?gaps")
    edge = leaving(State(onboarding.state))
    if edge is None or edge.completes != (part,):
        return _saved(request, membership, onboarding, part)
    try:
        onboarding = advance(onboarding, edge.name, by=membership.user)
    except (NotReady, TransitionNotAllowed):
        messages.info(request, _("A colleague changed this step at the same moment. Please look again."))
        return redirect("employers:tasks")
    messages.success(request, _("Saved. %(happened)s.") % {"happened": edge.happened})
    return (
        redirect("employers:step", onboarding.step.slug) if onboarding.step else redirect("employers:tasks")
    )


def _saved(request: HttpRequest, membership: Membership, onboarding: Onboarding, part: Part) -> HttpResponse:
    """Lead on from a part that completes no step now; what it broke before may hold again."""
    step = STEP_BY_PART[part]
    if onboarding.is_past(step) and walk_on(onboarding, by=membership.user).state != onboarding.state:
        messages.success(request, _("Saved. The steps after this one hold again."))
        return redirect("employers:tasks")
    messages.success(request, _("Saved."))
    return redirect("employers:tasks") if step.parts == (part,) else redirect("employers:step", step.slug)


def _show_newer(
    request: HttpRequest, membership: Membership, form: PartForm, stale: StaleForm
) -> HttpResponse:
    """Show the typed text beside the newer one; saving again is then a decision."""
    onboarding = membership.employer.onboarding
    onboarding.refresh_from_db()
    fresh = Application(onboarding)
    context = {"newer": stale.newer, "differences": form.differences(type(form)(fresh))}
    return page(request, membership, form, status=409, version=stale.newer.version, **context)


def page(
    request: HttpRequest, membership: Membership, form: PartForm, *, status: int = 200, **extra: Any
) -> HttpResponse:
    """Render the page of a part."""
    application = form.application
    step = STEP_BY_PART[form.part]
    is_as_saved = form.data is None  # typed text is not saved yet, and the list of gaps begins with "Saved."
    context = {
        "membership": membership,
        "application": application,
        "program_contact": application.program,
        "step": step,
        "form": form,
        "version": form.version if form.data is None else form.opened_version,
        "may_write": membership.role in EDITING,
        "is_editable": membership.role in EDITING and may_edit(application, form.part),
        "problems": list(form.problems()) if form.data is not None and status == 422 else [],
        "gaps": gaps(application, form.part) if is_as_saved and "gaps" in request.GET else [],
        "flags": _flags(application, step.parts if form.part is Part.AGREEMENT else (form.part,)),
        "facts": FundingFact.objects.for_states({site.state for site in application.sites if site.state})
        if form.part is Part.FUNDING
        else (),
    }
    return render(request, form.template, context | form.context(membership) | extra, status=status)


def _flags(application: Application, parts: Sequence[Part]) -> list[Any]:
    """Return what AAMI asks about these parts; the page of step 6 leads to the wages, so it names both."""
    if application.open_request is None:
        return []
    return [row for row in application.open_request.flagged_parts.all() if row.part in parts]
