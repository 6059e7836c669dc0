"""The public pages that belong to no app: the program page and the privacy page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apprenticeship.program.models import Program
from employers.onboarding import STEPS


def landing(request: HttpRequest) -> HttpResponse:
    """Show what the program is, its eight steps and who takes part."""
    partners: list[str] = []
    return render(request, "pages/landing.html", {"steps": STEPS, "partners": partners})


def privacy(request: HttpRequest) -> HttpResponse:
    """Show what the portal keeps about people, and why."""
    return render(request, "pages/privacy.html", {"program": Program.objects.current()})
