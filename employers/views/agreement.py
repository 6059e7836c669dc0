"""Step 6: the wage schedule, the signatory, the agreement and the signature."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apprenticeship.addresses import client_ip
from apprenticeship.documents import kinds
from apprenticeship.documents.rendering import body_html
from employers import signatory, signing
from employers.application import Application
from employers.forms.signatory import SignatoryPart, SigningForm
from employers.forms.wages import WagesPart
from employers.models import Agreement, Membership, Signature
from employers.onboarding import STEP_BY_SLUG
from employers.papers import agreement_data
from employers.permissions import is_signatory
from employers.transitions import NotReady, TransitionNotAllowed, advance, lock
from employers.views.parts import edit_part
from employers.views.seats import require_owner, seated, seated_action

TEXT_CHANGED = gettext_lazy("The text changed since you opened this page. Nothing was signed; read it again.")


def overview(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show what step 6 asks: wages, signatory, signature; name the signatory."""
    if request.method == "POST":
        require_owner(membership)
    return edit_part(request, membership, SignatoryPart)


@seated
@require_http_methods(["GET", "POST"])
def wages(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show or save the wage schedule builder."""
    return edit_part(request, membership, WagesPart)


@seated_action
def wages_preview(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Judge and draw the schedule as typed, without saving it."""
    form = WagesPart(Application(membership.employer.onboarding), request.POST)
    return render(request, "employers/steps/wages_live.html", {"form": form})


@seated_action
def present(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Freeze the agreement's text and lead to the page where it is read and signed."""
    require_owner(membership)
    try:
        signing.present(membership.employer.onboarding, by=membership.user)
    except signing.NotPresentable as reason:
        messages.error(request, str(reason))
        return redirect("employers:step", "agreement")
    return redirect("employers:sign")


@seated_action
def link(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Mail the signatory a link, send it again, or revoke it. Nobody here ever sees it."""
    require_owner(membership)
    if request.POST.get("do") == "revoke":
        signing.revoke_links(membership.employer, by=membership.user)
        messages.success(request, _("The link no longer works."))
        return redirect("employers:step", "agreement")
    try:
        row = signatory.send_link(membership.employer.onboarding, by=membership.user)
        messages.success(request, _("The link is on its way to %(who)s.") % {"who": row.email})
    except signing.NotPresentable as reason:
        messages.error(request, str(reason))
    return redirect("employers:step", "agreement")


@seated
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show the frozen agreement to the signatory and take the signature."""
    application = Application(membership.employer.onboarding)
    agreement = application.agreement
    if agreement is None or agreement.status != Agreement.Status.PRESENTED:
        if agreement is None and request.method == "POST":
            messages.warning(request, TEXT_CHANGED)
        return redirect("employers:step", "agreement")
    if not is_signatory(membership.user, application.onboarding, membership.role):
        raise PermissionDenied(_("Only the person named as signatory can sign."))
    facts = agreement.terms["facts"]["representative"]
    initial = {"title": facts["title"], "sha256": agreement.sha256}
    form = SigningForm(request.POST or None, initial=initial, expected_name=facts["name"])
    if request.method == "POST" and form.is_valid():
        return _sign(request, membership, application, agreement, form)
    context = {
        "form": form,
        "agreement": agreement,
        "application": application,
        "paper": body_html(kinds.AGREEMENT, agreement_data(agreement)),
        "step": STEP_BY_SLUG["agreement"],
    }
    return render(request, "employers/steps/sign.html", context, status=422 if form.errors else 200)


def _sign(
    request: HttpRequest,
    membership: Membership,
    application: Application,
    agreement: Agreement,
    form: SigningForm,
) -> HttpResponse:
    typed = form.cleaned_data
    try:
        with transaction.atomic():
            lock(application.onboarding)  # the order in which a save locks too
            signing.sign(
                agreement,
                Signature.Party.EMPLOYER,
                by=membership.user,
                name=typed["full_name"],
                title=typed["title"],
                sha256=typed["sha256"],
                ip=client_ip(request),
                browser=request.headers.get("User-Agent", ""),
            )
            advance(application.onboarding, "sign_agreement", by=membership.user)
    except signing.AlreadySigned:
        messages.info(request, _("This was signed already."))
        return redirect("employers:step", "approval")
    except signing.TextChanged:
        messages.warning(request, TEXT_CHANGED)
        return redirect("employers:step", "agreement")
    except (NotReady, TransitionNotAllowed):
        messages.warning(request, _("An earlier step changed meanwhile. Nothing was signed."))
        return redirect("employers:tasks")
    messages.success(request, _("Signed. The papers are being prepared."))
    return redirect("employers:step", "approval")
