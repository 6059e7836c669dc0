"""The owner who is the signatory reads and signs in the portal: the same act and evidence as by link."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apprenticeship.addresses import client_ip
from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from apprenticeship.documents.rendering import body_html
from employers import codes, signatory, signing
from employers.amended import Amended, case_of
from employers.application import Application
from employers.forms.signatory import CodeForm, SigningForm
from employers.models import Agreement, Membership
from employers.onboarding import STEP_BY_SLUG
from employers.papers import agreement_data
from employers.permissions import is_signatory
from employers.transitions import NotReady, TransitionNotAllowed
from employers.versions import compared
from employers.views.last_word import LastWord
from employers.views.reading import wage_schedule
from employers.views.seats import seated, seated_action

TEXT_CHANGED = gettext_lazy("The text changed since you opened this page. Nothing was signed; read it again.")


def to_signatory(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a seated view the case and the agreement that waits for this signatory; lead on where none waits."""

    @wraps(view)
    def wrapper(request: HttpRequest, membership: Membership) -> HttpResponse:
        application = case_of(membership.employer.onboarding)
        agreement = application.agreement
        if agreement is None or agreement.status != Agreement.Status.PRESENTED:
            return _nothing_to_sign(request, application)
        _require_signatory(membership, application)
        return view(request, membership, application, agreement)

    return wrapper


@seated
@require_http_methods(["GET", "POST"])
@to_signatory
def sign(
    request: HttpRequest, membership: Membership, application: Application, agreement: Agreement
) -> HttpResponse:
    """Show the frozen agreement to the signatory; take consent, authority and name; lead to the last page."""
    form = SigningForm(request.POST or None, agreement=agreement)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["sha256"] != agreement.sha256:
            return _text_changed(request, application)
        last = _last_word(agreement, membership)
        return last.page(request, form, CodeForm(), problem=last.mail_code(agreed=True))
    return _page(request, membership, application, agreement, form)


@seated
@require_safe
@to_signatory
def wages(
    request: HttpRequest, membership: Membership, application: Application, agreement: Agreement
) -> HttpResponse:
    """Show the signatory the whole wage schedule."""
    return wage_schedule(request, agreement, reverse("employers:sign"))


@seated_action
@to_signatory
def sign_last(
    request: HttpRequest, membership: Membership, application: Application, agreement: Agreement
) -> HttpResponse:
    """Sign, with the code that was mailed."""
    form, code = SigningForm(request.POST or None, agreement=agreement), CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, application, agreement, form)
    if form.cleaned_data["sha256"] != agreement.sha256:
        return _text_changed(request, application)
    last = _last_word(agreement, membership)
    if "again" in request.POST:
        return last.page(request, form, CodeForm(), problem=last.mail_code())
    if not code.is_valid():
        return last.page(request, form, code, status=422)
    return _sign(request, application, last, form, code)


def _page(
    request: HttpRequest,
    membership: Membership,
    application: Application,
    agreement: Agreement,
    form: SigningForm,
) -> HttpResponse:
    context = {
        "form": form,
        "agreement": agreement,
        "application": application,
        "email": membership.user.email,
        "documents": Document.objects.about(agreement),
        "paper": body_html(kinds.AGREEMENT, agreement_data(agreement, application.zone)),
        "step": STEP_BY_SLUG["agreement"],
        "compared": compared(agreement, reader=application.onboarding.signatory_name),
        "wages_url": reverse("employers:sign-wages"),
    }
    return render(request, "employers/steps/sign.html", context, status=422 if form.errors else 200)


def _sign(
    request: HttpRequest, application: Application, last: LastWord, form: SigningForm, code: CodeForm
) -> HttpResponse:
    try:
        signatory.sign_in_portal(
            last.agreement,
            by=request.user,  # type: ignore[arg-type]  # seated
            typed=form.cleaned_data,
            code=code.cleaned_data["code"],
            ip=client_ip(request),
            browser=request.headers.get("User-Agent", ""),
        )
    except codes.WrongCode:
        return last.page_of_wrong_code(request, form, code)
    except signing.AlreadySigned:
        return _signed_already(request, application)
    except signing.TextChanged:
        return _text_changed(request, application)
    except (NotReady, TransitionNotAllowed):
        messages.warning(request, _("An earlier step changed meanwhile. Nothing was signed."))
        return redirect("employers:tasks")
    messages.success(request, _("Signed. The papers are being prepared."))
    return back_to(application, "approval")


def back_to(case: Application, slug: str = "agreement") -> HttpResponse:
    """Lead to the page that the signing started from, or that follows it."""
    return redirect("employers:amendment") if isinstance(case, Amended) else redirect("employers:step", slug)


def _require_signatory(membership: Membership, application: Application) -> None:
    if not is_signatory(membership.user, application.onboarding, membership.role):
        raise PermissionDenied(_("Only the person named as signatory can sign."))


def _last_word(agreement: Agreement, membership: Membership) -> LastWord:
    return LastWord(
        agreement=agreement,
        signer=membership.user,
        read_url=reverse("employers:sign"),
        sign_url=reverse("employers:sign-last"),
    )


def _nothing_to_sign(request: HttpRequest, case: Application) -> HttpResponse:
    """Lead on: the text is being changed, or it is signed, for instance by the first of two clicks."""
    agreement = case.agreement
    if request.method == "POST" and agreement is not None and agreement.status == Agreement.Status.SIGNED:
        return _signed_already(request, case)
    if request.method == "POST":
        messages.warning(request, TEXT_CHANGED)
    return back_to(case)


def _signed_already(request: HttpRequest, case: Application) -> HttpResponse:
    messages.info(request, _("This was signed already."))
    return back_to(case, "approval")


def _text_changed(request: HttpRequest, case: Application) -> HttpResponse:
    messages.warning(request, TEXT_CHANGED)
    return back_to(case)
