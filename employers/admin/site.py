"""The admin's name, and its way in: the portal's own sign-in and passwords, with their limits and second factor."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from employers.admin import front

admin.site.site_header = _("BMET Apprenticeship · AAMI desk")
admin.site.site_title = _("AAMI desk")
admin.site.index_title = _("AAMI desk")
# Lists need the width; the front page leads everywhere.
admin.site.enable_nav_sidebar = False
admin.site.index_template = "admin/front.html"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


_index = admin.site.index


def index(request: HttpRequest, extra_context: dict[str, object] | None = None) -> TemplateResponse:
    """Show the front page, with the figures for those who read cases."""
    shown = front.front_page(request) if request.user.has_perm(front.VIEW) else {}
    return _index(request, {**shown, **(extra_context or {})})


admin.site.index = index  # type: ignore[method-assign]


def change_password(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """Lead to the portal's own page, which has limits, asks again who it is and tells the owner by mail."""
    return redirect("account_change_password")


admin.site.password_change = change_password  # type: ignore[method-assign, assignment]
admin.site.password_change_done = change_password  # type: ignore[method-assign, assignment]
