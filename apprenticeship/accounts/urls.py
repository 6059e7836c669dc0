"""What the portal adds to allauth's account pages, or draws in their place."""

from django.urls import path

from apprenticeship.accounts import sessions
from apprenticeship.accounts.setting_up import SetUpApp, SetUpPasskey

urlpatterns = [
    path("sessions/<int:pk>/end/", sessions.end, name="session_end"),
    path("2fa/totp/activate/", SetUpApp.as_view(), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", SetUpPasskey.as_view(), name="mfa_add_webauthn"),
]
