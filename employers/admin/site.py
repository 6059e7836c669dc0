"""The admin's name, and its way in: the portal's own sign-in and passwords, with their limits and second factor."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

admin.site.site_header = _("BMET Apprenticeship · AAMI desk")
admin.site.site_title = _("AAMI desk")
admin.site.index_title = _("AAMI desk")
# Lists need the width; the front page leads everywhere.
admin.site.enable_nav_sidebar = False
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def change_password(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """Lead to the portal's own page, which has limits, asks again who it is and tells the owner by mail."""
    return redirect("account_change_password")


admin.site.password_change = change_password  # type: ignore[method-assign, assignment]
admin.site.password_change_done = change_password  # type: ignore[method-assign, assignment]
