"""The candidate's own page, by link. Opening a link changes nothing; every act is a button."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from apprentices import interest, limits, links, own
from apprentices.forms import LinkForm, OwnForm
from apprentices.models import Candidate, ConsentText
from apprenticeship.program.models import Program

View = Callable[..., HttpResponse]


def by_link(view: View) -> View:
    """Give the view the candidate whose page the link opens; say what to do if it opens none."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapper(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        candidate = links.candidate_of_page(token)
        if candidate is None:
            return render(request, "apprentices/own/gone.html", status=410)
        return view(request, candidate, token, **kwargs)

    return wrapper


@by_link
def mine(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    """Show where somebody stands, who looked and everything that is kept; buttons stay, stop or start again."""
    if request.method == "POST":
        do = request.POST.get("do")
        if do == "stop" and own.stop(candidate):
            messages.success(request, _("You share nothing any more. No employer can see you."))
        elif do == "stay" and own.stay(candidate):
            messages.success(request, _("Thank you. Approved partner employers can find you."))
        elif do == "keep" and own.keep(candidate):
            messages.success(request, _("Kept. You share nothing, and no employer can see you."))
        return redirect("apprentices:mine", token)
    program = Program.objects.current()
    context = {
        "candidate": candidate,
        "token": token,
        "program": program,
        "hidden_on": candidate.heard_at + dt.timedelta(days=program.candidate_reconfirm_days),
        "erased_on": candidate.heard_at + dt.timedelta(days=program.candidate_erase_days),
        "openings": own.who_looked(candidate),
        "mails": interest.mails_about(candidate).count(),
    }
    return render(request, "apprentices/own/page.html", context)


@by_link
def change(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    """Let somebody change every answer."""
    consent = ConsentText.objects.current()
    if consent is None:
        return render(request, "apprentices/closed.html", status=503)
    typed = request.POST if request.method == "POST" else None
    form = OwnForm(typed, candidate=candidate, consent=consent, minimum_age=candidate.asked_age)
    status = 200
    if request.method == "POST" and form.is_valid():
        answers = form.answers()
        moves = answers.email != candidate.email
        if moves and (refusal := limits.refusal(request, answers.email)):
            form.add_error(None, refusal)
            status = 429
        else:
            _say_changed(request, candidate, moves=own.change(candidate, answers), email=answers.email)
            return redirect("apprentices:mine", token)
    context = {"form": form, "consent": consent, "place": form.place, "typed": form["zip_code"].value() or "",
               "token": token}  # fmt: skip
    return render(request, "apprentices/own/change.html", context, status=status)


def _say_changed(request: HttpRequest, candidate: Candidate, *, moves: bool, email: str) -> None:
    if candidate.is_sharing:
        messages.success(request, _("Your answers are changed."))
    else:
        text = _("Your answers are changed, but no employer can find you until you press “Share again”.")
        messages.success(request, text)
    if moves:
        text = _("We sent a link to %(email)s. Until you follow it, we write to the address you had.")
        messages.info(request, text % {"email": email})


@by_link
def delete(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    """Ask once more, then delete everything."""
    if request.method == "POST":
        interest.erase(candidate, by=None)
        return redirect("apprentices:deleted")
    context = {"candidate": candidate, "token": token, "openings": own.untold_openings(candidate)}
    return render(request, "apprentices/own/delete.html", context)


@csrf_exempt  # a mail program posts here for its reader, RFC 8058: no cookie, no form of ours
@by_link
def unsubscribe(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    """Stop sharing by one click in the mail program; a browser is led to the page with the button."""
    if request.method == "POST":
        own.stop(candidate)
        return HttpResponse(
            _("You share nothing any more, and this mail has ended."), content_type="text/plain"
        )
    return redirect("apprentices:mine", token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: HttpRequest, token: str) -> HttpResponse:
    """Show the new address; a button makes it theirs."""
    candidate = links.candidate_with_new_email(token)
    if candidate is None:
        return render(request, "apprentices/own/gone.html", status=410)
    is_taken = own.is_taken(candidate)
    if request.method == "POST" and not is_taken and own.take_new_email(candidate):
        return render(request, "apprentices/own/email_taken_over.html")
    context = {"candidate": candidate, "is_taken": is_taken}
    return render(request, "apprentices/own/email.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Ask for the address of somebody who lost their link; the answer never says whether it is known."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        if refusal := limits.refusal(request, address, form="link"):
            form.add_error(None, refusal)
            status = 429
        else:
            own.request_link(address)
            return redirect("apprentices:link-sent")
    return render(request, "apprentices/own/link.html", {"form": form}, status=status)


@require_GET
def link_sent(request: HttpRequest) -> HttpResponse:
    """Say what happens next: the same for everybody, known or not."""
    return render(request, "apprentices/own/link_sent.html")
