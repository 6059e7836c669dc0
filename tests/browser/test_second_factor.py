"""The second factor in a browser: an app without JavaScript, a passkey with it, every page watched by axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser.walk import Walk, watcher

EMAIL = "reviewer@example.org"


@pytest.fixture
def reviewer(transactional_db: None, settings: Settings) -> None:
    """A reviewer without a factor, on a portal at work."""
    from apprenticeship.accounts.roles import REVIEWERS
    from tests.people import person

    settings.STAFF_SECOND_FACTOR = True
    settings.ACCOUNT_RATE_LIMITS = False
    person(EMAIL, "Rosalind Meyer", staff=REVIEWERS)


def sign_in(walk: Walk) -> None:
    from tests.people import PASSWORD

    walk.open("/accounts/login/?next=/admin/")
    walk.sign_in(EMAIL, PASSWORD)


def prove_by_password(walk: Walk) -> None:
    from tests.people import PASSWORD

    walk.confirm(PASSWORD)


@pytest.mark.parametrize("js", [True, False], ids=["javascript", "no-javascript"])
def test_app_is_set_up_used_and_switched_off(
    js: bool, reviewer: None, open_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    from tests.accounts.factors import code_of

    found: set[str] = set()
    walk = Walk(open_page(js=js), watcher(axe, found) if js else (lambda page: None))
    sign_in(walk)
    assert walk.heading() == "Two-step sign-in"
    walk.press("Set up an app")
    prove_by_password(walk)
    walk.page.wait_for_function("document.querySelector('img.qr').naturalWidth > 0") if js else None
    secret = walk.page.locator("#authenticator_secret").input_value()
    walk.fill({"code": "000000"})
    walk.press("Switch it on")
    expect(walk.page.locator(".error-summary")).to_contain_text("This code is not right.")
    walk.fill({"code": code_of(secret)})
    walk.press("Switch it on")
    assert walk.heading() == "Your recovery codes"
    code = walk.page.locator(".codes li").first.inner_text()
    walk.press("Go to the desk")
    assert walk.heading() == "AAMI desk"

    walk.page.context.clear_cookies()
    sign_in(walk)
    assert walk.heading() == "Second step"
    walk.fill({"code": code})
    walk.press("Sign in")
    assert walk.heading() == "AAMI desk"
    walk.open("/accounts/2fa/")
    walk.press("Make new codes")
    assert walk.heading() == "Is it still you?"
    walk.fill({"code": code_of(secret)})
    walk.press("Continue")
    walk.press("Make new codes")
    walk.open("/accounts/sessions/")
    walk.open("/accounts/2fa/")
    walk.press("Switch off")
    walk.press("Switch it off")
    walk.open("/admin/")
    assert walk.heading() == "Two-step sign-in"
    assert sorted(found) == []


def test_passkey_is_added_used_and_removed(
    reviewer: None, open_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    found: set[str] = set()
    walk = Walk(open_page(), watcher(axe, found))
    devices = walk.page.context.new_cdp_session(walk.page)
    devices.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devices.send(
        "WebAuthn.addVirtualAuthenticator", {"options": device | {"automaticPresenceSimulation": True}}
    )
    sign_in(walk)
    walk.press("Add a passkey")
    prove_by_password(walk)
    walk.fill({"name": "Laptop"})
    walk.press("Add it")
    walk.page.wait_for_url("**/recovery-codes/")
    walk.press("Go to the desk")
    assert walk.heading() == "AAMI desk"

    walk.page.context.clear_cookies()
    sign_in(walk)
    walk.page.get_by_role("button", name="Use a passkey").click()
    walk.page.wait_for_url("**/admin/")
    assert walk.heading() == "AAMI desk"

    walk.open("/accounts/2fa/")
    walk.press("Manage")
    walk.page.get_by_role("link", name="Rename Laptop").click()
    assert walk.heading() == "Is it still you?"
    walk.look(walk.page)
    walk.page.get_by_role("button", name="Use my passkey").click()
    walk.page.wait_for_url("**/edit/")
    walk.fill({"name": "Old laptop"})
    walk.press("Save the name")
    walk.page.get_by_role("link", name="Remove Old laptop").click()
    walk.look(walk.page)
    walk.press("Remove it")
    walk.open("/admin/")
    assert walk.heading() == "Two-step sign-in"
    assert sorted(found) == []
