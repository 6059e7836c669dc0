"""Sign on paper: print the agreement, upload its scan, and read the scan."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from apprenticeship.accounts.rescue import take_typed_text
from apprenticeship.documents.page_pictures import Undrawable
from apprenticeship.records.events import record, record_once
from employers import paper_path, scan_pictures, signing
from employers.amended import case_of
from employers.application import Application
from employers.forms.paper import UploadForm
from employers.models import Agreement, Membership, PaperScan, Role
from employers.models.paper import JPEG
from employers.onboarding import STEP_BY_SLUG
from employers.permissions import may_see_papers
from employers.transitions import NotReady, TransitionNotAllowed
from employers.views.seats import SignedIn, require_owner, seated, seated_action
from employers.views.signing import TEXT_CHANGED, back_to

PAGE = "employers:paper"
STEP = "agreement"
# The pages of one scan come as many requests, and again with each reload.
NOTED_ANEW_AFTER = dt.timedelta(minutes=10)


@seated_action
def start(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Freeze the agreement's text, order the paper to print, and lead to the page that explains the rest."""
    require_owner(membership)
    try:
        paper_path.present(membership.employer.onboarding, by=membership.user)
    except signing.NotPresentable as reason:
        messages.error(request, str(reason))
        return back_to(case_of(membership.employer.onboarding))
    return redirect(PAGE)


@seated
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show how to sign on paper, and take the scan."""
    application = case_of(membership.employer.onboarding)
    if request.method == "POST":
        require_owner(membership)
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            return _upload(request, membership, application, form)
        return _page(request, membership, application, form, status=422)
    return _page(request, membership, application, _empty_form(request, application))


def _empty_form(request: HttpRequest, application: Application) -> UploadForm:
    """Return the form for the text that is presented now, with the note that a lost session left."""
    kept = take_typed_text(request)
    sha256 = application.agreement.sha256 if application.agreement else ""
    return UploadForm(initial={"sha256": sha256, "note": kept.get("note", "") if kept else ""})


def _page(
    request: HttpRequest,
    membership: Membership,
    application: Application,
    form: UploadForm,
    status: int = 200,
) -> HttpResponse:
    agreement = application.agreement
    document = paper_path.printed_paper(agreement) if agreement else None
    is_open = agreement is not None and agreement.status in (
        Agreement.Status.PRESENTED,
        Agreement.Status.PAPER,
    )
    if not is_open or document is None:
        return back_to(application)
    context: dict[str, Any] = {
        "form": form,
        "agreement": agreement,
        "document": document,
        "application": application,
        "scan": agreement.scans.open().first() if agreement else None,
        "may_upload": membership.role == Role.OWNER and paper_path.is_replaceable(application),
        "step": STEP_BY_SLUG[STEP],
    }
    return render(request, "employers/paper/page.html", context, status=status)


def _upload(
    request: HttpRequest, membership: Membership, application: Application, form: UploadForm
) -> HttpResponse:
    typed = form.cleaned_data
    try:
        paper_path.upload(
            membership.employer.onboarding,
            form.scan,
            sha256=typed["sha256"],
            note=typed["note"],
            by=membership.user,
        )
    except signing.AlreadySigned:
        messages.info(request, _("This scan was uploaded already."))
    except signing.TextChanged:
        messages.warning(request, TEXT_CHANGED)
        return back_to(application)
    except (NotReady, TransitionNotAllowed):
        messages.warning(request, _("An earlier step changed meanwhile. The scan was not kept."))
        return redirect("employers:tasks")
    else:
        messages.success(request, _("Uploaded. AAMI confirms the paper when it reviews your application."))
    return back_to(application, "approval")


@require_safe
@cache_control(private=True, no_store=True)
@login_required
def scan(request: SignedIn, pk: uuid.UUID) -> HttpResponseBase:
    """Send a scan to the employer's people and to reviewers; who opened it is noted."""
    row = _scan_for(request, pk)
    _note_opened(request, row)
    response = FileResponse(row.file.open(), content_type=row.content_type, filename=row.filename)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@cache_control(private=True, no_store=True)
@login_required
def scan_page(request: SignedIn, pk: uuid.UUID, number: int) -> HttpResponse:
    """Send one page of a scan as a picture, to be read on a page; who opens any of them is noted once in a while.

    202 at once, without a picture, while somebody else still draws it: the page asks again.
    """
    row = _scan_for(request, pk)
    if not 1 <= number <= row.pages:
        raise Http404
    try:
        picture = scan_pictures.page(row, number)
    except scan_pictures.StillDrawn:
        return HttpResponse(status=202, headers={"Retry-After": "2"})
    except Undrawable as error:
        raise Http404 from error
    _note_opened(request, row, once_in=NOTED_ANEW_AFTER)
    return HttpResponse(picture, content_type=JPEG, headers={"X-Content-Type-Options": "nosniff"})


def _scan_for(request: SignedIn, pk: uuid.UUID) -> PaperScan:
    """Return a scan that this person may see. Raises Http404."""
    row = PaperScan.objects.select_related("agreement__employer", "document").filter(pk=pk).first()
    if row is None or not may_see_papers(request.user, row.agreement.employer):
        raise Http404
    return row


def _note_opened(request: SignedIn, row: PaperScan, *, once_in: dt.timedelta | None = None) -> None:
    """Note that this person reads the scan; with `once_in` not again within this time."""
    if request.method != "GET":
        return
    chain, verb, data = row.agreement.employer.chain, "paper_scan_opened", {"scan": str(row.pk)}
    if once_in:
        record_once(chain, verb, within=once_in, by=request.user, subject=row.agreement, data=data)
    else:
        record(chain, verb, by=request.user, subject=row.agreement, data=data)
