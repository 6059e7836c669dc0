"""What the interest form accepts, refuses and keeps."""

import re
import time
from typing import Any

import pytest
from django.core import mail, signing
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apprentices import limits
from apprentices.forms import InterestForm
from apprentices.forms.traps import FASTEST, SALT, stamp
from apprentices.models import Candidate, ConsentText
from apprentices.places import place_of
from apprenticeship.records.models import Notification
from tests.apprentices.answers import ANSWERS, INTEREST

pytestmark = pytest.mark.django_db


def errors(**typed: str) -> dict[str, list[str]]:
    """Return what the form says about the usual answers with some others typed."""
    consent = ConsentText.objects.get(version=2)
    return dict(InterestForm(ANSWERS | typed, consent=consent, minimum_age=16).errors)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("travel", "", "Choose how far you would travel."),
        ("moving", "", "Choose whether you would move."),
        ("available", "", "Choose when you could start."),
        ("available", "2", "Choose one of the answers."),
        ("education", "=1+1", "Choose one of the answers."),
        ("phone", "call me", "Enter a phone number, like 218-555-0142 or 218-555-0142 ext. 7."),
        ("phone", "5" * 10_000, "Enter a phone number of at most 40 characters."),
        ("about", "word " * 2000, "Use at most 600 characters; these are 9999."),
        ("about", "so\u202eldering", "This holds characters that cannot be seen. Please type it by hand."),
        ("current_employer", "x" * 10_000, "Use at most 120 characters; these are 10000."),
        ("name", "", "Enter your name."),
        ("name", "  \t\n ", "Enter your name."),
        ("name", "Ada\r\nBcc: all@example.org", "Write the name in one line."),
        ("name", "Ada\u2028Ortiz", "Write the name in one line."),
        ("name", "<b>Ada</b>", "Write the name without < and >."),
        ("name", "Ada > Ortiz", "Write the name without < and >."),
        ("name", "12345", "Write your name with letters."),
        ("name", "A" * 10_000, "Enter a name of at most 120 characters; this one has 10000."),
        ("name", "Ada\x07", "The name holds characters that cannot be seen. Please type it by hand."),
        ("name", "Ada\u202ezitrO", "The name holds characters that cannot be seen. Please type it by hand."),
        ("name", "Ada\x00", "The name holds characters that cannot be seen. Please type it by hand."),
        ("email", "", "Enter your e-mail address."),
        ("email", "ada", "Enter an address like name@example.org."),
        ("email", "ada@example.org\nBcc: all@example.org", "Enter an address like name@example.org."),
        ("email", "ada@example.org, bob@example.org", "Enter an address like name@example.org."),
        ("email", '"a\x01"@example.org', "Enter an address like name@example.org."),
        ("zip_code", "", "Enter your ZIP code."),
        (
            "zip_code",
            "00000",
            "We don’t know this ZIP code. Enter a U.S. ZIP code of five digits, for example 53202.",
        ),
        (
            "zip_code",
            "K1A 0B1",
            "We don’t know this ZIP code. Enter a U.S. ZIP code of five digits, for example 53202.",
        ),
        ("zip_code", "5" * 10_000, "Enter a U.S. ZIP code of five digits, for example 53202."),
        (
            "is_of_age",
            "",
            "The program takes apprentices who are 16 or older. Tick the box if you are.",
        ),
        ("is_consenting", "", "Without your agreement we may not keep your data."),
        (
            "consent_version",
            "99999999999999999999999999",
            "",
        ),
    ],
)
def test_form_says_what_is_wrong_beside_the_field(field: str, typed: str, message: str) -> None:
    if field == "consent_version":
        field, message = (
            "is_consenting",
            "The text changed since you opened this page. Please read it again and tick the box.",
        )
        assert errors(consent_version=typed) == {field: [message]}
    elif field == "phone" and len(typed) > 40:
        assert errors(phone=typed)["phone"][0] == message
    elif field in {"is_of_age", "is_consenting"}:
        data = {name: value for name, value in ANSWERS.items() if name != field}
        form = InterestForm(data, consent=ConsentText.objects.latest("version"), minimum_age=16)
        assert dict(form.errors) == {field: [message]}
    else:
        assert errors(**{field: typed}) == {field: [message]}


@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "Zoë O’Neill-Ruiz",
        "李小龍",
        "Фёдор Достоевский",
        "نرگس محمدی",
        "می‌خواهم",
        "Nguyễn Thị Định",
        "ക്ഷമ",
    ],
)
def test_form_accepts_names_in_any_script(client: Client, name: str) -> None:
    client.post(INTEREST, ANSWERS | {"name": name})
    assert Candidate.objects.get().name == name


@pytest.mark.parametrize(
    ("zip_code", "label", "region"),
    [
        ("53202", "Milwaukee, Wisconsin", 5),
        ("５３２０２", "Milwaukee, Wisconsin", 5),
        ("00901-0001", "San Juan, Puerto Rico", 1),
        ("96910", "Hagatna, Guam", 6),
        ("20500", "Washington, District of Columbia", 2),
        ("09012", "APO, Armed Forces Europe", None),
        ("96960", "Majuro, Marshall Islands", None),
    ],
)
def test_zip_code_finds_place_and_region(
    client: Client, zip_code: str, label: str, region: int | None
) -> None:
    response = client.post(INTEREST, ANSWERS | {"zip_code": zip_code}, follow=True)
    candidate = Candidate.objects.get()
    assert (candidate.place, candidate.region) == (label, region)
    assert label in response.content.decode()


@pytest.mark.parametrize("typed", ["", "5320", "532020", "00000", "09905", "٥٣٢٠٢", "53202\x00", "K1A 0B1"])
def test_zip_code_that_does_not_exist_has_no_place(typed: str) -> None:
    assert place_of(typed) is None


def test_place_is_shown_while_typing(client: Client) -> None:
    def fragment(typed: str) -> str:
        return " ".join(client.get("/interest/place/", {"zip_code": typed}).content.decode().split())

    assert fragment("5320") == ""
    assert fragment("") == ""
    assert "<b>Milwaukee, Wisconsin</b>, in the Chicago region" in fragment("53202")
    assert "Military mail belongs to no region" in fragment("09012")
    assert "outside the six regions" in fragment("96960")
    assert "We don’t know this ZIP code" in fragment("00000")
    assert "<script>" not in fragment("<script>alert(1)</script>")


def test_what_was_typed_is_still_there(client: Client) -> None:
    typed = ANSWERS | {"name": "Ada <b>Ortiz</b>", "email": "ada@", "zip_code": "99999"}
    page = client.post(INTEREST, typed).content.decode()
    assert 'value="Ada &lt;b&gt;Ortiz&lt;/b&gt;"' in page
    assert 'value="ada@"' in page
    assert 'value="99999"' in page
    assert '<a href="#id_email">E-mail address: Enter an address like name@example.org.' in page
    assert 'id="id_zip_code_error"' in page
    assert page.count("checked") == 3


def test_text_that_changed_is_read_again(client: Client) -> None:
    ConsentText.objects.create(version=3, text="Newer words.", published_at=timezone.now())
    page = client.post(INTEREST, ANSWERS).content.decode()
    assert "The text changed since you opened this page." in page
    assert "Newer words." in page
    assert 'name="consent_version" value="3"' in page
    assert page.count("checked") == 2
    client.post(INTEREST, ANSWERS | {"consent_version": "3"})
    assert Candidate.objects.get().consent.version == 3


def test_program_that_fills_everything_in_is_asked_once_more(client: Client) -> None:
    page = client.post(INTEREST, ANSWERS | {"leave_empty": "https://spam.example"}).content.decode()
    assert "Please send it once more." in page
    assert "spam.example" not in page
    assert not Candidate.objects.exists()
    assert client.post(INTEREST, ANSWERS).status_code == 302


def test_form_sent_within_a_moment_is_asked_once_more(client: Client) -> None:
    for opened in ("", "nonsense", stamp(), stamp(FASTEST - 2), stamp(8 * 24 * 3600)):
        page = client.post(INTEREST, ANSWERS | {"opened": opened}).content.decode()
        assert page.count("Please send it once more.") == 1
        assert 'value="Ada Ortiz"' in page
        gap = client.post(INTEREST, ANSWERS | {"opened": opened, "name": ""}).content.decode()
        assert ("Enter your name." in gap, "Please send it once more." in gap) == (True, False)
        assert not Candidate.objects.exists()
    again = re.findall(r'name="opened" value="([^"]+)"', page)
    assert len(again) == 1  # a fresh stamp, good in some seconds
    assert signing.loads(again[0], salt=SALT) >= int(time.time()) - 5


def test_one_email_address_is_limited_by_the_hour(client: Client) -> None:
    for number in range(limits.PER_EMAIL.forms):
        assert client.post(INTEREST, ANSWERS | {"name": f"Ada {chr(65 + number)}"}).status_code == 302
    response = client.post(INTEREST, ANSWERS | {"email": "ADA@example.org", "name": "Ada Last"})
    assert response.status_code == 429
    assert "This address was entered several times" in response.content.decode()
    assert 'value="Ada Last"' in response.content.decode()
    assert Notification.objects.count() == limits.PER_EMAIL.forms
    assert client.post(INTEREST, ANSWERS | {"email": "bob@example.org"}).status_code == 302


@pytest.fixture
def minute(monkeypatch: pytest.MonkeyPatch) -> float:
    """The first second of an hour, at which the clock of the limits stands."""
    hour = float(1_800_000_000 // 3600 * 3600)
    monkeypatch.setattr(time, "time", lambda: hour)
    monkeypatch.setitem(ANSWERS, "opened", stamp(age=60))
    return hour


def test_a_flood_is_limited_and_the_schools_next_minute_is_free(
    client: Client, monkeypatch: pytest.MonkeyPatch, minute: float
) -> None:
    flood = [client.post(INTEREST, ANSWERS | {"email": f"p{n}@example.org"}).status_code for n in range(200)]
    fits = limits.PER_ADDRESS[0].forms
    assert flood == [302] * fits + [429] * (200 - fits)
    response = client.post(INTEREST, ANSWERS)
    assert "Very many forms come from your network just now." in response.content.decode()
    assert 'value="Ada Ortiz"' in response.content.decode()
    assert client.post(INTEREST, ANSWERS, REMOTE_ADDR="192.0.2.7").status_code == 302
    monkeypatch.setattr(time, "time", lambda: minute + 60)
    pupils = [client.post(INTEREST, ANSWERS | {"email": f"s{n}@example.org"}).status_code for n in range(30)]
    assert pupils == [302] * 30


def test_many_addresses_of_one_network_are_limited_together(client: Client, minute: float) -> None:
    fits = limits.PER_NETWORK[0].forms
    got = [
        client.post(
            INTEREST, ANSWERS | {"email": f"p{n}@example.org"}, REMOTE_ADDR=f"203.0.113.{n % 250}"
        ).status_code
        for n in range(fits + 5)
    ]
    assert got == [302] * fits + [429] * 5
    assert client.post(INTEREST, ANSWERS, REMOTE_ADDR="203.0.114.1").status_code == 302


def test_network_is_the_proxys_word_only_behind_a_proxy(rf: Any, settings: Any) -> None:
    forged = rf.get("/", HTTP_X_FORWARDED_FOR="203.0.113.1, 198.51.100.2", REMOTE_ADDR="10.0.0.1")
    settings.SECURE_PROXY_SSL_HEADER = None
    assert limits.address_of(forged) == "10.0.0.1/32"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert limits.address_of(forged) == "198.51.100.2/32"
    assert limits.address_of(rf.get("/", HTTP_X_FORWARDED_FOR="2001:db8:1:2:3::4")) == "2001:db8:1:2::/64"
    assert limits.network_of(rf.get("/", HTTP_X_FORWARDED_FOR="2001:db8:1:2:3::4")) == "2001:db8:1::/48"
    assert limits.network_of(forged) == "198.51.100.0/24"
    assert limits.address_of(rf.get("/", HTTP_X_FORWARDED_FOR="nonsense")) == ""


anything = st.text(max_size=200)
plausible = st.one_of(anything, st.sampled_from(["Ada", "ada@example.org", "53202", "on", "1", "", "09012"]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.dictionaries(st.sampled_from([*ANSWERS, "other"]), plausible))
def test_form_survives_anything(client: Client, typed: dict[str, str]) -> None:
    response = client.post(INTEREST, ANSWERS | typed)
    assert response.status_code in {200, 302, 429}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(email=st.one_of(st.emails(), anything), name=anything)
def test_whatever_is_accepted_can_be_mailed(client: Client, email: str, name: str) -> None:
    consent = ConsentText.objects.latest("version")
    form = InterestForm(ANSWERS | {"email": email, "name": name}, consent=consent, minimum_age=16)
    if form.is_valid():
        answers = form.answers()
        message = mail.EmailMessage("Subject", f"Hello {answers.name},", to=[answers.email]).message()
        assert message.as_bytes().count(b"\nTo: ") == 1


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=anything)
def test_place_fragment_survives_anything(client: Client, typed: str) -> None:
    assert client.get("/interest/place/", {"zip_code": typed}).status_code == 200
    assert client.get("/interest/thanks/", {"zip_code": typed}).status_code == 200
