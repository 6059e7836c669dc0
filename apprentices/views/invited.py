"""People whom AAMI had on a list of its own answer by the mailed link: fill in the form, or say no."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apprentices import inviting, limits, links
from apprentices.forms import InterestForm
from apprentices.models import ConsentText, Invitation
from apprenticeship.program.models import Program

DAYS = inviting.ANSWER_WITHIN.days
PREFILLED = ("name", "email", "phone", "zip_code")


def by_invitation(
    view: Callable[[HttpRequest, Invitation, str], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view the open invitation of the link; say what to do if there is none."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapper(request: HttpRequest, token: str) -> HttpResponse:
        invitation = links.invitation_of(token)
        if invitation is None:
            return render(request, "apprentices/invitation_over.html", {"days": DAYS}, status=410)
        return view(request, invitation, token)

    return wrapper


@by_invitation
def invited(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Ask what the interest form asks, with what AAMI knows filled in. Opening the link changes nothing."""
    consent = ConsentText.objects.current()
    if consent is None:
        return render(request, "apprentices/closed.html", status=503)
    known = {name: getattr(invitation, name) for name in PREFILLED}
    typed = request.POST if request.method == "POST" else None
    form = InterestForm(
        typed, initial=known, consent=consent, minimum_age=Program.objects.current().minimum_age
    )
    form.fields["email"].help_text = _(
        "To another address we send a link first, to confirm that it is yours."
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        answers = form.answers()
        is_same = answers.email == invitation.email
        refusal = "" if is_same else limits.refusal(request, answers.email)
        if not refusal:
            inviting.accept(invitation, answers)
            return redirect("apprentices:confirmed" if is_same else "apprentices:thanks")
        form.add_error(None, refusal)
        status = 429
    context = {"form": form, "consent": consent, "place": form.place, "typed": form["zip_code"].value() or "",
               "token": token, "days": DAYS}  # fmt: skip
    return render(request, "apprentices/invited.html", context, status=status)


@csrf_exempt  # a mail program posts here for its reader, RFC 8058: no cookie, no form of ours
@by_invitation
def no_thanks(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Say no by a button or by one click in the mail program; a browser that only opens it is led to the form."""
    if request.method != "POST":
        return redirect("apprentices:invited", token)
    inviting.decline(invitation)
    if "List-Unsubscribe" in request.POST:
        text = _("Your name and address are deleted, and we write no more.")
        return HttpResponse(text, content_type="text/plain")
    return redirect("apprentices:deleted")
