"""How partners want to appear in public: the list with what waits on top, and the page on which one is judged."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from apprenticeship.accounts.models import User
from apprenticeship.accounts.rescue import take_typed_text
from apprenticeship.records.admin import ReadOnlyAdmin, tag
from employers import logo_cards, permissions
from employers.admin.forms import prose
from employers.admin.rescue import keeping_text
from employers.models import LogoCard

MOODS = {LogoCard.Status.WAITING: "now", LogoCard.Status.APPROVED: "done", LogoCard.Status.REFUSED: "error"}
ACTS = ("approve", "refuse")


class WaitingFilter(admin.SimpleListFilter):
    """Filter by what AAMI has to judge now: a card of a partnership that ended waits for nobody."""

    title = gettext_lazy("to approve")
    parameter_name = "judge"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the one answer."""
        return [("yes", gettext_lazy("Waits for AAMI now"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogoCard]) -> QuerySet[LogoCard]:
        """Keep the cards that wait."""
        return (
            queryset.filter(pk__in=LogoCard.objects.waiting().values("pk"))
            if self.value() == "yes"
            else queryset
        )


class RefuseForm(forms.Form):
    """Why a card is not shown."""

    reason = prose(
        gettext_lazy("What should be different"),
        help_text=gettext_lazy("The partner reads this in the mail, with your name."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="refuse-%s", label_suffix="")


@admin.register(LogoCard)
class LogoCardAdmin(ReadOnlyAdmin):
    """Every saved version; the page of one that waits approves or refuses it."""

    read_with = "employers.view_onboarding"
    list_display = (
        "employer",
        "display_name",
        "website",
        "status_tag",
        "partnership",
        "sent_at",
        "decided_by",
    )
    list_display_links = ("employer", "display_name")
    list_filter = (WaitingFilter, "status")
    list_select_related = ("employer__onboarding", "decided_by")
    search_fields = ("display_name", "employer__legal_name", "employer__dba_name")
    list_per_page = 50
    show_full_result_count = False

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """Return: what waits first, the oldest of it on top."""
        return (Case(When(status=LogoCard.Status.WAITING, then=0), default=1), "sent_at", "-saved_at", "pk")

    def get_urls(self) -> list[URLPattern]:
        """Add the address that decides."""
        address = "<path:object_id>/decide/<slug:name>/"
        return [
            path(address, keeping_text(self, _decide), name="employers_logocard_decide"),
            *super().get_urls(),
        ]

    def row(self, request: HttpRequest, object_id: str) -> LogoCard:
        """Return a card this person may read. Raises PermissionDenied or Http404."""
        rows = LogoCard.objects.select_related("employer__onboarding", "saved_by", "decided_by")
        card: LogoCard = self.read(request, object_id, rows)
        return card

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the page on which it is judged; nothing is changed here."""
        return require_safe(lambda request: card_page(self, request, self.row(request, object_id)))(request)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def status_tag(self, row: LogoCard) -> SafeString:
        """Return the status as a word in a tag."""
        return tag(row.get_status_display(), MOODS.get(LogoCard.Status(row.status), "later"))

    @admin.display(description=gettext_lazy("partnership"))
    def partnership(self, row: LogoCard) -> str:
        """Say whether the partner is active: only then its entry is shown."""
        return str(row.employer.onboarding.get_state_display())


def card_page(
    model_admin: LogoCardAdmin,
    request: HttpRequest,
    card: LogoCard,
    *,
    form: RefuseForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the page of one card. `form` is a refusal not made yet, with what was typed."""
    assert isinstance(request.user, User)
    may_decide = permissions.may(logo_cards.DECIDING, card.employer.onboarding, request.user)
    shown = LogoCard.objects.approved().filter(employer=card.employer).exclude(pk=card.pk).first()
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts, "title": str(card), "is_nav_sidebar_enabled": False,
        "card": card, "shown": shown, "mood": MOODS.get(LogoCard.Status(card.status), "later"),
        "form": form or RefuseForm(), "problem": problem,
        "may_approve": may_decide and card.is_waiting,
        "may_refuse": may_decide and (card.is_waiting or card.is_approved),
    }  # fmt: skip
    return TemplateResponse(request, "admin/employers/logocard/page.html", context, status=status)


def _decide(model_admin: LogoCardAdmin, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Decide, or show the page again with what was typed. A GET only shows what a lost session left."""
    card = model_admin.row(request, object_id)
    if name not in ACTS:
        raise Http404
    assert isinstance(request.user, User)
    show = partial(card_page, model_admin, request)
    if request.method != "POST":
        typed = take_typed_text(request)
        back = redirect("admin:employers_logocard_change", card.pk)
        return back if typed is None else show(card, form=RefuseForm(typed))
    form = RefuseForm(request.POST)
    if name == "refuse" and not form.is_valid():
        return show(card, form=form, status=422)
    try:
        if name == "approve":
            logo_cards.approve(card, by=request.user)
        else:
            logo_cards.refuse(card, by=request.user, reason=form.cleaned_data["reason"])
    except permissions.NotAllowed as refusal:
        return show(card, form=form, problem=str(refusal), status=403)
    except logo_cards.TooLate:
        problem = _("Somebody was quicker, so nothing was decided here. This is where the entry stands now.")
        return show(model_admin.row(request, object_id), form=form, problem=problem, status=409)
    messages.success(
        request, _("Approved.") if name == "approve" else _("Not approved; the partner was told.")
    )
    return redirect("admin:employers_logocard_change", card.pk)
