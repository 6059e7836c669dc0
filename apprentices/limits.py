"""How often a public form may be sent."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from apprenticeship.limits import HOUR, MINUTE, Limit, address_of, fits, network_of

PER_EMAIL = Limit(forms=3, seconds=HOUR)
# A class that fills in the form together shares one address: it fits into a minute, a flood does not, and once the
# flood is over the school's next minute is free again.
PER_ADDRESS = (Limit(forms=40, seconds=MINUTE), Limit(forms=400, seconds=HOUR))
# Many addresses of one provider's network.
PER_NETWORK = (Limit(forms=120, seconds=MINUTE), Limit(forms=1200, seconds=HOUR))


def refusal(request: HttpRequest, email: str, *, form: str = "interest") -> str:
    """Count one sent form and return why it is too much for now, or "" if it is not."""
    if not fits(f"{form}:email", email, (PER_EMAIL,)):
        return _(
            "This address was entered several times within the hour. Look for our mail, also in the spam "
            "folder, or try again in an hour. What you typed is still here."
        )
    ways = (("address", address_of(request), PER_ADDRESS), ("network", network_of(request), PER_NETWORK))
    # Both are counted, also when the first refuses.
    held = [fits(f"{form}:{kind}", value, limits) for kind, value, limits in ways]
    if not all(held):
        return _(
            "Very many forms come from your network just now. Please send it again in a minute or two, or "
            "write to us. What you typed is still here."
        )
    return ""
