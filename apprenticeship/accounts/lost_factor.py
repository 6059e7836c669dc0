"""A second factor that is lost: somebody else takes it off the account, the log says who, a mail tells its owner."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from apprenticeship.accounts import sessions
from apprenticeship.accounts.models import User
from apprenticeship.records import mail
from apprenticeship.records.events import PROGRAM, record

PERMISSION = "accounts.remove_second_factor"


class NotAllowed(PermissionDenied):
    """Somebody may not take this person's second factor off. The message says why."""


def check(user: User, by: User) -> None:
    """Raise NotAllowed unless `by` may take the second factor of `user` off."""
    if not (by.is_active and by.is_staff and by.has_perm(PERMISSION)):
        raise NotAllowed(_("Your staff role does not include this."))
    if user.pk == by.pk:
        raise NotAllowed(_("Your own second factor is changed on your own page, where you prove it first."))
    if user.is_superuser and not by.is_superuser:
        raise NotAllowed(_("Only another superuser can do this for a superuser."))


@transaction.atomic
def remove(user: User, by: User | None) -> bool:
    """Take app, passkeys and recovery codes off an account and sign the person out everywhere.

    `by` is None on the machine's own command line. Records `second_factor_removed` and mails the person. Returns
    False, and does nothing, if there was no factor. Raises NotAllowed.
    """
    if by is not None:
        check(user, by)
    gone, _models = Authenticator.objects.filter(user=user).delete()
    if not gone:
        return False
    sessions.end_all(user)
    record(PROGRAM, "second_factor_removed", by=by, subject=user, data={"factors": gone})
    address = EmailAddress.objects.get_primary(user)
    facts = {"person": user.get_short_name(), "by": str(by) if by else "", "is_staff": user.is_staff}
    mail.send("second_factor_removed", address.email if address else user.email, facts, user=user)
    return True
