"""Who it is, asked once more before a signature and before roles change; what was typed comes back."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import REVIEWERS
from employers.models import Onboarding, Signature
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.accounts.factors import code_of, enter_code, set_up_app
from tests.employers.conftest import journey, manager, owner, program_documents, reviewer  # noqa: F401
from tests.employers.desk_fixtures import current, decide, decide_at, page_of, typed
from tests.pages import Page, visit
from tests.people import PASSWORD, browser, person

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
THANKS = "Thank you. What you typed is here, and nothing is done yet: press the button once more."


def signed_in(user: User) -> Client:
    """Return a client of somebody who was not asked again yet."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    return journey.to(State.REVIEW)


@pytest.fixture
def superuser(db: None) -> User:
    user = person("super@example.org", "Sue Per")
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    user.refresh_from_db()
    return user


def confirm(client: Client, way: str) -> str:
    """Type the password on the page that asks, and return where it leads."""
    path, _mark, _query = way.partition("?next=")
    page = visit(client, way)
    assert page.headline == "Is it still you?"
    response = client.post(path, {"password": PASSWORD, "next": page.fields()["next"]})
    return str(response["Location"])


def countersigned(case: Onboarding) -> bool:
    return Signature.objects.filter(party=Signature.Party.SPONSOR, agreement__employer=case.employer).exists()


def known(case: Onboarding) -> tuple[str, str, bool]:
    """Return how the officer was identified, by what proof, and whether that was a moment before."""
    row = Signature.objects.get(party=Signature.Party.SPONSOR, agreement__employer=case.employer)
    age = row.signed_at - row.proof_at
    return row.method, row.proof, dt.timedelta(0) <= age < dt.timedelta(minutes=1)


def test_countersigning_asks_and_keeps_what_was_typed(case: Onboarding, reviewer: User) -> None:
    client = signed_in(reviewer)
    way = decide(client, case, "approve", reviewer, title="Director of Programs")["Location"]
    assert way == f"/accounts/reauthenticate/?next={decide_at(case, 'approve').replace('/', '%2F')}"
    assert (current(case).state, countersigned(case)) == (State.REVIEW, False)

    page = Page(client.get(confirm(client, way)))
    form = page.tree.get_element_by_id("desk-form")
    assert [form.fields[name] for name in ("typed_name", "title", "consent", "has_authority")] == [
        "Rosalind Meyer", "Director of Programs", "on", "on",
    ]  # fmt: skip
    assert page.words("//ul[@class='messagelist']/li") == [THANKS]
    assert (current(case).state, countersigned(case)) == (State.REVIEW, False)

    last = Page(client.post(decide_at(case, "approve"), typed(case, "approve", reviewer)))
    assert last.words("//div[@id='content']/p")[0].startswith(
        "Nothing is decided or signed yet, whatever you were asked on the way here: only the button “Approve and "
        "countersign” at the end of this page does that."
    )
    assert decide(client, case, "approve", reviewer)["Location"] == page_of(case)
    assert (current(case).state, countersigned(case)) == (State.REGISTRATION, True)
    assert known(case) == ("code", "mailed_code", True)


def test_wrong_password_signs_nothing_and_keeps_the_text_waiting(case: Onboarding, reviewer: User) -> None:
    client = signed_in(reviewer)
    decide(client, case, "approve", reviewer, title="Director of Programs")
    answer = client.post(reverse("account_reauthenticate"), {"password": "wrong", "next": "/admin/"})
    assert (answer.status_code, len(answer.context["form"].errors)) == (200, 1)
    assert "Director of Programs" in client.get(decide_at(case, "approve")).content.decode()
    assert (current(case).state, countersigned(case)) == (State.REVIEW, False)


def test_staff_with_a_factor_are_asked_for_its_code(case: Onboarding, reviewer: User, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True
    client = browser(reviewer)
    secret = set_up_app(client)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        way = decide(client, case, "approve", reviewer)["Location"]
        assert way.startswith(reverse("mfa_reauthenticate"))
        enter_code(client, code_of(secret), "mfa_reauthenticate")
        assert decide(client, case, "approve", reviewer)["Location"] == page_of(case)
    assert countersigned(case)
    assert known(case) == ("factor", "totp", True)


@pytest.mark.parametrize(("minutes", "asks"), [(14, False), (16, True)])
def test_answer_counts_for_a_quarter_of_an_hour(
    minutes: int, asks: bool, case: Onboarding, reviewer: User
) -> None:
    client = browser(reviewer)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes)):
        answer = decide(client, case, "approve", reviewer)["Location"]
    assert (answer != page_of(case), countersigned(case)) == (asks, not asks)


@pytest.mark.parametrize(
    ("edge", "changed"), [("approve", {"preview": "1"}), ("approve", {"title": ""}), ("request_changes", {})]
)
def test_nothing_is_asked_where_nothing_is_signed(
    edge: str, changed: dict[str, str], case: Onboarding, reviewer: User
) -> None:
    answer = decide(signed_in(reviewer), case, edge, reviewer, **changed)
    assert "/accounts/" not in answer.headers.get("Location", "")
    assert not countersigned(case)


def test_role_changes_ask_and_keep_what_was_typed(superuser: User) -> None:
    somebody = person("casey@example.org", "Casey Field")
    client, group = signed_in(superuser), Group.objects.get(name=REVIEWERS)
    address = reverse("admin:accounts_user_change", args=[somebody.pk])
    typed = {"email": "casey@example.org", "name": "Casey Fielding", "is_staff": "on", "groups": [group.pk]}
    way = client.post(address, typed)["Location"]
    somebody.refresh_from_db()
    assert (somebody.name, somebody.is_staff) == ("Casey Field", False)

    page = Page(client.get(confirm(client, way)))
    form = page.tree.xpath("//form[@id='user_form']")[0]
    assert (form.fields["name"], form.fields["is_staff"], form.fields["is_active"]) == (
        "Casey Fielding", "on", None,
    )  # fmt: skip
    assert list(form.fields["groups"]) == [str(group.pk)]
    somebody.refresh_from_db()
    assert (somebody.name, somebody.is_staff) == ("Casey Field", False)

    assert client.post(address, typed | {"is_active": "on"}).status_code == 302
    somebody.refresh_from_db()
    assert (somebody.name, somebody.is_staff, list(somebody.groups.all())) == (
        "Casey Fielding", True, [group],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("accounts/user/add/", {"email": "new@example.org", "name": "N", "password1": PASSWORD, "password2": PASSWORD}),
        ("accounts/user/{pk}/password/", {"password1": PASSWORD, "password2": PASSWORD}),
        ("accounts/user/{pk}/delete/", {"post": "yes"}),
        ("accounts/user/", {"action": "delete_selected", "_selected_action": "{pk}", "post": "yes"}),
        ("auth/group/add/", {"name": "Everything"}),
        ("auth/group/1/delete/", {"post": "yes"}),
    ],
)  # fmt: skip
def test_every_page_of_roles_asks_first(path: str, typed: dict[str, str], superuser: User) -> None:
    somebody = person("casey@example.org")
    before = (User.objects.count(), Group.objects.count(), somebody.password)
    client = signed_in(superuser)
    data = {name: value.format(pk=somebody.pk) for name, value in typed.items()}
    answer = client.post("/admin/" + path.format(pk=somebody.pk), data)
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    assert PASSWORD not in str(dict(client.session.items()))
    somebody.refresh_from_db()
    assert (User.objects.count(), Group.objects.count(), somebody.password) == before
