"""The partners' search: blind profiles, opening, what was opened. Employers on their way see numbers alone."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from apprentices import counts, export, opening, origins, weekly
from apprentices.choices import Mark
from apprentices.distances import has_position
from apprentices.forms.opening import ProgressForm, PurposeForm
from apprentices.forms.search import SearchForm
from apprentices.models import Candidate, Disclosure
from apprentices.search import Key, blind, find
from apprenticeship.program.models import Program
from apprenticeship.tile_map import tile_map
from employers.application import zone_of
from employers.models import Employer, Membership
from employers.permissions import EDITING
from employers.views.seats import require_editor, seated, seated_action

OPENED_PAGE = 50
View = Callable[..., HttpResponseBase]


def partners_only(view: View) -> View:
    """Lead everybody but active partners to the search page, which says why there is nothing to see."""

    @never_cache
    @wraps(view)
    def wrapper(request: HttpRequest, membership: Membership, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not opening.is_open_to(membership.employer):
            return redirect("candidates:search")
        return view(request, membership, *args, **kwargs)

    return wrapper


@require_GET
@seated
@never_cache
def search(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    """Search, for partners; numbers by state for those on their way; nothing for all others."""
    if not opening.is_open_to(membership.employer):
        return _without_people(request, membership)
    form = SearchForm(request.GET, employer=membership.employer)
    context: dict[str, Any] = {"form": form, "found": None, "membership": membership}
    if form.is_valid() and form.cleaned_data["zip_code"]:
        _limit_places(form, membership.employer)
    if form.is_valid():
        context |= _results(form, Key.of(request.GET.get("after", "")))
    context["weekly"] = weekly.following(membership, form)
    is_live = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    if is_live:
        response = render(request, "candidates/includes/answer.html", context)
        # The address without what asks for nothing.
        response["HX-Push-Url"] = context.get("first_url", request.get_full_path())
        return response
    return render(request, "candidates/search.html", context)


def _limit_places(form: SearchForm, employer: Employer) -> None:
    """Refuse at its field a ZIP code that is one too many for today."""
    if not origins.may_measure_from(employer, form.cleaned_data["zip_code"]):
        form.add_error("zip_code", origins.refusal())


def _results(form: SearchForm, after: Key | None) -> dict[str, Any]:
    """Return what the page shows of a valid search."""
    filters, query = form.filters, form.query
    found = find(filters, after)

    def url(**changed: str) -> str:
        asked = {name: value for name, value in (query | changed).items() if value}
        return f"{reverse('candidates:search')}?{urlencode(asked)}"

    return {
        "found": found,
        "filters": filters,
        "query": urlencode(query),
        "is_first": after is None,
        "first_url": url(),
        "next_url": url(after=found.next_key) if found.next_key else "",
        "map": tile_map(found.states, url=lambda state: url(state=state), chosen=filters.state),
        "row_query": _row_query(filters.origin, urlencode(query)),
    }


def _row_query(origin: str, search: str) -> str:
    """Return what a person's address says: from where distances are told, and the search to go back to."""
    said = {name: value for name, value in (("from", origin), ("search", search)) if value}
    return f"?{urlencode(said)}" if said else ""


def _without_people(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show numbers by state to employers on their way, and to all others why there is nothing."""
    if not counts.is_on_the_way(membership.employer):
        return render(request, "candidates/closed.html", {"membership": membership})
    by_state = counts.by_state()
    return render(request, "candidates/counts.html", {"map": tile_map(by_state), "least": counts.LEAST})


@require_http_methods(["GET", "HEAD", "POST"])
@seated
@partners_only
def candidate(request: HttpRequest, membership: Membership, pk: uuid.UUID) -> HttpResponseBase:
    """Show somebody: blind with the question for a purpose, or in full once opened."""
    opened = opening.opened_id(membership.employer, pk)
    if opened:
        return _details(request, membership, opened)
    row = Candidate.objects.shown().filter(pk=pk).first()
    if row is None:
        return _gone(request)
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_editor(membership)
        try:
            if form.is_valid() and _open(request, membership, pk, form):
                return redirect("candidates:candidate", pk)
        except Candidate.DoesNotExist:
            return _gone(request)  # they stopped a moment ago
    return render(request, "candidates/blind.html", _closed(request, membership, row) | {"form": form})


def _gone(request: HttpRequest) -> HttpResponse:
    """Say that nobody is there to be seen, the same of those who stopped, were deleted or never were."""
    return render(request, "candidates/gone.html", status=404)


def _closed(request: HttpRequest, membership: Membership, row: Candidate) -> dict[str, Any]:
    """Return what is shown of somebody whose details are closed, and whether they can be opened."""
    employer, limit = membership.employer, Program.objects.current().candidate_openings_per_day
    origin = request.GET.get("from", "")
    is_measured = has_position(origin) and origins.may_measure_from(employer, origin)
    return {
        "blind": blind(row, origin if is_measured else ""),
        "search": request.GET.get("search", ""),
        "may_open": membership.role in EDITING,
        "limit": limit,
        "today": opening.openings_today(employer),
        "opens_again": opening.opens_again(employer, limit),
        "zone": zone_of(employer),
    }


def _open(request: HttpRequest, membership: Membership, pk: uuid.UUID, form: PurposeForm) -> bool:
    """Open the details, or say at the form why they stay closed. Raises Candidate.DoesNotExist."""
    try:
        opening.open_details(pk, membership.employer, form.cleaned_data["purpose"], by=membership.user)
    except opening.Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Opened. They are told by mail that it was you, and why."))
    return True


def _details(request: HttpRequest, membership: Membership, opened: Disclosure) -> HttpResponse:
    """Show everything about somebody opened, with the employer's own mark and note."""
    who = opened.candidate
    own = who.own[0] if who.own else None
    initial = {"mark": own.mark, "note": own.note} if own else {}
    form = ProgressForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and "mark" in request.POST:
        require_editor(membership)
        if form.is_valid():
            opening.note_progress(membership.employer, who, **form.cleaned_data, by=membership.user)
            messages.success(request, _("Saved. Neither they nor other partners see it."))
            return redirect("candidates:candidate", who.pk)
    elif request.method == "POST":  # a second click on "open"
        return redirect("candidates:candidate", who.pk)
    context = {"opened": opened, "candidate": who, "form": form, "may_write": membership.role in EDITING}
    return render(request, "candidates/details.html", context)


@require_GET
@seated
@partners_only
def opened(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    """List whom the employer has opened, newest first, by mark."""
    rows = opening.opened_by(membership.employer)
    mark = request.GET.get("mark", "")
    if mark in Mark.values:
        rows = rows.filter(candidate__progress__employer=membership.employer, candidate__progress__mark=mark)
    after = request.GET.get("after", "")
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after[:18]))
    page = list(rows.order_by("-pk")[: OPENED_PAGE + 1])
    more = page[OPENED_PAGE - 1].pk if len(page) > OPENED_PAGE else None
    context = {"page": page[:OPENED_PAGE], "mark": mark, "marks": Mark.choices, "more": more}
    return render(request, "candidates/opened.html", context)


@require_GET
@seated
@partners_only
def opened_csv(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    """Return whom the employer has opened as a table; who stopped meanwhile is not in it."""
    text = export.csv_of(opening.opened_by(membership.employer))
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="candidates.csv"'
    return response


@seated_action
@partners_only
def follow(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    """Start or end the weekly mail about a search."""
    if request.POST.get("do") == "stop":
        weekly.unfollow(membership.user)
        messages.success(request, _("The weekly mail has ended."))
        return redirect("candidates:search")
    form = SearchForm(request.POST, employer=membership.employer)
    if form.is_valid():
        weekly.follow(membership, form)
        messages.success(request, _("We write to you every week in which new people match this search."))
        return redirect(f"{reverse('candidates:search')}?{urlencode(form.query)}")
    return redirect("candidates:search")


@csrf_exempt  # a mail program posts here for its reader, RFC 8058
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def weekly_stop(request: HttpRequest, token: str) -> HttpResponse:
    """End the weekly mail by its link: a button here, or one click in the mail program."""
    reader = weekly.reader_of(token)
    if reader is None:
        return render(request, "candidates/weekly_unknown.html", status=410)
    if request.method == "POST":
        weekly.unfollow(reader)
    return render(request, "candidates/weekly_stop.html", {"is_on": weekly.is_followed_by(reader)})
