"""Links that grant something, minted only when their mail leaves."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from apprenticeship.accounts.models import User


def verify_email(address_id: str) -> str:
    """Return the path that confirms an e-mail address. Raises EmailAddress.DoesNotExist if it is gone."""
    address = EmailAddress.objects.get(pk=address_id)
    return reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])


def reset_password(user_id: str) -> str:
    """Return the path that sets a new password once. Raises User.DoesNotExist if the account is gone."""
    user = User.objects.get(pk=user_id)
    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
