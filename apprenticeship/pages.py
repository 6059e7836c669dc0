"""The public pages that belong to no app: what the program is, for whom, and what search engines may read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apprentices.models.link import LINK_LIFE
from apprenticeship.program.models import FundingFact, Program, Question
from employers.models import LogoCard
from employers.onboarding import STEPS

# Partners on the program page; the others are one link away.
SHOWN = 8
# Everything that search engines may show.
PUBLIC = (
    "landing", "program", "employers:steps", "employers:questions", "employers:readiness", "employers:partners",
    "future-apprentices", "apprentices:interest", "verify", "privacy",
)  # fmt: skip
# Where nobody gets without an account or a link of their own; named without any link.
CLOSED = (
    "/admin/", "/accounts/", "/onboarding/", "/documents/", "/candidates/", "/sign/", "/preview/", "/join/",
    "/interest/confirm/", "/interest/mine/", "/interest/unsubscribe/", "/interest/email/",
)  # fmt: skip
DAY = 24 * 60 * 60


def landing(request: HttpRequest) -> HttpResponse:
    """Show what the program is, its eight steps and who takes part."""
    cards = LogoCard.objects.shown().order_by("display_name", "pk")[:SHOWN]
    return render(request, "pages/landing.html", {"steps": STEPS, "cards": cards})


@require_safe
def program(request: HttpRequest) -> HttpResponse:
    """Show why and how the program works, its credentials, what help with the cost exists, and answers."""
    context = _settings() | {
        "facts": FundingFact.objects.all(),
        "questions": Question.objects.shown_to(Question.Audience.EMPLOYERS),
    }
    return render(request, "pages/program.html", context)


@require_safe
def future_apprentices(request: HttpRequest) -> HttpResponse:
    """Show people what an apprenticeship is, what they get, and where to leave their interest."""
    context = _settings() | {"questions": Question.objects.shown_to(Question.Audience.APPRENTICES)}
    return render(request, "pages/future_apprentices.html", context)


def _settings() -> dict[str, Any]:
    """Return the program's row for the page and for its contact, read once."""
    row = Program.objects.current()
    return {"program": row, "program_contact": row}


def privacy(request: HttpRequest) -> HttpResponse:
    """Show what the portal keeps about people, and why."""
    return render(
        request, "pages/privacy.html", {"program": Program.objects.current(), "link_days": LINK_LIFE.days}
    )


@require_safe
@cache_control(max_age=DAY)
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the public pages for search engines."""
    addresses = [settings.SITE_URL + reverse(name) for name in PUBLIC]
    return render(request, "pages/sitemap.xml", {"addresses": addresses}, content_type="application/xml")


@require_safe
@cache_control(max_age=DAY)
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead those who ask for the customary address, without reading a page, to the portal's mark."""
    return redirect(static("img/mark.svg"))


@require_safe
@cache_control(max_age=DAY)
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines where nothing is for them, and where the list of pages is."""
    context = {"closed": CLOSED, "sitemap": settings.SITE_URL + reverse("sitemap")}
    return render(request, "pages/robots.txt", context, content_type="text/plain")
