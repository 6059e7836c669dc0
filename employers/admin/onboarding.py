"""The queue of cases and the review page of one."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from apprenticeship.accounts.models import User
from employers.admin.cases import case_for
from employers.admin.deciding import decide
from employers.admin.drafting import draft, keeping_marks, led_back
from employers.admin.handing import HANDLERS
from employers.admin.page import print_page, review_page
from employers.admin.paper import judge_scan
from employers.admin.queue import QueueAdmin
from employers.admin.reading import read_paper
from employers.admin.registering import CORRECT, SEND, check, send, take_bundle
from employers.admin.rescue import keeping_text
from employers.admin.talking import talk
from employers.models import Onboarding
from employers.permissions import NotAllowed


@admin.register(Onboarding)
class OnboardingAdmin(QueueAdmin):
    """The queue; its rows open the review page."""

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses that decide and assign."""
        wrap, read_or_post = self.admin_site.admin_view, require_http_methods(["GET", "POST"])
        acts: dict[str, tuple[str, Any]] = {
            "send": ("registration/send/", partial(send, sending=SEND)),
            "correct": ("registration/correct/", partial(send, sending=CORRECT)),
            "check": ("registration/check/", led_back(check)),
            "talk": ("talk/<slug:do>/", talk),
            "scan": ("scans/<uuid:pk>/<slug:do>/", judge_scan),
            **{do: (f"{do}/", led_back(partial(hand, do=do))) for do in HANDLERS},
        }
        views: dict[str, tuple[str, Any]] = {
            "paper": ("paper/<uuid:pk>/", wrap(require_safe(partial(read_paper, self)))),
            "print": ("print/", wrap(require_safe(self.print_view))),
            "draft": ("draft/", keeping_text(self, draft)),
            "bundle": ("registration/bundle/", wrap(read_or_post(partial(take_bundle, self)))),
            "decide": ("decide/<slug:name>/", keeping_text(self, keeping_marks(decide, uses_marks=True))),
            **{name: (route, keeping_text(self, keeping_marks(act))) for name, (route, act) in acts.items()},
        }
        own = [
            path(f"<path:object_id>/{route}", view, name=f"employers_onboarding_{name}")
            for name, (route, view) in views.items()
        ]
        return [*own, *super().get_urls()]

    def case(self, request: HttpRequest, object_id: str) -> Any:
        """Return a case this person may read. Raises PermissionDenied or Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        assert isinstance(request.user, User)
        return case_for(request.user, object_id)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the review page; nothing is changed here."""
        return require_safe(lambda request: review_page(self, request, self.case(request, object_id)))(
            request
        )

    def print_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the case on one sheet of paper."""
        return print_page(self.case(request, object_id), request)


def hand(model_admin: OnboardingAdmin, request: HttpRequest, object_id: str, do: str) -> HttpResponse:
    """Claim, release or hand over a case. POST only."""
    onboarding = model_admin.case(request, object_id)
    try:
        said = HANDLERS[do](onboarding, request)
    except NotAllowed as refusal:
        return review_page(model_admin, request, onboarding, status=403, problem=str(refusal))
    messages.info(request, said)
    return redirect("admin:employers_onboarding_change", onboarding.pk)
