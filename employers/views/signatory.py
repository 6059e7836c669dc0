"""What a signatory does by a personal link, without an account. Opening the link changes nothing."""

from collections.abc import Callable
from datetime import UTC
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apprenticeship.addresses import client_ip
from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from apprenticeship.documents.rendering import body_html
from apprenticeship.documents.views import send_pdf
from apprenticeship.records.events import record
from employers import codes, signatory, signing
from employers.application import zone_of
from employers.forms.moves import QuestionForm, ReasonForm
from employers.forms.signatory import CodeForm, ForwardForm, SigningForm
from employers.models import Agreement, Signature, SigningLink
from employers.papers import agreement_data
from employers.permissions import link_of
from employers.transitions import NotReady, TransitionNotAllowed
from employers.versions import compared
from employers.views.last_word import WRONG_CODE, LastWord, mail_code
from employers.views.reading import wage_schedule

# Where a session keeps what was signed by link in it, and which link was forwarded.
SIGNED, FORWARDED = "signed_by_link", "forwarded_link"
View = Callable[..., HttpResponseBase]
TOO_MANY_CODES = gettext_lazy(
    "This link has mailed its last code. Ask the people who prepared the agreement for a new link."
)


def by_link(view: View) -> View:
    """Give the view the link; say what to do when it has ended."""

    @never_cache
    @wraps(view)
    def wrapper(request: HttpRequest, token: str, **kwargs: object) -> HttpResponseBase:
        link = signatory.link_by(token)
        if link is None or not link.is_open or link.is_expired or not _is_presented(link):
            return _ended(request, link)
        return view(request, link, token, **kwargs)

    return wrapper


def _ended(request: HttpRequest, link: SigningLink | None) -> HttpResponse:
    """Say what became of a link. To whom it was forwarded is told in the browser that did it, to nobody else."""
    is_theirs = link is not None and request.session.get(FORWARDED) == str(link.pk)
    zone = zone_of(link.agreement.employer) if link else UTC
    context = {"link": link, "is_theirs": is_theirs, "zone": zone}
    return render(request, "employers/signatory/ended.html", context, status=410)


@by_link
@require_safe
def wages(request: HttpRequest, link: SigningLink, token: str) -> HttpResponse:
    """Show the whole wage schedule."""
    return wage_schedule(request, link.agreement, reverse("employers:signatory", args=[token]))


@by_link
@require_http_methods(["GET", "POST"])
def read_and_sign(request: HttpRequest, link: SigningLink, token: str) -> HttpResponse:
    """Show the agreement; take consent, authority and name; lead to the page of the last word."""
    form = SigningForm(request.POST or None, agreement=link.agreement)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["sha256"] != link.agreement.sha256:
            return _text_changed(request, link, token)
        last = _last_word(link, token)
        return last.page(request, form, CodeForm(), problem=last.mail_code(agreed=True))
    return _page(request, link, token, form=form, status=422 if form.errors else 200)


@by_link
@require_POST
def sign(request: HttpRequest, link: SigningLink, token: str) -> HttpResponse:
    """Sign, with the code that was mailed."""
    form, code = SigningForm(request.POST or None, agreement=link.agreement), CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, link, token, form=form, status=422)
    if form.cleaned_data["sha256"] != link.agreement.sha256:
        return _text_changed(request, link, token)
    last = _last_word(link, token)
    if "again" in request.POST:
        return last.page(request, form, CodeForm(), problem=last.mail_code())
    if not code.is_valid():
        return last.page(request, form, code, status=422)
    return _sign(request, link, token, form, code)


def _sign(
    request: HttpRequest, link: SigningLink, token: str, form: SigningForm, code: CodeForm
) -> HttpResponse:
    try:
        signature = signatory.sign_by_link(
            link,
            typed=form.cleaned_data,
            code=code.cleaned_data["code"],
            ip=client_ip(request),
            browser=request.headers.get("User-Agent", ""),
        )
    except codes.WrongCode:
        return _last_word(link, token).page_of_wrong_code(request, form, code)
    except signing.TextChanged:
        return _text_changed(request, link, token)
    except (NotReady, TransitionNotAllowed):
        waits = _("The organization is changing an earlier step. Nothing was signed; your link stays valid.")
        return _page(request, link, token, form=form, problem=waits, status=409)
    except (signatory.LinkEnded, signing.AlreadySigned):
        return redirect("employers:signatory", token)
    request.session[SIGNED] = signature.pk
    return redirect("employers:signed")


@require_safe
@never_cache
def signed(request: HttpRequest) -> HttpResponse:
    """Say what was signed in this browser and what comes next; to everybody else, that nothing was."""
    rows = Signature.objects.select_related("agreement__employer")
    signature = rows.filter(pk=request.session.get(SIGNED, 0)).first()
    zone = zone_of(signature.agreement.employer) if signature else UTC
    return render(request, "employers/signatory/signed.html", {"signature": signature, "zone": zone})


@by_link
@require_POST
def ask(request: HttpRequest, link: SigningLink, token: str) -> HttpResponse:
    """Mail a question to the employer's people."""
    form = QuestionForm(request.POST, prefix="ask")
    if not form.is_valid():
        return _page(request, link, token, question=form, status=422)
    try:
        signatory.ask(link, form.cleaned_data["reason"])
    except signatory.LinkEnded:
        enough = _(
            "You have asked many questions here. Please write to the people who prepared the agreement."
        )
        return _page(request, link, token, question=form, problem=enough, status=409)
    return _page(request, link, token, done=_("Your question is on its way. The answer comes by mail."))


@by_link
@require_POST
def decline(request: HttpRequest, link: SigningLink, token: str) -> HttpResponse:
    """End the link with a reason; the mailed code shows that the addressee of the link declines."""
    form, asked = ReasonForm(request.POST, prefix="decline"), (request, "decline", link, token)
    if not form.is_valid():
        return _page(request, link, token, refusal=form, status=422)
    if "confirm" not in request.POST:
        problem = mail_code(link.agreement, link, TOO_MANY_CODES, codes.Purpose.DECLINE)
        return _confirm(*asked, form, CodeForm(), problem=problem)
    code = CodeForm(request.POST)
    try:
        codes.check(link.agreement, link, request.POST.get("code", ""), codes.Purpose.DECLINE)
        signatory.decline(link, form.cleaned_data["reason"])
    except codes.WrongCode:
        code.add_error("code", str(WRONG_CODE))
        return _confirm(*asked, form, code, status=422)
    except signatory.LinkEnded:
        return redirect("employers:signatory", token)
    return render(request, "employers/signatory/declined.html", {"link": link})


@by_link
@require_POST
def forward(request: HttpRequest, link: SigningLink, token: str) -> HttpResponse:
    """Name the person who may sign instead; the mailed code shows that the addressee of the link does."""
    form, asked = ForwardForm(request.POST, prefix="forward"), (request, "forward", link, token)
    if not form.is_valid():
        return _page(request, link, token, other=form, status=422)
    if "confirm" not in request.POST:
        problem = mail_code(link.agreement, link, TOO_MANY_CODES, codes.Purpose.FORWARD)
        return _confirm(*asked, form, CodeForm(), problem=problem)
    code = CodeForm(request.POST)
    try:
        codes.check(link.agreement, link, request.POST.get("code", ""), codes.Purpose.FORWARD)
        signatory.forward(link, **form.cleaned_data)
    except codes.WrongCode:
        code.add_error("code", str(WRONG_CODE))
        return _confirm(*asked, form, code, status=422)
    except (signatory.LinkEnded, signing.NotPresentable):
        return redirect("employers:signatory", token)
    request.session[FORWARDED] = str(link.pk)
    return redirect("employers:signatory", token)


@by_link
@require_safe
def paper(request: HttpRequest, link: SigningLink, token: str, pk: str) -> HttpResponseBase:
    """Send a paper of the agreement that this link is about."""
    document = get_object_or_404(Document.objects.about(link.agreement), pk=pk, status="done")
    if request.method == "GET":
        chain = link.agreement.employer.chain
        record(chain, "document_downloaded", by=None, subject=document, data=link_of(link))
    return send_pdf(document)


def _is_presented(link: SigningLink) -> bool:
    return bool(link.agreement.status == Agreement.Status.PRESENTED)


def _last_word(link: SigningLink, token: str) -> LastWord:
    return LastWord(
        agreement=link.agreement,
        signer=link,
        read_url=reverse("employers:signatory", args=[token]),
        sign_url=reverse("employers:signatory-sign", args=[token]),
        too_many=TOO_MANY_CODES,
    )


def _confirm(
    request: HttpRequest,
    act: str,
    link: SigningLink,
    token: str,
    form: ForwardForm | ReasonForm,
    code: CodeForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"link": link, "token": token, "form": form, "code": code, "problem": problem}
    return render(request, f"employers/signatory/confirm_{act}.html", context, status=status)


def _text_changed(request: HttpRequest, link: SigningLink, token: str) -> HttpResponse:
    changed = _("The text changed since you opened this page. Nothing was signed; please read it again.")
    link.refresh_from_db()
    return _page(request, link, token, problem=changed, status=409)


def _page(
    request: HttpRequest, link: SigningLink, token: str, *, status: int = 200, **extra: object
) -> HttpResponse:
    agreement = link.agreement
    context = {
        "link": link,
        "token": token,
        "agreement": agreement,
        "paper": body_html(kinds.AGREEMENT, agreement_data(agreement)),
        "documents": Document.objects.about(agreement),
        "compared": compared(agreement, reader=link.name),
        "wages_url": reverse("employers:signatory-wages", args=[token]),
        "form": extra.pop("form", None) or SigningForm(agreement=agreement),
        "question": QuestionForm(prefix="ask"),
        "refusal": ReasonForm(prefix="decline"),
        "other": ForwardForm(prefix="forward"),
        "problem": "",
        "done": "",
    }
    return render(request, "employers/signatory/read.html", context | extra, status=status)
