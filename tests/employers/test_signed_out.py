"""A log-out or a stale page never costs typed text, and never shows it to somebody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.accounts.rescue import KEPT, MAX_CHARACTERS
from employers.models import Mentor, Onboarding, Role
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.employers.answers import MENTOR, WAGES, step_url
from tests.pages import Page, press, visit
from tests.people import BACKEND, PASSWORD, browser

pytestmark = pytest.mark.django_db
NOTICE = "You were signed out while typing. Your text is here and not saved yet."
LOGIN = "/accounts/login/"


def sign_in(client: Client, user: User, url: str) -> Page:
    """Sign in on the real page and return where it leads."""
    typed = {"login": user.email, "password": PASSWORD, "next": url}
    return Page(client.post(LOGIN, typed, follow=True))


def stored_sessions() -> str:
    """Return everything that any session holds."""
    return " ".join(str(row.get_decoded()) for row in Session.objects.all())


PAGES: list[tuple[str, State, dict[str, Any]]] = [
    (
        step_url("get-started"),
        State.GET_STARTED,
        {"legal_name": "Typed while out", "sites-0-name": "Typed <b>site</b>"},
    ),
    (step_url("position"), State.GET_STARTED, {"positions-0-openings": "not a number"}),
    (step_url("funding"), State.GET_STARTED, {"sources-0-name": "Typed grant", "instruction_time": "both"}),
    (step_url("mentor"), State.GET_STARTED, {"mentors-0-name": "محمد 😀", "mentors-0-years": "7"}),
    (step_url("agreement"), State.AGREEMENT, {"signatory_name": "Typed name"}),
    (reverse("employers:wages"), State.AGREEMENT, WAGES),
    (step_url("approval"), State.CHANGES, {"funding": "A long answer."}),
    (reverse("employers:move", args=["withdraw"]), State.FUNDING, {"reason": "A long reason."}),
    (reverse("employers:team"), State.FUNDING, {"email": "typed@example.org", "role": "viewer"}),
]


@pytest.mark.parametrize(("url", "state", "typed"), PAGES, ids=[page[0] for page in PAGES])
def test_text_comes_back_after_signing_in_and_nothing_is_stored(
    url: str, state: State, typed: dict[str, Any], journey: Journey
) -> None:
    onboarding, client = journey.to(state), browser(journey.owner)
    before = visit(client, url).fields()
    client.logout()
    response = client.post(url, before | typed)
    assert (response.status_code, response["Location"]) == (302, f"{LOGIN}?next={url}")
    assert visit(client, response["Location"]).notices == [KEPT]
    page = sign_in(client, journey.owner, url)
    assert (page.url, page.notices[-1]) == (url, NOTICE)
    assert page.fields().items() >= typed.items()
    again = visit(client, url)
    assert (again.notices, again.fields()) == ([], before)
    assert Onboarding.objects.get(pk=onboarding.pk).state == state


@pytest.mark.parametrize(("url", "state", "typed"), PAGES, ids=[page[0] for page in PAGES])
def test_text_comes_back_when_only_the_csrf_token_is_stale(
    url: str, state: State, typed: dict[str, Any], journey: Journey
) -> None:
    journey.to(state)
    client = Client(enforce_csrf_checks=True)
    client.force_login(journey.owner, backend=BACKEND)
    fields = visit(client, url).fields() | typed
    response = client.post(
        url, fields | {"csrfmiddlewaretoken": "stale"}, headers={"Origin": "http://testserver"}
    )
    assert (response.status_code, response["Location"]) == (302, url)
    page = visit(client, url)
    assert page.fields().items() >= typed.items()
    assert "csrfmiddlewaretoken" not in stored_sessions()


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Referer": "https://evil.example/x"}]
)
def test_form_from_another_site_is_refused_and_not_kept(headers: dict[str, str], journey: Journey) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(journey.owner, backend=BACKEND)
    response = client.post(step_url("mentor"), MENTOR, headers=headers)
    assert (response.status_code, "rescued" in client.session) == (403, False)
    assert visit(client, step_url("mentor")).fields()["mentors-0-name"] == ""


@pytest.mark.parametrize(
    "url", [LOGIN, "/accounts/signup/", "/accounts/password/change/", "/accounts/password/reset/"]
)
def test_passwords_are_never_kept(url: str, journey: Journey) -> None:
    secret = "my-very-secret-password"
    typed = {"login": "owner@example.org", "email": "owner@example.org", "password": secret, "password1": secret,
             "oldpassword": secret, "password2": secret}  # fmt: skip
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url, typed, headers={"Origin": "http://testserver"}).status_code == 403
    browser(journey.owner).post(url, typed)
    Client().post(url, typed)
    assert secret not in stored_sessions()


def test_text_of_one_page_is_not_shown_on_another(journey: Journey) -> None:
    client = Client()
    typed_by = {"typed_by": str(journey.owner.pk)}
    rows = {"mentors-TOTAL_FORMS": "1", "mentors-INITIAL_FORMS": "0"}
    client.post(step_url("mentor"), MENTOR | rows | typed_by)
    page = sign_in(client, journey.owner, step_url("funding"))
    assert (page.url, page.notices[-1] == NOTICE) == (step_url("funding"), False)
    assert "Robin Castellano" not in page.html
    assert visit(client, step_url("mentor")).fields()["mentors-0-name"] == "Robin Castellano"
    assert Mentor.objects.count() == 0


def test_text_of_a_viewer_is_not_saved_for_them(journey: Journey, colleague: Callable[[Role], User]) -> None:
    client, viewer = Client(), colleague(Role.VIEWER)
    client.post(step_url("mentor"), MENTOR | {"mentors-TOTAL_FORMS": "1", "mentors-INITIAL_FORMS": "0"})
    page = sign_in(client, viewer, step_url("mentor"))
    assert page.tree.xpath("//form[@id='part-form']/fieldset/@disabled") == ["disabled"]
    assert Mentor.objects.count() == 0


def test_text_that_is_too_long_to_keep_is_not_kept(journey: Journey) -> None:
    client = Client()
    client.post(step_url("mentor"), {"mentors-0-name": "x" * (MAX_CHARACTERS + 1)})
    assert "rescued" not in client.session


def test_rescued_text_is_saved_by_the_next_press(journey: Journey) -> None:
    client = browser(journey.owner)
    fields = visit(client, step_url("mentor")).fields() | MENTOR
    client.logout()
    client.post(step_url("mentor"), fields)
    page = press(client, sign_in(client, journey.owner, step_url("mentor")))
    assert page.notices == ["Draft saved."]
    assert Mentor.objects.get().name == "Robin Castellano"


def test_rescued_text_is_stale_if_a_colleague_saved_meanwhile(
    journey: Journey, colleague: Callable[[Role], User]
) -> None:
    client, other = browser(journey.owner), browser(colleague(Role.EDITOR))
    fields = visit(client, step_url("mentor")).fields() | MENTOR
    client.logout()
    client.post(step_url("mentor"), fields)
    press(other, visit(other, step_url("mentor")), {"mentors-0-name": "Saved meanwhile"})
    page = press(client, sign_in(client, journey.owner, step_url("mentor")))
    assert (page.status, Mentor.objects.get().name) == (409, "Saved meanwhile")


def test_text_of_one_person_is_not_shown_to_the_next(
    journey: Journey, colleague: Callable[[Role], User]
) -> None:
    client, editor = browser(journey.owner), colleague(Role.EDITOR)
    typed = visit(client, step_url("mentor")).fields() | MENTOR
    client.logout()
    client.post(step_url("mentor"), typed)
    page = sign_in(client, editor, step_url("mentor"))
    assert "Robin Castellano" not in page.html
