"""The people of an application: members, roles and invitations."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apprenticeship.accounts.models import User
from apprenticeship.accounts.rescue import take_typed_text
from employers import look_alikes, people
from employers.application import zone_of
from employers.forms.team import InviteForm
from employers.models import Membership, Role
from employers.views.seats import require_owner, seated, seated_action


@seated
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show the members and invitations; the owner invites."""
    form = InviteForm(request.POST or take_typed_text(request))
    if request.method == "POST":
        require_owner(membership)
        if form.is_valid():
            try:
                people.invite(
                    membership.employer,
                    form.cleaned_data["email"],
                    Role(form.cleaned_data["role"]),
                    by=membership.user,
                )
                messages.success(request, _("Invitation on its way to %(email)s.") % form.cleaned_data)
                return redirect("employers:team")
            except people.Refused as refusal:
                form.add_error("email", str(refusal))
    context = {
        "membership": membership,
        "form": form,
        "members": membership.employer.memberships.filter(is_active=True).select_related("user"),
        "invitations": membership.employer.invitations.open(),
        "zone": zone_of(membership.employer),
        "roles": Role.choices,
        "is_owner": membership.role == Role.OWNER,
    }
    return render(request, "employers/team.html", context, status=422 if form.errors else 200)


@seated_action
def member(request: HttpRequest, membership: Membership, pk: int) -> HttpResponse:
    """Change a colleague's role, hand over, remove somebody, or leave."""
    colleague = get_object_or_404(membership.employer.memberships, pk=pk, is_active=True)
    do = request.POST.get("do", "")
    if colleague.pk != membership.pk or do != "remove":
        require_owner(membership)
    try:
        if do == "remove":
            people.remove(colleague, by=membership.user)
            messages.success(
                request, _("%(who)s no longer works on this application.") % {"who": colleague.user}
            )
        elif do == "hand-over" and colleague.pk != membership.pk:
            people.hand_over(membership.employer, colleague, by=membership.user)
            messages.success(request, _("%(who)s is the owner now.") % {"who": colleague.user})
        elif do in Role.values:
            people.change_role(colleague, Role(do), by=membership.user)
            messages.success(request, _("Role changed."))
    except people.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(
        "employers:home" if colleague.pk == membership.pk and do == "remove" else "employers:team"
    )


@seated_action
def invitation(request: HttpRequest, membership: Membership, pk: str) -> HttpResponse:
    """Renew or revoke an invitation."""
    require_owner(membership)
    row = get_object_or_404(membership.employer.invitations.open(), pk=pk)
    if request.POST.get("do") == "revoke":
        people.revoke(row, by=membership.user)
        messages.success(request, _("The invitation no longer works."))
    else:
        people.renew(row, by=membership.user)
        messages.success(request, _("A fresh invitation is on its way."))
    return redirect("employers:team")


@seated_action
def ask_invitation(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Ask the owner of the application that looks the same for an invitation."""
    require_owner(membership)
    if look_alikes.ask_for_invitation(membership.employer.onboarding, by=membership.user):
        messages.success(request, _("Asked. If they invite you, you get a mail with a link."))
    else:
        messages.info(request, _("Nothing to ask: it was done already, or nobody can be asked."))
    return redirect("employers:tasks")


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invited the visitor to what; accept by button, once signed in."""
    row = people.invitation_by(token)
    problem = ""
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    if request.method == "POST" and row:
        assert isinstance(request.user, User)
        try:
            people.accept(row, request.user, leaves="leaves" in request.POST)
            messages.success(
                request, _("Welcome to the application of %(employer)s.") % {"employer": row.employer}
            )
            return redirect("employers:tasks")
        except people.Refused as refusal:
            problem = str(refusal)
    own = people.application_to_leave(request.user) if isinstance(request.user, User) and row else None
    return render(request, "employers/join.html", {"invitation": row, "problem": problem, "own": own})
