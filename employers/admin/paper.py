"""The desk's word on a scan: confirm who signed and when, or reject it. Nothing typed is lost."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.models import User
from apprenticeship.accounts.rescue import take_typed_text
from employers import paper_path
from employers.admin.page import review_page
from employers.forms.paper import ConfirmForm, RejectForm, ScanForm
from employers.models import Onboarding, PaperScan
from employers.permissions import NotAllowed

FORMS: dict[str, type[ScanForm]] = {"confirm": ConfirmForm, "reject": RejectForm}
TOO_LATE = gettext_lazy("Somebody was quicker: this scan does not wait any longer.")


def judge_scan(model_admin: Any, request: HttpRequest, object_id: str, pk: Any, do: str) -> HttpResponse:
    """Confirm or reject the scan that the review page showed."""
    onboarding: Onboarding = model_admin.case(request, object_id)
    rows = PaperScan.objects.filter(
        pk=pk, agreement__employer=onboarding.employer_id, agreement__amendment=None
    )

    def show(**posted: Any) -> HttpResponse:
        """Show the page with what was typed, the marks that came along with it too."""
        marks = posted["scan_form"].data
        return review_page(model_admin, request, model_admin.case(request, object_id), marks=marks, **posted)

    return judge(request, rows, do, show=show, back=("admin:employers_onboarding_change", onboarding.pk))


def judge(
    request: HttpRequest,
    rows: "QuerySet[PaperScan]",
    do: str,
    *,
    show: Callable[..., HttpResponse],
    back: tuple[str, Any],
) -> HttpResponse:
    """Confirm or reject the one scan in `rows`; `show` draws its page again, `back` is that page's address.

    A GET only shows what a lost session left.
    """
    scan = rows.select_related("agreement__employer__onboarding", "document", "uploaded_by").first()
    if scan is None or do not in FORMS:
        raise Http404
    late = "" if scan.is_waiting else str(TOO_LATE)
    if request.method != "POST":
        typed = take_typed_text(request)
        return show(scan_form=FORMS[do](scan, typed), problem=late) if typed else redirect(*back)
    form = FORMS[do](scan, request.POST)
    if late:
        return show(scan_form=form, problem=late, status=409)
    if not form.is_valid():
        return show(scan_form=form, status=422)
    refused = _judge(request, scan, form)
    return show(scan_form=form, **refused) if refused else redirect(*back)


def _judge(request: HttpRequest, scan: PaperScan, form: ScanForm) -> dict[str, Any]:
    """Record the word, or return with which status the page is shown again, and why."""
    try:
        _record(request, scan, form)
    except NotAllowed as refusal:
        return {"problem": str(refusal), "status": 403}
    except ValidationError as faults:
        form.add_error(None, faults)
        return {"status": 422}
    except TransitionNotAllowed:
        return {"problem": str(TOO_LATE), "status": 409}
    return {}


def _record(request: HttpRequest, scan: PaperScan, form: ScanForm) -> None:
    assert isinstance(request.user, User)
    if isinstance(form, ConfirmForm):
        paper_path.confirm(scan, by=request.user, **form.cleaned_data)
        messages.success(request, _("Confirmed: the agreement counts as signed on paper."))
    else:
        paper_path.reject(scan, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Rejected. The employer was told why and signs again."))
