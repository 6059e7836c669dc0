"""Sign-ins of one's own, listed by allauth and ended here one by one."""

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apprenticeship.accounts.models import User


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one other browser of the same person."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.is_current():
        return redirect("account_logout")
    get_adapter().end_sessions([session])
    messages.success(request, _("Signed out there."))
    return redirect("usersessions_list")


def end_all(user: User) -> int:
    """Sign a person out everywhere; return in how many browsers. Sessions signed in before the list began stay."""
    sessions = list(UserSession.objects.filter(user=user))
    get_adapter().end_sessions(sessions)
    return len(sessions)
