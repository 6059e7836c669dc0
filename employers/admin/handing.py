"""Claim, release and hand over: what each button does, and the sentence it answers with."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from employers import assignment
from employers.models import Onboarding
from employers.permissions import NOT_YOURS, NotAllowed


def _claim(onboarding: Onboarding, request: HttpRequest) -> str:
    assert isinstance(request.user, User)
    if assignment.claim(onboarding, by=request.user):
        return _("This is your case now.")
    return _("Somebody was quicker: this case has a reviewer.")


def _release(onboarding: Onboarding, request: HttpRequest) -> str:
    assert isinstance(request.user, User)
    if assignment.release(onboarding, by=request.user):
        return _("The case is back in the pool.")
    return _("Nothing changed: the case is not yours any more.")


def _reassign(onboarding: Onboarding, request: HttpRequest) -> str:
    assert isinstance(request.user, User)
    if not request.user.has_perm(assignment.MANAGE):
        raise NotAllowed(NOT_YOURS)
    to = assignment.able_reviewers().filter(pk=_number(request.POST.get("to", "")) or 0).first()
    if to is None:
        return _("Choose a reviewer to hand the case to.")
    held_by = _number(request.POST.get("held_by", ""))
    if not assignment.reassign(onboarding, to, by=request.user, seen=held_by):
        return _("Nothing changed: the case got another reviewer meanwhile.")
    return _("This is the case of %(name)s now; a mail tells them.") % {"name": to}


def _number(sent: str) -> int | None:
    return int(sent) if sent.isdecimal() and len(sent) < 10 else None


HANDLERS: dict[str, Callable[[Onboarding, HttpRequest], str]] = {
    "claim": _claim,
    "release": _release,
    "reassign": _reassign,
}
