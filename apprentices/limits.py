"""How often the interest form may be sent. Counted in the cache, under keyed hashes that name nobody."""

import ipaddress
import logging
import time

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from apprenticeship.addresses import client_ip

logger = logging.getLogger(__name__)

HOUR = 3600  # seconds
# A class that fills in the form together shares one address.
FORMS_PER_NETWORK = 60
FORMS_PER_EMAIL = 3


def refusal(request: HttpRequest, email: str) -> str:
    """Count one sent form and return why it is too much for this hour, or "" if it is not."""
    if _count("email", email) > FORMS_PER_EMAIL:
        return _(
            "This address was entered several times within the hour. Look for our mail, also in the spam "
            "folder, or try again in an hour. What you typed is still here."
        )
    if _count("network", network_of(request)) > FORMS_PER_NETWORK:
        return _(
            "Very many forms came from your network within the hour. Please try again in an hour, or write "
            "to us. What you typed is still here."
        )
    return ""


def network_of(request: HttpRequest) -> str:
    """Return the address that one household or school shares: IPv4 whole, of IPv6 the first 64 bits."""
    found = client_ip(request) or ""
    return str(ipaddress.ip_network((found, 64), strict=False)) if ":" in found else found


def _count(kind: str, value: str) -> int:
    """Add one to this hour's count and return it; without a cache nobody is held up."""
    name = salted_hmac("apprentices.limits", value, algorithm="sha256").hexdigest()
    key = f"interest:{kind}:{name}:{int(time.time()) // HOUR}"
    try:
        count = int(cache.get(key, 0)) + 1
        cache.set(key, count, HOUR)
    except (RedisError, OSError) as error:
        logger.warning("The interest form is not limited: %s", type(error).__name__)
        return 0
    return count
