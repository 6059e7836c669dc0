"""Staff enter with a second factor, proved in the session at hand, or not at all."""

import os
import re
import subprocess
import sys
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import get_resolver, reverse

from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import REVIEWERS
from apprenticeship.records import queues
from tests.accounts.factors import code_of, enter_code, recovery_codes, set_up_app, sign_in
from tests.pages import visit
from tests.people import PASSWORD, browser, person
from tests.records.database import tables_with
from tests.records.mail_server import MailServer, text_of
from tests.test_permissions import REGEX_ROUTES, known, routes

pytestmark = pytest.mark.django_db
SET_UP = reverse("mfa_index")
OPEN = ("healthz", "readyz")


@pytest.fixture(autouse=True)
def _as_at_work(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def reviewer(db: None) -> User:
    return person("reviewer@example.org", "Rosalind Meyer", staff=REVIEWERS)


@pytest.fixture
def superuser(db: None) -> User:
    user = person("super@example.org", "Sue Per")
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    user.refresh_from_db()
    return user


@pytest.fixture
def secret(reviewer: User) -> str:
    """The secret of the reviewer's app, set up in a browser of their own."""
    return set_up_app(browser(reviewer))


def admin_answer(client: Client) -> tuple[int, str]:
    """Return status and redirect of the admin's front page."""
    response = client.get("/admin/")
    return response.status_code, response.headers.get("Location", "")


def filled(route: str) -> str:
    """Return an address of a route; whether its things exist does not matter."""
    uuid = "00000000-0000-4000-8000-000000000000"
    text = REGEX_ROUTES.get(route) or "/" + re.sub(r"<(?:uuid):\w+>", uuid, route)
    return re.sub(r"<(?:\w+:)?app_label>", "employers", re.sub(r"<(?:\w+:)?(?!app_label)\w+>", "1", text))


ADDRESSES = sorted(
    {filled(known(route)) for route in routes(get_resolver()) if not route.startswith("accounts/")}
)


def test_walk_sees_the_admin() -> None:
    assert len([address for address in ADDRESSES if address.startswith("/admin/")]) > 80


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_is_closed_to_staff_without_a_factor(method: str, superuser: User) -> None:
    client, answers = browser(superuser), {}
    for address in ADDRESSES:
        response = getattr(client, method)(address)
        answers[address] = response.headers.get("Location", str(response.status_code))
    assert {address: answer for address, answer in answers.items() if answer != SET_UP} == {
        f"/{name}": "200" for name in OPEN
    }


def test_others_are_not_asked_for_a_factor() -> None:
    assert browser(person("owner@example.org")).get("/begin/").status_code == 200
    assert Client().get("/").status_code == 200
    assert Client().get("/admin/")["Location"] == "/admin/login/?next=/admin/"


def test_first_set_up_without_javascript_opens_the_desk(reviewer: User) -> None:
    client = Client()
    sign_in(client, reviewer.email)
    page = visit(client, "/admin/")
    assert (page.url, page.headline) == (SET_UP, "Two-step sign-in")
    assert page.notices[1:] == [
        "AAMI's staff sign in with a second step. Set up an app or a passkey, and the desk opens."
    ]
    set_up_app(client)
    assert len(recovery_codes(client)) == 10
    assert admin_answer(client) == (200, "")


def test_sign_in_asks_for_the_code_of_the_app(reviewer: User, secret: str) -> None:
    client = Client()
    assert sign_in(client, reviewer.email)["Location"] == reverse("mfa_authenticate")
    assert admin_answer(client) == (302, "/admin/login/?next=/admin/")
    wrong = enter_code(client, "000000")
    assert (wrong.status_code, wrong.context["form"].errors) == (200, {"code": ["This code is not right."]})
    assert admin_answer(client) == (302, "/admin/login/?next=/admin/")
    assert enter_code(client, code_of(secret)).status_code == 302
    assert admin_answer(client) == (200, "")


def test_code_works_once(reviewer: User, secret: str) -> None:
    code = code_of(secret, ahead=1)
    first, second = Client(), Client()
    sign_in(first, reviewer.email)
    sign_in(second, reviewer.email)
    assert enter_code(first, code).status_code == 302
    assert enter_code(second, code).status_code == 200
    assert admin_answer(second) == (302, "/admin/login/?next=/admin/")


def test_recovery_code_signs_in_once(reviewer: User) -> None:
    owner = browser(reviewer)
    set_up_app(owner)
    code = recovery_codes(owner)[0]
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, reviewer.email)
        enter_code(client, code)
    assert [admin_answer(first), admin_answer(second)] == [(200, ""), (302, "/admin/login/?next=/admin/")]


def test_factor_set_up_elsewhere_is_asked_for_in_a_session_that_never_proved_it(reviewer: User) -> None:
    here = browser(reviewer)  # signed in before there was a factor, and asked for the password just now
    secret = set_up_app(browser(reviewer))
    way = "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Femployers%2Fonboarding%2F%3Fturn%3Daami"
    assert here.get("/admin/employers/onboarding/?turn=aami")["Location"] == way
    # The password is no way around it.
    assert here.get(reverse("account_reauthenticate") + "?next=/admin/")["Location"] == (
        "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"
    )
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": "/admin/"})
    assert admin_answer(here) == (302, "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F")
    answer = enter_code(here, code_of(secret), "mfa_reauthenticate")
    assert answer["Location"] == "/admin/"
    assert admin_answer(here) == (200, "")


def test_mailed_code_alone_opens_nothing(reviewer: User, secret: str, mail_server: MailServer) -> None:
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": reviewer.email})
    (typed,) = re.findall(r"^ +(\S+)$", text_of(mail_server.messages[0]), re.MULTILINE)
    response = client.post(reverse("account_confirm_login_code"), {"code": typed})
    assert response["Location"] == reverse("mfa_authenticate")
    assert admin_answer(client) == (302, "/admin/login/?next=/admin/")
    enter_code(client, code_of(secret))
    assert admin_answer(client) == (200, "")


def test_mailed_code_sets_no_factor_up_without_the_password(reviewer: User, mail_server: MailServer) -> None:
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": reviewer.email})
    (typed,) = re.findall(r"^ +(\S+)$", text_of(mail_server.messages[0]), re.MULTILINE)
    client.post(reverse("account_confirm_login_code"), {"code": typed})
    assert admin_answer(client) == (302, SET_UP)
    assert visit(client, reverse("mfa_activate_totp")).url == reverse("account_reauthenticate")
    client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert Authenticator.objects.count() == 0


def test_new_password_by_mail_alone_opens_nothing(
    reviewer: User, secret: str, mail_server: MailServer
) -> None:
    client, new = Client(), "another-long-pass-2026"
    client.post(reverse("account_reset_password"), {"email": reviewer.email})
    queues.work_off_everything()
    (path,) = re.findall(r"http://127.0.0.1:8000(\S+/key/\S+)", text_of(mail_server.messages[-1]))
    client.post(client.get(path)["Location"], {"password1": new, "password2": new})
    assert admin_answer(client) == (302, "/admin/login/?next=/admin/")
    assert sign_in(client, reviewer.email, new)["Location"] == reverse("mfa_authenticate")


def test_desk_closes_when_the_last_factor_is_removed(reviewer: User) -> None:
    client = browser(reviewer)
    set_up_app(client)
    assert admin_answer(client) == (200, "")
    client.post(reverse("mfa_deactivate_totp"))
    assert (Authenticator.objects.count(), admin_answer(client)) == (0, (302, SET_UP))


def test_somebody_made_staff_is_asked_at_the_next_page() -> None:
    user = person("new@example.org")
    client = browser(user)
    assert client.get("/begin/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_staff=True)
    assert client.get("/begin/")["Location"] == SET_UP


def test_secrets_are_encrypted_where_they_lie(secret: str) -> None:
    assert tables_with(secret) == set()
    rows = Authenticator.objects.values_list("type", "data")
    assert sorted((kind, sorted(data)) for kind, data in rows) == [
        ("recovery_codes", ["seed", "used_mask"]),
        ("totp", ["secret"]),
    ]


def test_changed_secret_key_refuses_codes_unless_the_old_one_is_a_fallback(
    reviewer: User, secret: str, settings: Any
) -> None:
    settings.SECRET_KEY, old = "another-key-" * 5, settings.SECRET_KEY
    client = Client()
    sign_in(client, reviewer.email)
    assert enter_code(client, code_of(secret)).context["form"].errors == {"code": ["This code is not right."]}
    settings.SECRET_KEY_FALLBACKS = [old]
    assert enter_code(client, code_of(secret)).status_code == 302


def test_nobody_can_switch_it_off_at_work() -> None:
    settings = {
        "DEBUG": "0",
        "STAFF_SECOND_FACTOR": "0",
        "SECRET_KEY": "x" * 50,
        "ALLOWED_HOSTS": "example.org",
    }
    env = os.environ | settings | {"SEALING_KEY_FILE": "/tmp/key.p12"}
    command = "from apprenticeship import settings as s; print(s.STAFF_SECOND_FACTOR)"
    done = subprocess.run(
        [sys.executable, "-c", command], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def test_first_superuser_confirms_the_address_and_sets_up(mail_server: MailServer) -> None:
    User.objects.create_superuser("first@example.org", PASSWORD, name="First")
    client = Client()
    assert sign_in(client, "first@example.org")["Location"] == reverse("account_email_verification_sent")
    queues.work_off_everything()
    (path,) = re.findall(r"http://127.0.0.1:8000(\S+/confirm-email/\S+)", text_of(mail_server.messages[-1]))
    client.post(path)
    assert EmailAddress.objects.get().verified
    sign_in(client, "first@example.org")
    assert admin_answer(client) == (302, SET_UP)
    set_up_app(client)
    assert admin_answer(client) == (200, "")
