"""allauth's pages that set a second factor up; whoever gets through has proved the factor in this session."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpResponse


class SetUpApp(ActivateTOTPView):
    """Set up an authenticator app: its code was typed."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the app and note the proof."""
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type=Authenticator.Type.TOTP.value)
        return response


class SetUpPasskey(AddWebAuthnView):
    """Set up a passkey: its device answered."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the passkey and note the proof."""
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type=Authenticator.Type.WEBAUTHN.value)
        return response
