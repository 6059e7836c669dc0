"""Where somebody is signed in, and signing out there."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.accounts.templatetags.browsers import browser_name
from tests.accounts.factors import sign_in
from tests.pages import visit
from tests.people import person

pytestmark = pytest.mark.django_db
LIST = reverse("usersessions_list")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"
)


def signed_in(user: User, agent: str, **extra: str) -> Client:
    client = Client(headers={"user-agent": agent}, **extra)
    assert sign_in(client, user.email).status_code == 302
    return client


def test_list_names_each_browser_and_ends_one_of_them(dana: User) -> None:
    here, phone = signed_in(dana, FIREFOX), signed_in(dana, PHONE, REMOTE_ADDR="192.0.2.7")
    page = visit(here, LIST)
    assert page.words("//ul[@class='signins']/li//b") == ["Firefox on Windows", "Safari on iPhone"]
    assert page.words("//ul[@class='signins']/li//span[@class='tag done']") == ["This one"]
    assert "192.0.2.7" in page.text
    (end,) = page.tree.xpath("//ul[@class='signins']//form/@action")
    assert visit(here, LIST).status == 200
    page = visit(here, here.post(end)["Location"])
    assert page.notices == ["Signed out there."]
    assert page.words("//ul[@class='signins']/li//b") == ["Firefox on Windows"]
    assert phone.get("/begin/")["Location"] == "/accounts/login/?next=/begin/"
    assert here.get("/begin/").status_code == 200


def test_all_others_end_at_once(dana: User) -> None:
    here, others = signed_in(dana, FIREFOX), [signed_in(dana, PHONE) for _number in range(2)]
    here.post(LIST)
    assert [client.get("/begin/").status_code for client in (here, *others)] == [200, 302, 302]


def test_nobody_ends_the_session_of_somebody_else(dana: User) -> None:
    here, stranger = signed_in(dana, FIREFOX), signed_in(person("stranger@example.org"), PHONE)
    session = UserSession.objects.get(user=dana)
    assert stranger.post(reverse("session_end", args=[session.pk])).status_code == 404
    assert here.get("/begin/").status_code == 200


def test_visitor_without_a_known_address_can_sign_in(dana: User) -> None:
    client = signed_in(dana, "", REMOTE_ADDR="")
    page = visit(client, LIST)
    assert page.words("//ul[@class='signins']/li//b") == ["Unknown browser"]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.9", "Unknown browser"),
    ],
)
def test_browser_is_named_in_words(agent: str, name: str) -> None:
    assert browser_name(agent) == name
