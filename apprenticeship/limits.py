"""How often something may be done from one place. Counted in the cache, under keyed hashes that name nobody."""

import ipaddress
import logging
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from apprenticeship.addresses import client_ip

logger = logging.getLogger(__name__)

MINUTE, HOUR = 60, 3600  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most so many forms within so many seconds."""

    forms: int
    seconds: int


def address_of(request: HttpRequest) -> str:
    """Return the address that one household or school shares: IPv4 whole, of IPv6 the first 64 bits."""
    return _cut(request, v4=32, v6=64)


def network_of(request: HttpRequest) -> str:
    """Return the network that one provider hands out: of IPv4 the first 24 bits, of IPv6 the first 48."""
    return _cut(request, v4=24, v6=48)


def _cut(request: HttpRequest, *, v4: int, v6: int) -> str:
    found = client_ip(request) or ""
    if not found:
        return ""
    return str(ipaddress.ip_network((found, v6 if ":" in found else v4), strict=False))


def fits(kind: str, value: str, limits: tuple[Limit, ...]) -> bool:
    """Count one form against each limit, also when the first is passed, and say whether all hold."""
    counts = [_count(kind, value, limit.seconds) for limit in limits]
    return all(count <= limit.forms for count, limit in zip(counts, limits, strict=True))


def _count(kind: str, value: str, seconds: int) -> int:
    """Add one to the count of this stretch of time and return it; without a cache nobody is held up."""
    name = salted_hmac("apprenticeship.limits", value, algorithm="sha256").hexdigest()
    key = f"form:{kind}:{name}:{seconds}:{int(time.time()) // seconds}"
    try:
        return 1 if cache.add(key, 1, seconds) else int(cache.incr(key))
    except ValueError:  # it ran out between the two
        return 1
    except (RedisError, OSError) as error:
        logger.warning("A public form is not limited: %s", type(error).__name__)
        return 0
