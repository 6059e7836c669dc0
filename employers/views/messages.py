"""Questions and answers between the employer and AAMI."""

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apprenticeship.accounts.rescue import take_typed_text
from employers import conversation
from employers.application import Application
from employers.forms.message import TextForm
from employers.models import Membership
from employers.views.seats import require_editor, seated


@seated
@require_http_methods(["GET", "POST"])
def messages(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show the thread; answer it."""
    onboarding = membership.employer.onboarding
    if request.method == "POST":
        require_editor(membership)
        form = TextForm(request.POST)
        if not form.is_valid():
            return _page(request, membership, form, status=422)
        typed = form.cleaned_data
        if conversation.answer_desk(onboarding, typed["text"], by=membership.user, key=typed["key"]):
            notices.success(request, _("Sent to AAMI."))
        else:
            notices.info(request, _("This message was sent already."))
        return redirect(request.path)
    return _page(request, membership, TextForm(take_typed_text(request)))


def _page(request: HttpRequest, membership: Membership, form: TextForm, status: int = 200) -> HttpResponse:
    application = Application(membership.employer.onboarding)
    context = {
        "application": application,
        "membership": membership,
        "thread": application.onboarding.messages.select_related("author"),
        "form": form,
    }
    return render(request, "employers/messages.html", context, status=status)
