"""Draw the review page, as it is opened and again after a decision that was not made."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, TypedDict, Unpack
from urllib.parse import urlencode

from django.contrib.admin.options import ModelAdmin
from django.core.mail import EmailMultiAlternatives
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.program.regions import region_of
from employers import assignment, serving
from employers.admin.changes import ChangesForm
from employers.admin.decisions import decision_of, open_edges
from employers.admin.filters import turn_here
from employers.admin.forms import ApproveForm, DecisionForm
from employers.admin.marks import Marks, marks_on_page, offered, offered_parts
from employers.admin.pane import REVIEW, case_pane, key_in
from employers.admin.registration import Panel, SendingForm, panel_of
from employers.admin.review import Review
from employers.admin.talks import TALKS, Line, talk_of
from employers.aging import age_of
from employers.forms.message import TextForm
from employers.forms.paper import ConfirmForm, RejectForm, ScanForm
from employers.look_alikes import look_alikes_of
from employers.models import Onboarding, PaperScan
from employers.onboarding import UNDER_REVIEW, Edge, Turn

# Django's own name for what leads back to a list as it was.
FILTERS = "_changelist_filters"

if TYPE_CHECKING:
    OnboardingModelAdmin = ModelAdmin[Onboarding]
else:
    OnboardingModelAdmin = ModelAdmin


class Posted(TypedDict, total=False):
    """What somebody typed into the review page and that was not done: it stands there again.

    `form` is a decision, `scan_form` a word on the scan of a signed paper, `talk` a note or a message, `send_form` the
    sending of a registration; `mails` and their like are the mail that a decision, message or sending would send.
    `marks` is what a lost session left of the review, which a request sends along with anything else.
    """

    form: DecisionForm | SendingForm | None
    mails: list[EmailMultiAlternatives]
    scan_form: ScanForm | None
    talk: TextForm | None
    talk_mails: list[EmailMultiAlternatives]
    send_form: SendingForm | None
    send_mails: list[EmailMultiAlternatives]
    marks: QueryDict


def review_page(
    model_admin: OnboardingModelAdmin,
    request: HttpRequest,
    onboarding: Any,
    *,
    problem: str = "",
    status: int = 200,
    **posted: Unpack[Posted],
) -> HttpResponse:
    """Return the review page of a case as the admin reads it; `problem` says why something posted was not done."""
    assert isinstance(request.user, User)
    review = Review(onboarding, wanted=key_in(request.GET.get("paper", "")))
    edges, refusal = open_edges(onboarding, request.user)
    panel = _panel(review, bool(edges), posted)
    written, scan_form = _written(review, edges, request, posted), posted.get("scan_form")
    scan_forms = judging_forms(review.scan, scan_form, may_judge=_may_judge(edges))
    context = {
        **_frame(model_admin, request, onboarding, posted.get("marks", request.POST)),
        **_case(review),
        **written,
        "panel": panel,
        "pane": case_pane(review, panel, request.user),
        **scan_forms,
        "unsaved": left_over((posted.get("form"), scan_form), (*written["forms"], *scan_forms.values())),
        **_assignment(onboarding, request.user, bool(edges)),
        "talk_forms": {} if refusal else _talk_forms(request.user, posted.get("talk")),
        "problem": problem or refusal,
    }
    return TemplateResponse(request, "admin/employers/onboarding/review.html", context, status=status)


def print_page(onboarding: Any, request: HttpRequest) -> HttpResponse:
    """Return the case on one sheet, to be printed: answers, checks, signatures; no notes, no messages."""
    context = {
        "onboarding": onboarding,
        "review": Review(onboarding),
        "turn": turn_here(onboarding),
        "age": age_of(onboarding),
        "now": timezone.now(),
    }
    return TemplateResponse(request, "admin/employers/onboarding/print.html", context)


def _case(review: Review) -> dict[str, Any]:
    """Return the case itself, and what it looks like."""
    onboarding = review.onboarding
    return {
        "review": review,
        "onboarding": onboarding,
        "turn": turn_here(onboarding),
        "look_alikes": look_alikes_of(onboarding.employer) if onboarding.looks_like_another else [],
        "judge_url": "admin:employers_onboarding_scan",
        "judge_pk": onboarding.pk,
    }


def _written(review: Review, edges: list[Edge], request: HttpRequest, posted: Posted) -> dict[str, Any]:
    """Return the decisions with the drafts of reviews, and what was said about the case."""
    assert isinstance(request.user, User)
    talked = talk_of(review.onboarding)
    own = next((row for row in talked.drafts if row.person == request.user.pk), None)
    marks = marks_on_page(review, posted.get("marks", request.POST), own)
    form = posted.get("form")
    return {
        "talk": talked,
        "talk_mails": posted.get("talk_mails", []),
        "mails": posted.get("mails", []),
        **_decisions(_forms(review, edges, request.user, form, marks), form),
        **_drafts(talked.drafts, own, review.onboarding),
        "old_marks": [] if marks.are_new or isinstance(form, ChangesForm) else marks.pairs,
        "may_discard": marks.are_kept,
    }


def _forms(
    review: Review, edges: list[Edge], by: User, posted: DecisionForm | SendingForm | None, marks: Marks
) -> list[DecisionForm]:
    """Return one form for each decision; the posted one keeps what was typed, a review what its draft holds."""
    forms = [
        posted
        if posted and posted.edge is edge
        else decision_of(edge, lambda: review.agreement).form(edge, review.onboarding, by)
        for edge in edges
    ]
    for form in forms:
        form.comes_later = age_of(review.onboarding).waits_for_sending
        if isinstance(form, ChangesForm):
            form.draft_version = marks.version
            form.offer(offered_parts(review))
            form.initial.update(marks.typed if marks.are_new else offered(review))
        if isinstance(form, ApproveForm):
            form.show_agreement(review.agreement.sha256 if review.agreement else "")
    return forms


def _decisions(forms: list[DecisionForm], posted: DecisionForm | SendingForm | None) -> dict[str, Any]:
    """Return the decisions that are open, and the posted one if it is among them."""
    return {
        "forms": forms,
        "current": posted if posted in forms else None,
        "review_form": next((row for row in forms if isinstance(row, ChangesForm)), None),
    }


def _drafts(drafts: list[Line], own: Line | None, onboarding: Any) -> dict[str, Any]:
    """Return the drafts of colleagues, and apart those that the case has moved on from."""
    others = [row for row in drafts if row is not own]
    return {
        "drafts": [row for row in others if row.seen == onboarding.state_since],
        "old_drafts": [row for row in others if row.seen != onboarding.state_since],
    }


def _panel(review: Review, may_act: bool, posted: Posted) -> Panel | None:
    """Return the panel of the registration, with what was posted to it."""
    form, mails = posted.get("send_form"), posted.get("send_mails", [])
    return panel_of(review, may_act=may_act, form=form, mails=mails)


def _talk_forms(by: User, posted: TextForm | None) -> dict[str, TextForm]:
    """Return the forms for a note and a message, for who reviews; the posted one keeps what was typed."""
    if not by.has_perm(REVIEW):
        return {}
    return {
        kind: posted if posted is not None and posted.prefix == kind else make()
        for kind, make in TALKS.items()
    }


def _assignment(onboarding: Any, by: User, may_decide: bool) -> dict[str, Any]:
    """Return whether this person may claim or release the case, and to whom they may hand it over."""
    holder: User | None = onboarding.reviewer if onboarding.is_held else None
    is_under_review = onboarding.state in UNDER_REVIEW
    may_manage = is_under_review and by.has_perm(assignment.MANAGE)
    return {
        "holder": holder,
        "age": age_of(onboarding),
        "may_claim": may_decide and holder is None and onboarding.turn in (Turn.AAMI, Turn.AGENCY),
        "may_release": is_under_review and holder is not None and (holder.pk == by.pk or may_manage),
        "colleagues": _colleagues(onboarding, holder) if may_manage else [],
    }


def _colleagues(onboarding: Any, holder: User | None) -> list[tuple[str, list[User]]]:
    """Return to whom the case can be handed over, who serves its region first."""
    others = [row for row in assignment.able_reviewers() if row != holder]
    return serving.grouped(region_of(onboarding.employer.state), others)


def _may_judge(edges: list[Edge]) -> bool:
    """Whether who may make these decisions may give a word on a scan."""
    return any(edge.name == "request_changes" for edge in edges)


def judging_forms(
    scan: PaperScan | None, posted: ScanForm | None, *, may_judge: bool
) -> dict[str, ScanForm | None]:
    """Return the forms that judge a scan, while it waits for this person's word; what was posted is about its own."""
    if scan is None or not scan.is_waiting or not may_judge:
        return {"confirm_form": None, "reject_form": None}
    kept = posted if posted is not None and posted.scan.pk == scan.pk else None
    return {
        "confirm_form": kept if isinstance(kept, ConfirmForm) else ConfirmForm(scan),
        "reject_form": kept if isinstance(kept, RejectForm) else RejectForm(scan),
    }


def left_over(posted: Iterable[Form | None], shown: Collection[Form | None]) -> Form | None:
    """Return the form that was posted and has no place on the page any more, whose text stands by itself."""
    return next((form for form in posted if form is not None and form not in shown), None)


def queue_filters(sent: QueryDict) -> str:
    """Return the filters of the queue that the page was opened from, as its address or its form says them."""
    return sent.get(FILTERS, "")


def with_filters(address: str, request: HttpRequest) -> str:
    """Return the case's address with the filters of the queue that the page was opened from: its way back."""
    filters = queue_filters(request.POST)
    path, hash_sign, anchor = address.partition("#")
    return f"{path}?{urlencode({FILTERS: filters})}{hash_sign}{anchor}" if filters else address


def _frame(
    model_admin: OnboardingModelAdmin, request: HttpRequest, onboarding: Onboarding, sent: QueryDict
) -> dict[str, Any]:
    """Return what the admin's frame needs, and what the address asks for."""
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": str(onboarding),
        "asked": request.GET.get("decide", ""),
        "queue_filters": queue_filters(request.GET) or queue_filters(sent),
    }
