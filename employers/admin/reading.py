"""The address of one paper of a page: it answers with the pane alone, so that nothing typed beside it is lost."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from apprenticeship.accounts.models import User
from employers.admin.pane import Pane, case_pane
from employers.admin.registration import panel_of
from employers.admin.review import Review

TEMPLATE = "admin/employers/includes/pane.html"


def read_paper(model_admin: Any, request: HttpRequest, object_id: str, pk: uuid.UUID) -> HttpResponse:
    """Show one paper of a case beside its answers."""
    review = Review(model_admin.case(request, object_id), wanted=str(pk))
    panel = panel_of(review, may_act=False, form=None, mails=[])
    assert isinstance(request.user, User)
    return answer(request, case_pane(review, panel, request.user), pk)


def answer(request: HttpRequest, pane: Pane | None, pk: uuid.UUID) -> HttpResponse:
    """Return the pane; who opens the address by itself is led to the page. Raises PermissionDenied or Http404."""
    if pane is None:
        raise PermissionDenied
    if pane.opened is None or pane.opened.key != str(pk):
        raise Http404
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse(pane.page_url, args=[pane.pk])}?paper={pk}#paper")
    return TemplateResponse(request, TEMPLATE, {"pane": pane})
