"""Accounts and staff roles in the admin. Every change here asks first who it is."""

from typing import TYPE_CHECKING, Any

from allauth.account import admin as account_admin
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin
from allauth.mfa.models import Authenticator
from allauth.usersessions import admin as usersessions_admin
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.accounts import lost_factor
from apprenticeship.accounts.models import User
from apprenticeship.accounts.reauthentication import asks_again
from apprenticeship.accounts.rescue import take_typed_text
from apprenticeship.accounts.second_factor import FACTORS
from apprenticeship.records.events import PROGRAM, record
from apprenticeship.records.exports import PEOPLE, Exported
from apprenticeship.records.historied import Kept

if TYPE_CHECKING:
    AdminBase = admin.ModelAdmin[Any]
else:
    AdminBase = admin.ModelAdmin

LOST = lost_factor.PERMISSION

# allauth's own pages would show every secret, search by a user name that nobody has, and tell no change in words.
for model in (account_admin.EmailAddress, mfa_admin.Authenticator, usersessions_admin.UserSession, Group):
    admin.site.unregister(model)


class AsksAgain(AdminBase):
    """A page of roles: each POST asks who it is, and what was typed comes back unsaved."""

    def get_urls(self) -> list[URLPattern]:
        """Wrap every address of this model, those of base classes too."""
        urls = super().get_urls()
        for pattern in urls:
            pattern.callback = asks_again(pattern.callback, only_if=self.has_change_permission)
        return urls

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Start the form from what was typed before the question, once."""
        form = super().get_form(request, obj, change=change, **kwargs)
        typed = take_typed_text(request) if request.method == "GET" else None
        return form if typed is None else starting_from(typed, form)


def starting_from(typed: QueryDict, form: Any) -> Any:
    """Return the form's class with what was typed as its first values, passwords left out."""
    fields = {name: field for name, field in form.base_fields.items() if "password" not in name}
    values = {name: field.widget.value_from_datadict(typed, {}, name) for name, field in fields.items()}

    class Started(form):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            initial = {**(kwargs.pop("initial", None) or {}), **values}
            super().__init__(*args, initial=initial, **kwargs)

    return Started


class UserCreationForm(AdminUserCreationForm):
    """A new account by address and name."""

    class Meta:
        model = User
        fields = ("email", "name")


class SecondFactorFilter(admin.SimpleListFilter):
    """Filter by whether a second factor is set up."""

    title = gettext_lazy("second factor")
    parameter_name = "factor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return both answers."""
        return [("yes", gettext_lazy("Set up")), ("no", gettext_lazy("Not set up"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep those with, or without."""
        wanted = {"yes": True, "no": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(with_factor=wanted)


@admin.register(Group)
class GroupAdmin(Kept, AsksAgain, DjangoGroupAdmin):
    """Roles, which `accounts.roles` keeps in step; a group of one's own is made here."""


@admin.register(EmailAddress)
class EmailAddressAdmin(Kept, AsksAgain):
    """The addresses of people, and whether they have confirmed them."""

    personal_fields = ("email",)
    list_display = ("email", "user", "primary", "verified")
    list_filter = ("primary", "verified")
    list_select_related = ("user",)
    search_fields = ("email", "user__email", "user__name")
    raw_id_fields = ("user",)


@admin.register(User)
class UserAdmin(Exported, Kept, AsksAgain, DjangoUserAdmin):
    """People by address; roles are groups."""

    export_permission = PEOPLE
    personal_fields = ("email", "name")
    add_form = UserCreationForm
    change_form_template = "admin/accounts/user/change_form.html"
    ordering = ("email",)
    list_display = ("email", "name", "is_staff", "has_second_factor", "is_active", "last_login")
    list_filter = ("is_staff", SecondFactorFilter, "is_active", "groups")
    search_fields = ("email", "name")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (gettext_lazy("Roles"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (gettext_lazy("Sign-in"), {"fields": ("has_second_factor", "last_login", "date_joined")}),
    )
    readonly_fields = ("has_second_factor", "last_login", "date_joined")
    filter_horizontal = ("groups",)
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show nothing of the password to those who may not set it."""
        shown = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return shown
        (_title, first), *others = shown
        return [(None, {**first, "fields": tuple(f for f in first["fields"] if f != "password")}), *others]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Say in the same query who has set up a second factor."""
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
        people: QuerySet[Any] = super().get_queryset(request).annotate(with_factor=Exists(factors))
        return people

    @admin.display(description=gettext_lazy("second factor"), boolean=True, ordering="with_factor")
    def has_second_factor(self, user: Any) -> bool:
        """Whether an app or a passkey is set up."""
        return bool(getattr(user, "with_factor", False))

    def get_urls(self) -> list[URLPattern]:
        """Add the page that takes a lost second factor off."""
        remove = self.admin_site.admin_view(self.remove_second_factor)
        here = path("<int:pk>/second-factor/", remove, name="accounts_user_second_factor")
        here.callback = asks_again(here.callback, only_if=lambda request: request.user.has_perm(LOST))
        return [here, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say whether the reader may take this person's factor off."""
        user = kwargs.get("obj")
        context["may_remove_factor"] = bool(getattr(user, "with_factor", False)) and self._may_remove(
            user, request
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Keep also that somebody set another person's password."""
        match = request.resolver_match
        if match is not None and match.url_name == "auth_user_password_change":
            assert isinstance(request.user, User)
            record(PROGRAM, "password_set", by=request.user, subject=obj)
        return super().log_change(request, obj, message)

    def _may_remove(self, user: Any, request: HttpRequest) -> bool:
        assert isinstance(request.user, User)
        try:
            lost_factor.check(user, request.user)
        except lost_factor.NotAllowed:
            return False
        return True

    def remove_second_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then take app, passkeys and recovery codes off somebody's account."""
        assert isinstance(request.user, User)
        if not self.has_view_permission(request):
            raise PermissionDenied
        user = get_object_or_404(User, pk=pk)
        lost_factor.check(user, request.user)
        if request.method != "POST":
            frame = {**self.admin_site.each_context(request), "opts": self.opts}
            context = {**frame, "title": _("Lost second factor"), "subtitle": str(user), "person": user}
            return TemplateResponse(request, "admin/accounts/user/second_factor.html", context)
        if lost_factor.remove(user, by=request.user):
            text = _("Removed. %(name)s was told by mail and signed out everywhere.") % {"name": user}
            messages.success(request, text)
        else:
            messages.info(request, _("Nothing to do: this account has no second factor."))
        return redirect("admin:accounts_user_change", user.pk)
