"""The admin's name, and its way in: the portal's own sign-in, with its limits and second factor."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.site_header = _("BMET Apprenticeship · AAMI desk")
admin.site.site_title = _("AAMI desk")
admin.site.index_title = _("AAMI desk")
# Lists need the width; the front page leads everywhere.
admin.site.enable_nav_sidebar = False
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
