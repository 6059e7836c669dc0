"""An authenticator app for tests: set up on the portal's own pages, its codes by RFC 6238."""

import base64
import hashlib
import hmac
import struct
import time

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.pages import visit
from tests.people import PASSWORD

STEP = 30  # seconds


def code_of(secret: str, ahead: int = 0) -> str:
    """Return the six digits that an app shows now, or `ahead` steps later. Source: RFC 6238, RFC 4226."""
    counter = struct.pack(">Q", int(time.time()) // STEP + ahead)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(client: Client, email: str, password: str = PASSWORD) -> HttpResponse:
    """Post the sign-in form and return the answer."""
    response: HttpResponse = client.post(reverse("account_login"), {"login": email, "password": password})
    return response


def set_up_app(client: Client) -> str:
    """Set up an app as somebody who was asked for the password just now; return its secret."""
    page = visit(client, reverse("mfa_activate_totp"))
    if page.url == reverse("account_reauthenticate"):
        client.post(page.url, {"password": PASSWORD, "next": reverse("mfa_activate_totp")})
        page = visit(client, reverse("mfa_activate_totp"))
    (secret,) = page.tree.xpath("//input[@id='authenticator_secret']/@value")
    response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    return str(secret)


def enter_code(client: Client, code: str, page: str = "mfa_authenticate") -> HttpResponse:
    """Type a code on the page that asks for it."""
    response: HttpResponse = client.post(reverse(page), {"code": code, "next": "/admin/"})
    return response


def recovery_codes(client: Client) -> list[str]:
    """Return the codes that the page lists."""
    return visit(client, reverse("mfa_view_recovery_codes")).words("//ul[contains(@class, 'codes')]/li")
