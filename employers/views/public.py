"""What everybody may see of the partners and of the eight steps, without an account."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apprenticeship.documents.views import send_pdf
from apprenticeship.program.models import Program
from apprenticeship.tile_map import tile_map
from employers import question_pack
from employers.forms.readiness import ReadinessForm
from employers.partners import find
from employers.readiness import judge


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """Show the participating employers: logos, list and map, for one state where asked."""
    found, address = find(request.GET.get("state", "").upper()), reverse("employers:partners")
    places = tile_map(found.counts, url=lambda code: f"{address}?state={code}#list", chosen=found.state)
    return render(request, "employers/partners.html", {"found": found, "map": places})


@require_safe
def steps(request: HttpRequest) -> HttpResponse:
    """Show the eight steps, each with what it will ask."""
    return render(request, "employers/public/steps.html", {"paper": question_pack.pack()})


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Show every question of the steps, to print and fill in by hand."""
    data = question_pack.pack()
    context = {"paper": data, "document": question_pack.ready(data)}
    return render(request, "employers/public/questions.html", context)


@require_safe
def questions_pdf(request: HttpRequest) -> HttpResponseBase:
    """Send the same as a PDF; while the worker still makes it, show the page."""
    document = question_pack.ready(question_pack.pack())
    return send_pdf(document) if document else redirect("employers:questions")


@require_safe
def readiness(request: HttpRequest) -> HttpResponse:
    """Ask a few questions and say what is missing. The answers travel in the address and are stored nowhere."""
    is_asked = any(name in request.GET for name in ReadinessForm.base_fields)
    form, program = ReadinessForm(request.GET if is_asked else None), Program.objects.current()
    findings = judge(form.answers(), program) if is_asked and form.is_valid() else []
    missing = [row for row in findings if not row.is_ready]
    context = {"form": form, "findings": findings, "missing": missing}
    return render(request, "employers/public/readiness.html", context)
