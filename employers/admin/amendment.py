"""Amendments at the desk: the list with what waits for AAMI on top, and the page on which one is decided."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.models import User
from apprenticeship.accounts.rescue import take_typed_text
from apprenticeship.records.admin import ReadOnlyAdmin, tag
from employers import amending, desk, permissions, signing
from employers.admin.amendment_papers import agreement_of, amendment_pane, papers_of, read_paper, scan_of
from employers.admin.decisions import countersignature
from employers.admin.forms import ApproveForm, DecisionForm, GraveForm, ReasonForm
from employers.admin.last_word import ask_last
from employers.admin.page import judging_forms, left_over
from employers.admin.pane import key_in
from employers.admin.paper import judge
from employers.admin.rescue import keeping_text
from employers.amended import Amended
from employers.application import zone_of
from employers.completeness import NotReady
from employers.forms.paper import ScanForm
from employers.models import Agreement, Amendment, PaperScan
from employers.onboarding import Actor
from employers.versions import changed_since, proposed_changes

if TYPE_CHECKING:
    from employers.amending import Move

FORMS: dict[str, type[DecisionForm]] = {
    "countersign": ApproveForm,
    "send_back": ReasonForm,
    "decline": GraveForm,
}
MOODS = {
    Amendment.Status.SIGNED: "now",
    Amendment.Status.IN_FORCE: "done",
}


@admin.register(Amendment)
class AmendmentAdmin(ReadOnlyAdmin):
    """What partners want to change; the page of one decides."""

    read_with = "employers.view_onboarding"
    list_display = ("amendment", "status_tag", "state_since", "reviewer")
    list_filter = ("status",)
    list_select_related = ("employer__onboarding__reviewer",)
    search_fields = ("employer__legal_name", "employer__dba_name")
    list_per_page = 50
    show_full_result_count = False

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """Return: with AAMI first, the oldest of them on top."""
        return (Case(When(status=Amendment.Status.SIGNED, then=0), default=1), "state_since", "pk")

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses that decide and that judge a scan."""
        wrap = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/decide/<slug:name>/",
                keeping_text(self, _decide),
                name="employers_amendment_decide",
            ),
            path(
                "<path:object_id>/paper/<uuid:pk>/",
                wrap(require_safe(partial(read_paper, self))),
                name="employers_amendment_paper",
            ),
            path(
                "<path:object_id>/scans/<uuid:pk>/<slug:do>/",
                keeping_text(self, _judge_scan),
                name="employers_amendment_scan",
            ),
            *super().get_urls(),
        ]

    def row(self, request: HttpRequest, object_id: str) -> Amendment:
        """Return an amendment this person may read. Raises PermissionDenied or Http404."""
        rows = Amendment.objects.select_related("employer__onboarding", "wage_schedule")
        amendment: Amendment = self.read(request, object_id, rows)
        return amendment

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the page on which it is decided; nothing is changed here."""
        return require_safe(lambda request: amendment_page(self, request, self.row(request, object_id)))(
            request
        )

    @admin.display(description=gettext_lazy("amendment"), ordering="employer__legal_name")
    def amendment(self, row: Amendment) -> str:
        """Name employer and amendment."""
        return f"{row.employer} · {row}"

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def status_tag(self, row: Amendment) -> SafeString:
        """Return the state as a word in a tag."""
        return tag(row.get_status_display(), MOODS.get(Amendment.Status(row.status), "later"))

    @admin.display(description=gettext_lazy("reviewer"))
    def reviewer(self, row: Amendment) -> str:
        """Name the reviewer of the employer's case."""
        return str(row.employer.onboarding.reviewer or "–")


def amendment_page(
    model_admin: AmendmentAdmin,
    request: HttpRequest,
    amendment: Amendment,
    *,
    form: DecisionForm | None = None,
    scan_form: ScanForm | None = None,
    problem: str = "",
    mails: list[EmailMultiAlternatives] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of one amendment. `form` is a decision not made yet, with what was typed; `mails` its mail."""
    assert isinstance(request.user, User)
    case = Amended(amendment.employer.onboarding, amendment)
    agreement = agreement_of(case)
    moves, refusal = open_moves(case, request.user)
    wanted = key_in(request.GET.get("paper", ""))
    scan, papers = scan_of(agreement), papers_of(agreement, wanted)
    forms = [_form(move, amendment, request.user, form, agreement) for move in moves]
    may_judge = any(move.name == "send_back" for move in moves)
    scan_forms = judging_forms(scan, scan_form, may_judge=may_judge)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts, "title": str(amendment), "is_nav_sidebar_enabled": False,
        "amendment": amendment, "onboarding": amendment.employer.onboarding, "case": case, "agreement": agreement,
        "mood": MOODS.get(Amendment.Status(amendment.status), "later"),
        "topics": changed_since(agreement) if agreement else proposed_changes(case) if amendment.is_open else [],
        "papers": papers, "pane": amendment_pane(amendment, agreement, papers, scan, wanted, request.user),
        "checks": case.wage_checks if amendment.is_open else (),
        "forms": forms, "current": form if form in forms else None, "mails": mails or [], "problem": problem or refusal,
        "unsaved": left_over((form, scan_form), (*forms, *scan_forms.values())), "scan": scan, **scan_forms,
        "zone": zone_of(amendment.employer) if scan else None,
        "judge_url": "admin:employers_amendment_scan", "judge_pk": amendment.pk,
    }  # fmt: skip
    return TemplateResponse(request, "admin/employers/amendment/page.html", context, status=status)


def open_moves(case: Amended, user: User) -> tuple[list["Move"], str]:
    """Return what this user may decide now, and else why not ("" if there is nothing to decide)."""
    here = [move for move in amending.MOVES if move.actor is Actor.REVIEWER]
    here = [move for move in here if case.amendment.status in move.sources and user.has_perm(move.permission)]
    if not here:
        return [], ""
    try:
        permissions.check(here[0], case.onboarding, user)
    except permissions.NotAllowed as refusal:
        return [], str(refusal)
    return here, ""


def _form(
    move: "Move", amendment: Amendment, by: User, posted: DecisionForm | None, agreement: Agreement | None
) -> DecisionForm:
    """Return the form of a move, the posted one with what was typed; it names the text that the page shows."""
    move_of: Any = posted.edge if posted else None
    form = posted if posted and move_of is move else _new_form(move, amendment, by)
    if isinstance(form, ApproveForm):
        form.show_agreement(agreement.sha256 if agreement else "")
    return form


def _new_form(move: "Move", amendment: Amendment, by: User, data: Any = None) -> DecisionForm:
    """Return a decision form; of a case it reads `state_since` alone, which an amendment has too."""
    kind: Any = FORMS[move.name]
    form: DecisionForm = kind(move, amendment, by, data)
    return form


def _decide(model_admin: AmendmentAdmin, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Decide, or show the page again with what was typed. A GET only shows what a lost session left."""
    amendment = model_admin.row(request, object_id)
    if name not in FORMS:
        raise Http404
    assert isinstance(request.user, User)
    move, show = amending.MOVE_BY_NAME[name], partial(amendment_page, model_admin, request, amendment)
    if request.method != "POST":
        typed = take_typed_text(request)
        if typed is None:
            return redirect("admin:employers_amendment_change", amendment.pk)
        return show(form=_new_form(move, amendment, request.user, typed))
    form = _new_form(move, amendment, request.user, request.POST)
    try:
        permissions.check(move, amendment.employer.onboarding, request.user)
    except permissions.NotAllowed as refusal:
        return show(form=form, problem=str(refusal), status=403)
    if amendment.status not in move.sources or form.posted["seen"] != amendment.state_since.isoformat():
        return show(form=form, problem=str(TOO_LATE), status=409)
    if not form.is_valid():
        return show(form=form, status=422)
    if "back" in request.POST:
        return show(form=form)
    signed = partial(getattr, Amended(amendment.employer.onboarding, amendment), "agreement")
    asked = ask_last(model_admin, request, form, amendment, signed)
    return asked or _make(model_admin, request, amendment, form)


TOO_LATE = gettext_lazy(
    "Somebody was quicker, so nothing was decided here. What you typed is below. Read the amendment again first."
)


def _make(
    model_admin: AmendmentAdmin, request: HttpRequest, amendment: Amendment, form: DecisionForm
) -> HttpResponse:
    """Make the move, or show the mail that it would send."""
    move: Any = form.edge
    act = partial(getattr(amending, move.name), amendment, by=request.user, **_facts(form, request))
    try:
        if "preview" in request.POST:
            mails = desk.preview(amendment.employer.onboarding, act)
            return amendment_page(model_admin, request, amendment, form=form, mails=mails)
        act()
    except (NotReady, ValidationError) as faults:
        for fault in (
            [gap.message for gap in faults.gaps] if isinstance(faults, NotReady) else faults.messages
        ):
            form.add_error(None, fault)
        return amendment_page(model_admin, request, amendment, form=form, status=422)
    except signing.TextChanged:
        problem = _("The agreement changed since you opened this page. Nothing was signed; read it again.")
    except TransitionNotAllowed:
        problem = str(TOO_LATE)
    else:
        messages.success(request, f"{move.happened}.")
        return redirect("admin:employers_amendment_change", amendment.pk)
    fresh = model_admin.row(request, str(amendment.pk))
    return amendment_page(model_admin, request, fresh, form=form, problem=problem, status=409)


def _facts(form: DecisionForm, request: HttpRequest) -> dict[str, Any]:
    """Return what the form hands over to its move."""
    if not isinstance(form, ApproveForm):
        return {"reason": form.cleaned_data["reason"]}
    return countersignature(form, request)


def _judge_scan(
    model_admin: AmendmentAdmin, request: HttpRequest, object_id: str, pk: Any, do: str
) -> HttpResponse:
    """Confirm or reject the scan that the page showed."""
    amendment = model_admin.row(request, object_id)
    rows = PaperScan.objects.filter(pk=pk, agreement__amendment=amendment)
    show = partial(amendment_page, model_admin, request)
    return judge(
        request, rows, do, show=lambda **extra: show(model_admin.row(request, object_id), **extra),
        back=("admin:employers_amendment_change", amendment.pk),
    )  # fmt: skip
