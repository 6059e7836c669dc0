"""A lost second factor: who may take it off, what is logged, who is told."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
from apprenticeship.records.models import Event, Notification
from tests.accounts.factors import code_of, enter_code, set_up_app, sign_in
from tests.pages import visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(db: None) -> User:
    """A reviewer with an app."""
    user = person("reviewer@example.org", "Rosalind Meyer", staff=REVIEWERS)
    set_up_app(browser(user))
    Notification.objects.all().delete()
    return user


@pytest.fixture
def manager(db: None) -> User:
    return person("manager@example.org", "Terrence Blake", staff=MANAGERS)


def superuser(email: str = "super@example.org") -> User:
    user = person(email, "Sue Per")
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    user.refresh_from_db()
    return user


def address(user: User) -> str:
    return reverse("admin:accounts_user_second_factor", args=[user.pk])


def test_manager_takes_it_off_and_everybody_knows(reviewer: User, manager: User) -> None:
    theirs = Client()
    sign_in(theirs, reviewer.email)
    secret = set_up_secret(reviewer)
    enter_code(theirs, code_of(secret))
    assert theirs.get("/home/").status_code == 302

    page = visit(browser(manager), reverse("admin:accounts_user_change", args=[reviewer.pk]))
    assert page.tree.xpath("//a[text()='Lost second factor']/@href") == [address(reviewer)]
    assert ("algorithm" in page.text, page.words("//a[text()='Reset password']")) == (False, [])
    answer = browser(manager).post(address(reviewer), {"person": reviewer.pk})
    assert answer["Location"] == reverse("admin:accounts_user_change", args=[reviewer.pk])

    assert Authenticator.objects.count() == 0
    assert theirs.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    event = Event.objects.get(verb="second_factor_removed")
    assert (event.chain_id, event.user, event.subject, event.data) == (
        "program", manager, reviewer, {"factors": 2},
    )  # fmt: skip
    mail = Notification.objects.get(name="second_factor_removed")
    assert (mail.recipient, mail.context["by"]) == ("reviewer@example.org", "Terrence Blake")
    assert sign_in(Client(), reviewer.email)["Location"] == reverse("employers:home")


def set_up_secret(user: User) -> str:
    """Replace the app by one whose secret is known."""
    client = browser(user)
    client.post(reverse("mfa_deactivate_totp"))
    secret = set_up_app(client)
    Notification.objects.all().delete()
    return secret


@pytest.mark.parametrize("who", ["reviewer", "self", "manager-of-superuser"])
def test_those_who_may_not(who: str, reviewer: User, manager: User) -> None:
    other = person("colleague@example.org", staff=REVIEWERS)
    head = superuser()
    set_up_app(browser(head))
    by, whose = {
        "reviewer": (other, reviewer),
        "self": (superuser("other@example.org"), None),
        "manager-of-superuser": (manager, head),
    }[who]
    if whose is None:
        set_up_app(browser(by))
    before = Authenticator.objects.count()
    target = whose or by
    assert [browser(by).get(address(target)).status_code, browser(by).post(address(target)).status_code] == [
        403, 403,
    ]  # fmt: skip
    assert (Authenticator.objects.count(), Event.objects.filter(verb="second_factor_removed").count()) == (
        before, 0,
    )  # fmt: skip


def test_taking_off_asks_again_first(reviewer: User, manager: User) -> None:
    client = Client()
    client.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    way = client.post(address(reviewer), {"person": reviewer.pk})["Location"]
    assert way.startswith("/accounts/reauthenticate/?next=")
    assert Authenticator.objects.filter(user=reviewer).count() == 2


def test_account_without_a_factor_says_so(manager: User) -> None:
    somebody = person("casey@example.org")
    page = browser(manager).post(address(somebody), follow=True).content.decode()
    assert "Nothing to do: this account has no second factor." in page
    assert Event.objects.filter(verb="second_factor_removed").count() == 0


def test_command_helps_the_last_superuser(capsys: pytest.CaptureFixture[str]) -> None:
    head = superuser()
    set_up_app(browser(head))
    call_command("remove_second_factor", "SUPER@example.org")
    assert (Authenticator.objects.count(), Event.objects.get(verb="second_factor_removed").user) == (0, None)
    for email in ("super@example.org", "nobody@example.org"):
        with pytest.raises(CommandError):
            call_command("remove_second_factor", email)


@pytest.mark.parametrize("others", [1, 30])
def test_list_of_people_says_who_has_a_factor(
    others: int, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(others):
        person(f"casey{number}@example.org")
    client = browser(superuser())
    with django_assert_num_queries(8):
        page = visit(client, "/admin/accounts/user/?factor=no")
    assert len(page.words("//td[@class='field-has_second_factor']")) == others + 1
    page = visit(client, "/admin/accounts/user/?factor=yes")
    assert page.words("//th[@class='field-email']") == ["reviewer@example.org"]
