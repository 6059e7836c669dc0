"""Accounts by e-mail address: sign up and confirm, sign in, set a new password, sign in by a mailed code."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.messages import get_messages
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.records import queues
from apprenticeship.records.models import Notification
from tests.pages import Page, visit
from tests.people import PASSWORD, person
from tests.records.database import tables_with
from tests.records.mail_server import MailServer, text_of

SITE = "http://127.0.0.1:8000"
NEW_PASSWORD = "another-long-pass-2026"
SIGN_UP = {"name": "Dana Whitfield", "email": "Dana@Example.org", "password1": PASSWORD}
CODE = re.compile(r"^ +(\S+)$", re.MULTILINE)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> None:
    """Try as often as a test likes."""
    settings.ACCOUNT_RATE_LIMITS = False


def mailed(mail_server: MailServer) -> str:
    """Send what waits and return the text of the newest mail."""
    queues.work_off_everything()
    return text_of(mail_server.messages[-1])


def link_in(text: str) -> str:
    """Return the path of the link that a mail carries."""
    (line,) = [line.strip() for line in text.splitlines() if line.strip().startswith(f"{SITE}/accounts/")]
    return line.removeprefix(SITE)


def who(client: Client) -> int | None:
    """Return the key of who is signed in."""
    key = client.session.get("_auth_user_id")
    return int(key) if key else None


def said(response: Any) -> list[str]:
    """Return the messages of a response."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def sign_in(client: Client, email: str, password: str) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


# What the pages say ---------------------------------------------------------------------------------------------


def test_tick_says_how_long_one_stays_signed_in(client: Client, settings: Any) -> None:
    page = visit(client, reverse("account_login"))
    hours = settings.SESSION_COOKIE_AGE // 3600
    told = f"Keep me signed in on this computer for {hours} hours"
    assert page.words("//label[@for='id_remember']") == [told]


def test_account_pages_speak_in_the_portals_words(dana: User, client: Client) -> None:
    wrong = client.post(reverse("account_login"), {"login": dana.email, "password": "not mine"}, follow=True)
    assert "The e-mail address or the password is not right." in Page(wrong).text
    entered = client.post(reverse("account_login"), {"login": dana.email, "password": PASSWORD}, follow=True)
    assert said(entered) == [f"You are signed in as {dana}."]
    page = visit(client, reverse("account_change_password"))
    assert page.words("//main//label") == ["Current password", "New password", "New password, once more"]
    left = client.post(reverse("account_logout"), follow=True)
    assert said(left) == ["You are signed out."]


def test_whoever_tries_too_often_reads_a_page_of_the_portal(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    sign_in(client, "no@example.org", "wrong")
    page = Page(sign_in(client, "no@example.org", "wrong"))
    assert (page.status, page.headline) == (429, "Too many tries")
    assert page.tree.xpath("//header//a[@class='brand']/@href") == [reverse("landing")]


# Sign-up ------------------------------------------------------------------------------------------------------


def test_sign_up_confirm_and_sign_in(client: Client, mail_server: MailServer) -> None:
    response = client.post(reverse("account_signup"), SIGN_UP)
    assert (response.status_code, response["Location"]) == (302, reverse("account_email_verification_sent"))
    user = User.objects.get()
    address = EmailAddress.objects.get()
    assert (user.email, user.name, address.verified, who(client)) == (
        "dana@example.org",
        "Dana Whitfield",
        False,
        None,
    )
    path = link_in(mailed(mail_server))
    assert mail_server.messages[0]["Subject"] == "Please confirm your e-mail address"

    assert client.get(path).status_code == 200
    address.refresh_from_db()
    assert address.verified is False  # a mail scanner that follows links confirms nothing

    response = client.post(path)
    address.refresh_from_db()
    assert (response.status_code, address.verified, who(client)) == (302, True, user.pk)

    other = Client()
    response = sign_in(other, "DANA@example.org", PASSWORD)
    assert (response.status_code, response["Location"], who(other)) == (
        302,
        reverse("employers:home"),
        user.pk,
    )


def test_unconfirmed_address_cannot_sign_in_and_gets_another_mail(
    client: Client, mail_server: MailServer
) -> None:
    client.post(reverse("account_signup"), SIGN_UP)
    Notification.objects.all().delete()
    other = Client()
    response = sign_in(other, "dana@example.org", PASSWORD)
    assert (response["Location"], who(other)) == (reverse("account_email_verification_sent"), None)
    assert other.post(link_in(mailed(mail_server))).status_code == 302
    assert EmailAddress.objects.get().verified is True


def test_link_of_the_confirmation_mail_is_stored_nowhere(client: Client, mail_server: MailServer) -> None:
    client.post(reverse("account_signup"), SIGN_UP)
    key = link_in(mailed(mail_server)).split("/")[-2]
    assert tables_with(key) == set()


def test_confirmation_link_that_was_tampered_with_confirms_nothing(
    client: Client, mail_server: MailServer
) -> None:
    client.post(reverse("account_signup"), SIGN_UP)
    path = link_in(mailed(mail_server))
    client.post(path[:-2] + ("A" if path[-2] != "A" else "B") + "/")
    assert EmailAddress.objects.get().verified is False


@pytest.mark.parametrize("email", ["dana@example.org", "DANA@EXAMPLE.ORG", " Dana@Example.org "])
def test_second_account_for_an_address_is_not_made_and_not_told(
    email: str, dana: User, client: Client, mail_server: MailServer
) -> None:
    response = client.post(reverse("account_signup"), SIGN_UP | {"email": email})
    assert response["Location"] == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    mailed(mail_server)
    assert [message["Subject"] for message in mail_server.messages] == ["You already have an account"]


def test_address_is_unique_in_the_database_whatever_its_case(dana: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="DANA@example.org", name="Another")])
    assert User.objects.get_by_natural_key("Dana@Example.ORG") == dana


def test_mail_server_that_is_down_does_not_stop_sign_up(client: Client, mail_server: MailServer) -> None:
    mail_server.down()
    response = client.post(reverse("account_signup"), SIGN_UP)
    assert response["Location"] == reverse("account_email_verification_sent")
    queues.work_off_everything()
    row = Notification.objects.get()
    mail_server.up()
    Notification.objects.update(not_before=row.created_at)
    assert client.post(link_in(mailed(mail_server))).status_code == 302
    assert EmailAddress.objects.get().verified is True


# Sign-in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("dana@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("dana@example.org", ""),
        ("dana\x00@example.org", PASSWORD),
    ],
)
def test_wrong_password_says_so_and_keeps_the_address(
    email: str, password: str, dana: User, client: Client
) -> None:
    response = sign_in(client, email, password)
    assert (response.status_code, who(client)) == (200, None)
    assert response.context["form"]["login"].value() == email
    assert len(response.context["form"].errors) == 1


def test_deactivated_account_cannot_sign_in(dana: User, client: Client) -> None:
    User.objects.update(is_active=False)
    response = sign_in(client, dana.email, PASSWORD)
    assert (response["Location"], who(client)) == (reverse("account_inactive"), None)


# Password -----------------------------------------------------------------------------------------------------


def test_new_password_by_a_mailed_link_that_works_once(
    dana: User, client: Client, mail_server: MailServer
) -> None:
    client.post(reverse("account_reset_password"), {"email": "DANA@example.org"})
    path = link_in(mailed(mail_server))
    assert (mail_server.messages[-1]["Subject"], mail_server.messages[-1]["To"]) == (
        "Choose a new password",
        "dana@example.org",
    )
    assert tables_with(path.split("/")[-2]) == set()

    form = client.get(path)["Location"]
    response = client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert response["Location"] == reverse("account_reset_password_from_key_done")
    dana.refresh_from_db()
    assert [dana.check_password(PASSWORD), dana.check_password(NEW_PASSWORD)] == [False, True]
    mailed(mail_server)
    assert mail_server.messages[-1]["Subject"] == "Your password was changed"

    stranger = Client()
    response = stranger.get(path)
    assert (response.status_code, response.context["token_fail"]) == (200, True)
    stranger.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    dana.refresh_from_db()
    assert dana.check_password(NEW_PASSWORD)


def test_reset_for_an_unknown_address_looks_the_same(
    dana: User, client: Client, mail_server: MailServer
) -> None:
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in ("no@example.org", dana.email)
    ]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, reverse("account_reset_password_done"))
    ] * 2
    mailed(mail_server)
    assert [(message["To"], message["Subject"]) for message in mail_server.messages] == [
        ("no@example.org", "No account with this address"),
        ("dana@example.org", "Choose a new password"),
    ]


# Code ---------------------------------------------------------------------------------------------------------


def test_sign_in_by_a_mailed_code_that_no_row_holds(
    dana: User, client: Client, mail_server: MailServer
) -> None:
    response = client.post(reverse("account_request_login_code"), {"email": "Dana@example.org"})
    assert response["Location"] == reverse("account_confirm_login_code")
    (message,) = mail_server.messages
    (code,) = CODE.findall(text_of(message))
    assert (message["To"], message["Subject"], Notification.objects.count()) == (
        "dana@example.org",
        "Your sign-in code",
        0,
    )
    assert tables_with(code) == set()

    response = client.post(response["Location"], {"code": "WRONG1"})
    assert (response.status_code, who(client)) == (200, None)
    response = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert (response["Location"], who(client)) == (reverse("employers:home"), dana.pk)


def test_code_works_in_the_browser_that_asked_only(
    dana: User, client: Client, mail_server: MailServer
) -> None:
    client.post(reverse("account_request_login_code"), {"email": dana.email})
    (code,) = CODE.findall(text_of(mail_server.messages[0]))
    thief = Client()
    thief.post(reverse("account_confirm_login_code"), {"code": code})
    assert who(thief) is None


def test_mail_server_that_is_down_is_said_when_a_code_is_asked_for(
    dana: User, client: Client, mail_server: MailServer
) -> None:
    mail_server.down()
    response = client.post(reverse("account_request_login_code"), {"email": dana.email}, follow=True)
    assert (response.status_code, who(client)) == (200, None)
    assert said(response) == [
        "We could not send the code just now. Sign in with your password or try again in a minute."
    ]
    assert (response.request["PATH_INFO"], Notification.objects.count()) == (
        reverse("account_request_login_code"),
        0,
    )
    mail_server.up()
    client.post(reverse("account_request_login_code"), {"email": dana.email})
    (code,) = CODE.findall(text_of(mail_server.messages[0]))
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert who(client) == dana.pk


def test_code_for_an_unknown_address_looks_the_same(
    dana: User, client: Client, mail_server: MailServer
) -> None:
    answers = [
        Client().post(reverse("account_request_login_code"), {"email": email})
        for email in ("no@example.org", dana.email)
    ]
    assert [answer["Location"] for answer in answers] == [reverse("account_confirm_login_code")] * 2
    assert person("x@example.org").has_usable_password()
