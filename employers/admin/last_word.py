"""The last page before an officer countersigns: the text itself, what is kept with the signature, the final button.

The officer has just shown a second factor. Who has none (a developer's machine asks for none) is mailed a code, as
the employer's signatory is: nobody signs by a password alone.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.accounts.reauthentication import ask_again, last_proof
from apprenticeship.accounts.second_factor import has_proved
from apprenticeship.documents import kinds
from apprenticeship.documents.rendering import body_html
from employers import codes
from employers.admin.changes import marks_along
from employers.admin.forms import ApproveForm, DecisionForm
from employers.admin.page import queue_filters, with_filters
from employers.application import zone_of
from employers.forms.signatory import CodeForm
from employers.models import Agreement, Signature
from employers.papers import agreement_data
from employers.signing import Identity
from employers.views.last_word import WRONG_CODE, mail_code

TEMPLATE = "admin/employers/last_word.html"


def ask_last(
    model_admin: Any,
    request: HttpRequest,
    form: DecisionForm,
    row: Any,
    agreement: Callable[[], Agreement | None],
) -> HttpResponse | None:
    """Ask an officer who they are, then for the last word; None once both are given, or where nothing is signed.

    `row` is what the desk decides on, `agreement` reads the one that it signs.
    """
    if not isinstance(form, ApproveForm) or "preview" in request.POST:
        return None
    opts = model_admin.opts
    page = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
    frame = {
        **model_admin.admin_site.each_context(request),
        "opts": opts,
        "title": str(row),
        "marks": marks_along(request.POST),
        "is_nav_sidebar_enabled": False,
        "queue_filters": queue_filters(request.POST),
        "back_url": with_filters(page, request),
    }
    return ask_again(request) or _last_word(request, form, agreement(), frame)


def _last_word(
    request: HttpRequest, form: ApproveForm, agreement: Agreement | None, frame: dict[str, Any]
) -> HttpResponse | None:
    """Return the page, or None once its button was pressed; `form.known` then says how the officer is known.

    Another text than the one that waits is left to the move, which refuses it.
    """
    assert isinstance(request.user, User)
    if agreement is None or not _waits(agreement, form):
        return None
    if has_proved(request, request.user):
        proof, at = last_proof(request)
        form.known = Identity(method=Signature.Method.FACTOR, proof=proof, proof_at=at)
        if "confirm" in request.POST:
            return None
        codes.note_consent(agreement, request.user)
        return _page(request, form, agreement, frame)
    code = CodeForm(request.POST if "confirm" in request.POST else None, label_suffix="")
    if not code.is_bound:
        problem = mail_code(agreement, request.user, agreed=True)
        return _page(request, form, agreement, frame | {"code": code, "problem": problem})
    if _is_right(code, agreement, request.user, form):
        return None
    return _page(request, form, agreement, frame | {"code": code}, status=422)


def _waits(agreement: Agreement, form: ApproveForm) -> bool:
    """Whether this agreement waits for AAMI, with the text that the officer's page showed."""
    return agreement.status == Agreement.Status.SIGNED and agreement.sha256 == form.posted["sha256"]


def _is_right(code: CodeForm, agreement: Agreement, officer: User, form: ApproveForm) -> bool:
    """Whether the mailed code was typed; keeps it as what the officer is known by."""
    if not code.is_valid():
        return False
    try:
        mailed_at = codes.check(agreement, officer, code.cleaned_data["code"])
    except codes.WrongCode:
        code.add_error("code", str(WRONG_CODE))
        return False
    form.known = Identity(method=Signature.Method.CODE, proof=Signature.Proof.MAILED_CODE, proof_at=mailed_at)
    return True


def is_last_page(response: HttpResponse) -> bool:
    """Whether this is the page that asks for the last word."""
    return isinstance(response, TemplateResponse) and response.template_name == TEMPLATE


def _page(
    request: HttpRequest, form: ApproveForm, agreement: Agreement, frame: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {
        "code": None,
        "problem": "",
        **frame,
        "form": form,
        "agreement": agreement,
        "paper": body_html(kinds.AGREEMENT, agreement_data(agreement)),
        "moment": timezone.now(),
        "zone": zone_of(agreement.employer),
    }
    return TemplateResponse(request, TEMPLATE, context, status=status)
