"""Preview links: made and revoked by the employer's people, opened by legal and HR without an account."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apprenticeship.accounts.rescue import take_typed_text
from apprenticeship.documents import kinds
from apprenticeship.documents.rendering import body_html
from employers import previews as links
from employers.amended import case_of
from employers.application import Application
from employers.forms.preview import PreviewForm
from employers.models import Membership, PreviewLink
from employers.navigation import seat
from employers.permissions import EDITING
from employers.views.seats import require_editor, seated, seated_action

PAGE = "employers:previews"


@seated
@never_cache
@require_http_methods(["GET", "POST"])
def previews(request: HttpRequest, membership: Membership) -> HttpResponse:
    """List the links; an owner or editor makes one, which is shown once."""
    application = case_of(membership.employer.onboarding)
    if request.method == "POST":
        require_editor(membership)
        form = PreviewForm(request.POST)
        if form.is_valid():
            return _make(request, membership, application, form)
        return _page(request, membership, application, form, status=422)
    return _page(request, membership, application, PreviewForm(take_typed_text(request)))


@seated_action
def revoke(request: HttpRequest, membership: Membership, pk: uuid.UUID) -> HttpResponse:
    """Stop a link."""
    require_editor(membership)
    link = get_object_or_404(membership.employer.preview_links, pk=pk)
    links.revoke(link, by=membership.user)
    messages.success(request, _("The link for %(whom)s no longer works.") % {"whom": link})
    return redirect(PAGE)


@require_safe
@never_cache
def preview(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show the agreement and its wage schedule to whoever holds the link. Nothing can be signed here."""
    link = links.link_by(token)
    if link is None or link.revoked_at or link.is_expired:
        return _unlisted(render(request, "employers/previews/ended.html", {"link": link}, status=410))
    application = case_of(link.employer.onboarding)
    shown = links.preview(application)
    _count(request, link)
    context = {
        "link": link,
        "application": application,
        "agreement": shown.agreement if shown else None,
        "paper": body_html(kinds.AGREEMENT, shown.agreement_data) if shown else "",
        "wages": body_html(kinds.WAGE_SCHEDULE, shown.wages_data) if shown else "",
    }
    return _unlisted(render(request, "employers/previews/preview.html", context))


def _make(
    request: HttpRequest, membership: Membership, application: Application, form: PreviewForm
) -> HttpResponse:
    if reason := links.missing(application):
        form.add_error(None, reason)
        return _page(request, membership, application, form, status=409)
    try:
        link, path = links.make(
            membership.employer,
            label=form.cleaned_data["label"],
            form_key=form.cleaned_data["form_key"],
            by=membership.user,
        )
    except links.TooManyLinks:
        form.add_error(None, _("Many links are open already. Revoke one that nobody needs any more."))
        return _page(request, membership, application, form, status=409)
    if not path:
        messages.info(request, _("This link was made already, and is shown only once. Make another one."))
        return redirect(PAGE)
    address = request.build_absolute_uri(path)
    return _page(request, membership, application, PreviewForm(), fresh=link, address=address)


def _page(
    request: HttpRequest,
    membership: Membership,
    application: Application,
    form: PreviewForm,
    *,
    fresh: PreviewLink | None = None,
    address: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "application": application,
        "preview_links": list(membership.employer.preview_links.open()),
        "may_revoke": membership.role in EDITING,
        "missing": links.missing(application),
        "fresh": fresh,
        "address": address,
    }
    return render(request, "employers/previews/page.html", context, status=status)


def _count(request: HttpRequest, link: PreviewLink) -> None:
    """Count a visit; the employer's own people look without being counted."""
    membership = seat(request)
    is_own = membership is not None and membership.employer_id == link.employer_id
    if request.method == "GET" and not is_own:
        links.note_opened(link)


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
