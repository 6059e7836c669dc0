"""The portal's addresses."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from apprenticeship import health, mailbox, pages
from apprenticeship.documents import verify

urlpatterns = [
    path("", pages.landing, name="landing"),
    path("program/", pages.program, name="program"),
    path("future-apprentices/", pages.future_apprentices, name="future-apprentices"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
    path("robots.txt", pages.robots, name="robots"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("privacy/", pages.privacy, name="privacy"),
    path("", include("employers.urls")),
    path("interest/", include("apprentices.urls")),
    path("candidates/", include("apprentices.candidate_urls")),
    path("documents/", include("apprenticeship.documents.urls")),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:code>/", verify.paper, name="verify-code"),
    path("accounts/", include("apprenticeship.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

if settings.DEBUG:
    urlpatterns.append(path("mailbox/", mailbox.mailbox, name="mailbox"))
