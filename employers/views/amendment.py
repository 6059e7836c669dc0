"""The amendment: where it stands, what it changes, its parts, and the moves of the employer's people."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.rescue import take_typed_text
from employers import amending, drafting, signing
from employers.amended import Amended, case_of
from employers.completeness import gaps
from employers.editing import PartClosed, StaleForm
from employers.forms.amendment import AMENDMENT_PARTS, AmendedWagesPart, AmendmentPart, PartiesPart
from employers.forms.moves import ReasonForm
from employers.models import Membership, SigningLink
from employers.permissions import EDITING, is_signatory
from employers.versions import changed_since, proposed_changes
from employers.views.seats import require_editor, require_owner, seated, seated_action

OWNERS_MOVES = {"withdraw": amending.withdraw, "take_back": amending.take_back}


@seated_action
def start(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Open an amendment, the same again on a second click."""
    require_editor(membership)
    try:
        drafting.start(membership.employer.onboarding, by=membership.user)
    except PartClosed:
        messages.warning(
            request, _("Amendments open when your agreement is in force and you are registered.")
        )
        return redirect("employers:agreement")
    return redirect("employers:amendment")


@seated
@require_safe
def overview(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show what the amendment changes, what is missing, and the way to the signature."""
    case = case_of(membership.employer.onboarding)
    if not isinstance(case, Amended):
        return redirect("employers:agreement")
    agreement = case.read().agreement
    links = SigningLink.objects.filter(agreement__amendment=case.amendment)
    context = {
        "membership": membership,
        "application": case,
        "program_contact": case.program,
        "amendment": case.amendment,
        "agreement": agreement,
        "topics": proposed_changes(case) if case.amendment.is_draft or not agreement else changed_since(agreement),
        "changes": signing.changes_anything(case, case.template),
        "gaps": gaps(case, *signing.to_hold(case)),
        "parts": AMENDMENT_PARTS,
        "unplaced": unplaced(case),
        "link": links.order_by("-created_at").first(),
        "scan": agreement.scans.open().first() if agreement and agreement.is_on_paper else None,
        "is_signatory": is_signatory(membership.user, case.onboarding, membership.role),
        "may_write": membership.role in EDITING,
    }  # fmt: skip
    return render(request, "employers/amendment/overview.html", context)


def unplaced(case: Amended) -> list[str]:
    """Say of each removed site who and what has no place there any more."""
    said = []
    for site in case.removed_sites:
        positions = case.employer.positions.filter(site=site).count()
        mentors = [str(row) for row in case.employer.mentors.filter(site=site)]
        facts = {"site": str(site), "positions": positions, "mentors": ", ".join(mentors)}
        if positions and mentors:
            said.append(_("%(site)s: positions there: %(positions)s. Mentors there: %(mentors)s.") % facts)
        elif positions:
            said.append(_("%(site)s: positions there: %(positions)s.") % facts)
        elif mentors:
            said.append(_("%(site)s: mentors there: %(mentors)s.") % facts)
    return said


@seated
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, membership: Membership, slug: str) -> HttpResponse:
    """Show or save one part of the draft; what was typed is kept through every accident."""
    if slug not in AMENDMENT_PARTS:
        raise Http404
    case = case_of(membership.employer.onboarding)
    if not isinstance(case, Amended):
        return redirect("employers:agreement")
    if request.method != "POST":
        return _page(request, membership, _form(slug, case, membership, take_typed_text(request)))
    require_editor(membership)
    form = _form(slug, case, membership, request.POST)
    if "add" in request.POST or "do" in request.POST:
        return _page(request, membership, form)
    return (
        _save(request, membership, form) if form.is_valid() else _page(request, membership, form, status=422)
    )


def _form(slug: str, case: Amended, membership: Membership, data: Any) -> AmendmentPart:
    form = AMENDMENT_PARTS[slug](case, data)
    form.user = membership.user
    if isinstance(form, PartiesPart):
        form.for_member(membership)
    return form


def _save(request: HttpRequest, membership: Membership, form: AmendmentPart) -> HttpResponse:
    try:
        drafting.save(form.application, form.keep, version=form.opened_version, by=membership.user)
    except StaleForm as stale:
        fresh = case_of(membership.employer.onboarding)
        assert isinstance(fresh, Amended)
        newer = _form(form.slug, fresh, membership, None)
        context = {"newer": stale.newer, "differences": form.differences(newer)}
        return _page(request, membership, form, status=409, version=stale.newer.version, **context)
    except PartClosed:
        messages.error(request, _("The amendment cannot be edited now. Your text is still below."))
        return _page(request, membership, form, status=409)
    messages.success(request, _("Saved in the amendment. Nothing changes until both have signed it."))
    return redirect("employers:amendment")


def _page(
    request: HttpRequest, membership: Membership, form: AmendmentPart, *, status: int = 200, **extra: Any
) -> HttpResponse:
    case = form.application
    context = {
        "membership": membership,
        "application": case,
        "amendment": case.amendment,
        "form": form,
        "version": form.version if form.data is None else form.opened_version,
        "may_write": membership.role in EDITING,
        "is_editable": membership.role in EDITING and case.amendment.is_draft,
        "problems": list(form.problems()) if form.data is not None and status == 422 else [],
    }
    return render(request, form.template, context | extra, status=status)


@seated_action
def wages_preview(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Judge and draw the schedule as typed, without saving it."""
    case = case_of(membership.employer.onboarding)
    if not isinstance(case, Amended):
        return redirect("employers:agreement")
    form = AmendedWagesPart(case, request.POST)
    return render(request, "employers/steps/wages_live.html", {"form": form})


@seated
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, membership: Membership, name: str) -> HttpResponse:
    """Ask the owner for a reason, and withdraw the amendment or take it back to change it."""
    row, case = amending.MOVE_BY_NAME.get(name), case_of(membership.employer.onboarding)
    if name not in OWNERS_MOVES or row is None:
        raise Http404
    if not isinstance(case, Amended) or case.amendment.status not in row.sources:
        return redirect("employers:amendment")
    require_owner(membership)
    form = ReasonForm(request.POST or take_typed_text(request))
    if request.method == "POST" and form.is_valid():
        try:
            OWNERS_MOVES[name](case.amendment, by=membership.user, reason=form.cleaned_data["reason"])
            messages.success(request, f"{row.happened}.")
        except TransitionNotAllowed:
            messages.info(request, _("Nothing changed: the amendment moved on meanwhile."))
        return redirect("employers:amendment")
    context = {"form": form, "move": row, "amendment": case.amendment}
    return render(request, "employers/amendment/move.html", context, status=422 if form.errors else 200)
