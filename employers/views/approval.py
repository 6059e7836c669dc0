"""Step 7: check, submit, answer change requests, and see where the application is."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apprenticeship.accounts.rescue import take_typed_text
from employers.application import Application
from employers.completeness import gaps
from employers.editing import open_parts
from employers.forms.moves import AnswersForm, ReasonForm
from employers.models import ChangeRequest, Membership, Onboarding, Role
from employers.onboarding import EDGE_BY_NAME, STEP_BY_SLUG, Actor, State
from employers.paper_list import paper_list
from employers.permissions import EDITING, NotAllowed
from employers.progress import what_next
from employers.registering import due_on
from employers.summary import sections
from employers.transitions import NotReady, TransitionNotAllowed, advance, lock
from employers.views.seats import require_editor, require_owner, seated


def approval(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show the answers to check, what is missing, the papers and AAMI's requests; submit."""
    application = Application(membership.employer.onboarding).read()
    if request.method == "POST":
        return _act(request, membership, application)
    return _page(
        request, membership, application, AnswersForm(application.open_request, take_typed_text(request))
    )


def _page(
    request: HttpRequest,
    membership: Membership,
    application: Application,
    answers: AnswersForm,
    status: int = 200,
) -> HttpResponse:
    onboarding = application.onboarding
    submit = "resubmit" if onboarding.state == State.CHANGES else "submit"
    context = {
        "membership": membership,
        "application": application,
        "program_contact": application.program,
        "step": STEP_BY_SLUG["approval"],
        "what_next": what_next(application),
        "sections": sections(application),
        "gaps": gaps(application),
        "open_parts": open_parts(application) if membership.role in EDITING else (),
        "answers": answers,
        "papers": paper_list(application.employer),
        "due_on": due_on(application.attempt, application.program) if application.attempt else None,
        "is_submittable": onboarding.state in (State.SUBMISSION, State.CHANGES),
        "may_submit": membership.role == Role.OWNER,
        "submit_label": EDGE_BY_NAME[submit].label,
        "may_withdraw": membership.is_owner and onboarding.state in EDGE_BY_NAME["withdraw"].sources,
    }
    return render(request, "employers/steps/approval.html", context, status=status)


def _act(request: HttpRequest, membership: Membership, application: Application) -> HttpResponse:
    require_editor(membership)
    answers = AnswersForm(application.open_request, request.POST)
    if not answers.is_valid():
        return _page(request, membership, application, answers, status=422)
    if application.open_request and not _store_answers(application, answers, membership):
        return _page(request, membership, application, answers, status=409)
    if request.POST.get("action") != "submit":
        messages.success(request, _("Answers saved."))
        return redirect(request.path)
    require_owner(membership)
    name = "resubmit" if application.onboarding.state == State.CHANGES else "submit"
    try:
        advance(application.onboarding, name, by=membership.user)
    except NotReady as missing:
        messages.error(request, _("Not submitted yet: %(first)s") % {"first": missing.gaps[0].message})
    except TransitionNotAllowed:
        _say_why_not(request, application.onboarding)
    else:
        messages.success(request, _("Submitted. AAMI has it now; you hear from us by mail."))
    return redirect(request.path)


def _say_why_not(request: HttpRequest, onboarding: Onboarding) -> None:
    """Tell a second click from a colleague's save that broke an earlier step."""
    onboarding.refresh_from_db()
    if onboarding.is_with_aami:
        messages.info(request, _("This was submitted already."))
    else:
        messages.warning(request, _("Not submitted: an earlier step needs another look."))


@transaction.atomic
def _store_answers(application: Application, answers: AnswersForm, membership: Membership) -> bool:
    """Store the answers that this person changed. Returns False, and stores none, if a colleague was quicker."""
    lock(application.onboarding)
    request = ChangeRequest.objects.filter(onboarding=application.onboarding, closed_at=None).first()
    if request is None:
        answers.add_error(
            None, _("A colleague has submitted the application meanwhile. Your text is below, not sent.")
        )
        return False
    rows = list(request.flagged_parts.all())
    stale = [row for row in rows if answers.is_stale(row)]
    for row in stale:
        answers.show_newer(row)
    for row in rows if not stale else []:
        if answers.is_changed(row):
            row.answer = answers.cleaned_data[row.part]
            row.answered_by, row.answered_at = membership.user, timezone.now()
            row.save()
    return not stale


@seated
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, membership: Membership, name: str) -> HttpResponse:
    """Ask the owner for a reason and make a side move: withdraw or reopen."""
    edge = EDGE_BY_NAME.get(name)
    onboarding = membership.employer.onboarding
    if (
        edge is None
        or edge.actor is not Actor.OWNER
        or not edge.needs_reason
        or onboarding.state not in edge.sources
    ):
        return redirect("employers:tasks")
    require_owner(membership)
    form = ReasonForm(request.POST or take_typed_text(request))
    if request.method == "POST" and form.is_valid():
        try:
            advance(onboarding, name, by=membership.user, reason=form.cleaned_data["reason"])
            messages.success(request, f"{edge.happened}.")
        except (NotAllowed, TransitionNotAllowed):
            messages.info(request, _("Nothing changed: the application moved on meanwhile."))
        return redirect("employers:tasks")
    return render(request, "employers/move.html", {"form": form, "edge": edge})
