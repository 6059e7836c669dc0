"""The page on which a partner chooses how to appear in public, and the pictures of the logos."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apprenticeship.accounts.models import User
from apprenticeship.accounts.rescue import take_typed_text
from employers import logo_cards, logos
from employers.forms.logo_card import LogoCardForm
from employers.models import LogoCard, Membership
from employers.onboarding import LIVING, State
from employers.permissions import EDITING, may_see_papers
from employers.views.seats import require_editor, seated, seated_action

YEAR = 365 * 24 * 60 * 60


@seated
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show what is public, what is being prepared and where it stands; save a new version."""
    onboarding = membership.employer.onboarding
    if request.method == "POST":
        require_editor(membership)
    if onboarding.state not in LIVING:
        return redirect("employers:tasks")
    newest, name = logo_cards.newest(onboarding), str(membership.employer)
    if request.method != "POST":
        return _page(request, membership, LogoCardForm(newest, name, take_typed_text(request)))
    form = LogoCardForm(newest, name, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, membership, form, status=422)
    opened = form.cleaned_data["opened"]
    try:
        logo_cards.save(onboarding, form.answers(), opened=opened, by=membership.user)
    except logo_cards.TooLate:
        return _too_late(request, membership, form)
    messages.success(request, _("Saved. Look at the preview, then send it to AAMI."))
    return redirect("employers:card")


def _too_late(request: HttpRequest, membership: Membership, form: LogoCardForm) -> HttpResponse:
    """Show what somebody saved meanwhile beside what was typed; saving again replaces it."""
    problem = _(
        "Somebody saved another version while you were typing. It is shown here; your text is in the form."
    )
    newest = logo_cards.newest(membership.employer.onboarding)
    typed = request.POST.copy()
    typed["opened"] = str(newest.pk) if newest else ""
    form = LogoCardForm(newest, str(membership.employer), typed)
    form.add_error(None, problem)
    return _page(request, membership, form, status=409)


def _page(
    request: HttpRequest, membership: Membership, form: LogoCardForm, status: int = 200
) -> HttpResponse:
    cards = LogoCard.objects.filter(employer=membership.employer)
    prepared = cards.open().first()
    context = {
        "form": form,
        "open": prepared,
        "has_old_words": prepared is not None and logo_cards.has_words_of_another_logo(prepared),
        "approved": cards.approved().first(),
        "newest": cards.first(),
        "is_active": membership.employer.onboarding.state == State.ACTIVE,
        "may_write": membership.role in EDITING,
    }
    return render(request, "employers/card.html", context, status=status)


@seated_action
def send(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Ask AAMI to show the version that the page showed."""
    require_editor(membership)
    rows = LogoCard.objects.open().filter(employer=membership.employer)
    prepared = rows.first()
    try:
        if prepared is None or str(prepared.pk) != request.POST.get("card"):
            raise logo_cards.TooLate
        if logo_cards.has_words_of_another_logo(prepared) and "words_fit" not in request.POST:
            messages.warning(
                request, _("Nothing was sent yet: tick that the words fit the new logo, or write others.")
            )
            return redirect("employers:card")
        logo_cards.send(membership.employer.onboarding, prepared, by=membership.user)
    except logo_cards.TooLate:
        messages.warning(request, _("Nothing was sent: this version is not the newest, or was sent already."))
    else:
        messages.success(request, _("Sent to AAMI. You get a mail when it is decided."))
    return redirect("employers:card")


@seated_action
def take_down(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Let the partner appear no longer."""
    require_editor(membership)
    logo_cards.take_down(membership.employer.onboarding, by=membership.user)
    messages.success(request, _("Your organization no longer appears on the public pages."))
    return redirect("employers:card")


@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponse:
    """Send a logo: to anybody once its card is shown, before that to the partner's people and AAMI alone.

    The name is that of the content, so whoever has a picture keeps it; the path is never taken from the address.
    """
    sha256, _dash, size = name.rpartition("-")
    rows = LogoCard.objects.filter(logo=sha256) if sha256 and size in logos.SIZES else LogoCard.objects.none()
    is_public = rows.shown().exists()
    if not is_public and not _may_preview(request, rows):
        raise Http404
    try:
        content = logos.read(sha256, size)
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(content, content_type=logos.CONTENT_TYPE)
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if is_public else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _may_preview(request: HttpRequest, rows: QuerySet[LogoCard]) -> bool:
    user = request.user
    if not isinstance(user, User):
        return False
    return any(may_see_papers(user, row.employer) for row in rows.select_related("employer"))
