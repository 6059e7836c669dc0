"""`/verify/`: is this PDF genuine? For anybody, without an account."""

import time

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from apprenticeship.documents import verifying
from apprenticeship.documents.cleaning import SHA256
from apprenticeship.documents.verifying import LARGEST, Finding
from apprenticeship.limits import HOUR, MINUTE, Limit, address_of, fits

MEGABYTE = 1024 * 1024
# Of a form around its file.
OVERHEAD = 16 * 1024
# Seconds to read away what is refused.
PATIENCE = 4
# Looking through a file costs up to a second; a law firm behind one address checks many.
UPLOADS = (Limit(forms=30, seconds=MINUTE), Limit(forms=300, seconds=HOUR))
TOO_OFTEN = _(
    "Very many files come from your network just now. Try again in a minute, or type the code printed on the paper."
)


class VerifyForm(forms.Form):
    """A file, its fingerprint made in the browser, or a printed code."""

    file = forms.FileField(
        label=_("PDF file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
    )
    sha256 = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("or the printed document code"),
        required=False,
        max_length=40,
        help_text=_("At the bottom of every page, like BMET‑7K3F‑9QXA."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@csrf_exempt
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a file or a code, and answer. What is too large or comes too often is refused before it is read.

    Exempt from the CSRF check here, because that check reads and stores the whole body; what is read is checked.
    """
    if request.method != "POST":
        return _page(request, VerifyForm())
    if _length(request) > LARGEST + OVERHEAD:
        return _refused(request, _too_large(), status=413)
    is_file = str(request.META.get("CONTENT_TYPE", "")).startswith("multipart/")
    if is_file and not fits("verify", address_of(request), UPLOADS):
        return _refused(request, str(TOO_OFTEN), status=429)
    return _answer(request)


@csrf_protect
def _answer(request: HttpRequest) -> HttpResponse:
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    typed = form.cleaned_data
    if SHA256.fullmatch(typed["sha256"]):
        return _page(request, form, finding=verifying.by_hash(typed["sha256"]))
    if typed["file"] is not None:
        return _page(request, form, finding=verifying.by_file(typed["file"]), was_sent=True)
    if typed["code"]:
        return redirect("verify-code", typed["code"].strip())
    form.add_error("file", _("Choose a PDF, or type the code that is printed on it."))
    return _page(request, form, status=422)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refused(request: HttpRequest, why: str, *, status: int) -> HttpResponse:
    """Answer without storing the body. It is read away, because browsers show no answer before they have sent it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and request.read(MEGABYTE):
        pass
    form = VerifyForm({})
    form.is_valid()
    form.add_error("file", why)
    return _page(request, form, status=status)


@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Say what paper carries a printed code, and whether it is in force."""
    document = verifying.by_code(code[:40])
    if document is None:
        form = VerifyForm({"code": code[:40]})
        form.is_valid()
        form.add_error(
            "code",
            _(
                "No sealed paper carries this code. Check its letters and digits; papers that are not yet "
                "signed by both parties are not sealed and not known here."
            ),
        )
        return _page(request, form, status=404)
    return _page(request, VerifyForm(), finding=verifying.judged(document), by_code=True)


def _page(
    request: HttpRequest,
    form: VerifyForm,
    *,
    finding: Finding | None = None,
    by_code: bool = False,
    was_sent: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "finding": finding,
        "by_code": by_code,
        "was_sent": was_sent,
        "limit": LARGEST // MEGABYTE,
        "largest": LARGEST,
    }
    return render(request, "documents/verify.html", context, status=status)


def _too_large() -> str:
    return _("This file is larger than %(limit)s MB; none of our papers is. Check the file.") % {
        "limit": LARGEST // MEGABYTE
    }
