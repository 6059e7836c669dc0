"""The public pages that belong to no app: the program page and the privacy page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apprenticeship.program.models import Program
from employers.models import LogoCard
from employers.onboarding import STEPS

# Partners on the program page; the others are one link away.
SHOWN = 12


def landing(request: HttpRequest) -> HttpResponse:
    """Show what the program is, its eight steps and who takes part."""
    cards = LogoCard.objects.shown().order_by("display_name", "pk")[:SHOWN]
    return render(request, "pages/landing.html", {"steps": STEPS, "cards": cards})


def privacy(request: HttpRequest) -> HttpResponse:
    """Show what the portal keeps about people, and why."""
    return render(request, "pages/privacy.html", {"program": Program.objects.current()})
