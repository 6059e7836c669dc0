"""How often the interest form may be sent. Counted in the cache, under keyed hashes that name nobody."""

import ipaddress
import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

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
    typed = str(request.META.get("REMOTE_ADDR", ""))
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):  # then our own proxy wrote the last entry
        typed = str(request.META.get("HTTP_X_FORWARDED_FOR", typed)).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(typed)
    except ValueError:
        return typed
    if address.version == 6:
        return str(ipaddress.ip_network((typed, 64), strict=False))
    return typed


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
