"""Draw the review page, as it is opened and again after a decision that was not made."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin.options import ModelAdmin
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apprenticeship.accounts.models import User
from employers.admin.decisions import DECISIONS, open_edges
from employers.admin.filters import TURNS
from employers.admin.forms import ApproveForm, DecisionForm
from employers.admin.review import Review
from employers.models import Onboarding
from employers.onboarding import Turn

if TYPE_CHECKING:
    OnboardingModelAdmin = ModelAdmin[Onboarding]
else:
    OnboardingModelAdmin = ModelAdmin


def review_page(
    model_admin: OnboardingModelAdmin,
    request: HttpRequest,
    onboarding: Onboarding,
    *,
    form: DecisionForm | None = None,
    problem: str = "",
    mails: list[EmailMultiAlternatives] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the review page. `form` is a decision not made yet, with what was typed; `problem` says why not."""
    assert isinstance(request.user, User)
    review = Review(onboarding)
    edges, refusal = open_edges(onboarding, request.user)
    forms = [
        form if form and form.edge is edge else DECISIONS[edge.name].form(edge, onboarding, request.user)
        for edge in edges
    ]
    for shown in forms:
        if isinstance(shown, ApproveForm):
            shown.show_agreement(review.agreement.sha256 if review.agreement else "")
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": str(onboarding),
        "is_nav_sidebar_enabled": False,
        "review": review,
        "onboarding": onboarding,
        "turn": TURNS[onboarding.turn],
        "forms": forms,
        "current": form if form in forms else None,
        "unsaved": form if form and form not in forms else None,
        "mails": mails or [],
        "problem": problem or refusal,
        "may_claim": onboarding.reviewer is None and bool(edges) and onboarding.turn in (Turn.AAMI, Turn.AGENCY),
    }
    return TemplateResponse(request, "admin/employers/onboarding/review.html", context, status=status)
