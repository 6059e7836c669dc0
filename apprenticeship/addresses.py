"""Where a request came from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """Return the visitor's IP address, or None if it cannot be told.

    Behind our own proxy (BEHIND_PROXY) that is the last entry of X-Forwarded-For, which the proxy wrote; entries
    before it are the visitor's own words.
    """
    typed = str(request.META.get("REMOTE_ADDR", ""))
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        typed = str(request.META.get("HTTP_X_FORWARDED_FOR", typed)).rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(typed))
    except ValueError:
        return None
