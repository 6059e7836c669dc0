"""allauth's mail through the portal's own queue."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.account.utils import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apprenticeship.accounts import second_factor
from apprenticeship.accounts.models import User
from apprenticeship.addresses import client_ip
from apprenticeship.records import mail

logger = logging.getLogger(__name__)

# Mails whose code lives in the visitor's session only: sent at once and never stored.
CODES = {"account/email/login_code": "account_login_code"}


# Visitors whose address cannot be told are counted together.
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - nothing is bound to it


class AccountAdapter(DefaultAccountAdapter):
    """Queue account mail; links are minted when the mail leaves, codes are sent at once."""

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to prove who one is, best first: staff with a second factor prove it with that."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not (isinstance(user, User) and user.is_staff and second_factor.has_factor(user)):
            return methods
        has_app = second_factor.has_app(user)
        without_password = [method for method in methods if method["id"] != "reauthenticate"]
        return without_password if has_app else without_password[::-1]

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address as the portal tells it, for limits and the list of sign-ins."""
        return client_ip(request) or UNKNOWN_ADDRESS

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: EmailConfirmation, signup: bool
    ) -> None:
        """Queue the mail that asks to confirm an address."""
        address = emailconfirmation.email_address
        mail.send(
            "account_verify_email",
            address.email,
            {"person": address.user.get_short_name()},
            grant=("verify_email", address.pk),
        )

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Queue the mail with the link that sets a new password."""
        mail.send(
            "account_reset_password",
            email,
            {"person": user.get_short_name()},
            grant=("reset_password", user.pk),
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue every other account mail, except codes, which cannot wait."""
        user = context.get("user") or next(iter(filter_users_by_email(email)), None)
        plain: dict[str, Any] = {"person": user.get_short_name() if user else ""}
        if template_prefix in CODES:
            self._send_code(CODES[template_prefix], email, plain | {"code": context["code"]})
            return
        mail.send("account_" + template_prefix.rpartition("/")[2], email, plain)

    def _send_code(self, name: str, email: str, context: dict[str, Any]) -> None:
        """Send a code, or lead back to the form with a clear word: there is no code to type."""
        try:
            mail.send_now(name, email, context)
        except (SMTPException, OSError) as error:
            logger.warning("A sign-in code could not be sent: %s", type(error).__name__)
            messages.error(
                self.request,
                _(
                    "We could not send the code just now. Sign in with your password or try again in a minute."
                ),
            )
            raise ImmediateHttpResponse(redirect("account_request_login_code")) from error


def verified_emails(user: User) -> set[str]:
    """Return the confirmed addresses of a user, in lower case."""
    rows = EmailAddress.objects.filter(user=user, verified=True)
    return {email.lower() for email in rows.values_list("email", flat=True)}
