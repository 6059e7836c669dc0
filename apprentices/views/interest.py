"""The interest form and its confirmation. Nobody here has an account."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apprentices import interest as acts
from apprentices import limits, links
from apprentices.choices import Work
from apprentices.forms import InterestForm
from apprentices.models import ConsentText
from apprentices.places import place_of
from apprenticeship.program.models import Program


@require_http_methods(["GET", "HEAD", "POST"])
def interest(request: HttpRequest) -> HttpResponse:
    """Ask who wants to become an apprentice, and keep it until it is confirmed by mail."""
    consent = ConsentText.objects.current()
    if consent is None:
        return render(request, "apprentices/closed.html", status=503)
    age = Program.objects.current().minimum_age
    form = InterestForm(request.POST if request.method == "POST" else None, consent=consent, minimum_age=age)
    status = 200
    if request.method == "POST" and form.is_valid():
        answers = form.answers()
        if refusal := limits.refusal(request, answers.email):
            form.add_error(None, refusal)
            status = 429
        else:
            acts.express(answers)
            query = urlencode({"zip_code": answers.place.zip_code} | _incumbent(answers.profile.work))
            return redirect(f"{reverse('apprentices:thanks')}?{query}")
    context = {"form": form, "consent": consent, "place": form.place, "typed": form["zip_code"].value() or ""}
    return render(request, "apprentices/interest.html", context, status=status)


def _incumbent(work: str) -> dict[str, str]:
    """Return what the next page has to know: whether an employer could enroll this person."""
    return {"work": Work.FIELD.value} if work == Work.FIELD else {}


@require_GET
def place(request: HttpRequest) -> HttpResponse:
    """Return the fragment that says where a ZIP code lies, while somebody types it."""
    typed = request.GET.get("zip_code", "")
    context = {"place": place_of(typed), "typed": typed}
    return render(request, "apprentices/includes/place_found.html", context)


@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    """Say what happens next: the same for everybody, known or not."""
    place = place_of(request.GET.get("zip_code", ""))
    is_incumbent = request.GET.get("work") == Work.FIELD
    return render(request, "apprentices/thanks.html", {"place": place, "is_incumbent": is_incumbent})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the answers; a button confirms or deletes them.

    Opening the link changes nothing, because mail scanners open links.
    """
    candidate = links.candidate_to_confirm(token)
    if candidate is None:
        return render(request, "apprentices/confirm_expired.html", status=410)
    if request.method == "POST" and not candidate.is_confirmed:
        if request.POST.get("answer") == "delete":
            acts.erase(candidate, by=None)
            return redirect("apprentices:deleted")
        if not acts.confirm(candidate):
            return redirect(request.path)
        return redirect("apprentices:confirmed")
    if candidate.is_confirmed:
        return redirect("apprentices:confirmed")
    return render(request, "apprentices/confirm.html", {"candidate": candidate})


@require_GET
def confirmed(request: HttpRequest) -> HttpResponse:
    """Say what happens after confirming."""
    return render(request, "apprentices/confirmed.html", {"program": Program.objects.current()})


@require_GET
def deleted(request: HttpRequest) -> HttpResponse:
    """Say that everything is gone."""
    return render(request, "apprentices/deleted.html")
