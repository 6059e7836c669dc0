"""Every address of the portal, tried by everybody: the table in tests/access.py says what each gets.

The walk reads the URLconf, so an address that the table lacks fails here.
"""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import ACCESS, ROLES
from tests.employers.conftest import (  # noqa: F401  # fixtures
    at,
    colleague,
    journey,
    manager,
    outsider,
    owner,
    program_documents,
    reviewer,
)

if TYPE_CHECKING:
    from apprenticeship.accounts.models import User
    from employers.models import Onboarding

pytestmark = pytest.mark.django_db

EMPLOYER = "Lakeside Regional"
SECRETS = (EMPLOYER, "owner@example.org", "400 Harbor View", "Robin Castellano", "invited@example.org")
# Whoever holds an invitation's link reads who invited them: the link grants that.
TELLS = {"join/<str:token>/"}
POSTED = {
    "team/": {"email": "forged@example.org", "role": "owner"},
    "team/members/<int:pk>/": {"do": "remove"},
    "team/invitations/<uuid:pk>/": {"do": "revoke"},
    "onboarding/approval/": {"action": "submit"},
    "onboarding/move/<slug:name>/": {"reason": "Forged."},
    "begin/": {"legal_name": "Founded"},
}
REGEX_ROUTES = {
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": "/accounts/confirm-email/nonsense/",
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "/accounts/password/reset/key/1-nonsense/",
    r"admin/(?P<url>.*)$": "/admin/nonsense/",
}
# Who is refused is refused by any database; what these may open is opened on both.
SEEING = ("owner", "manager")
STATUS = {
    200: "o",
    204: "o",
    286: "o",
    403: "x",
    404: ".",
    405: "m",
    409: "c",
    410: "g",
    422: "u",
    429: "q",
    503: "!",
}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Yield every route below a resolver, the steps one by one."""
    from employers.onboarding import STEPS

    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern) and route == "onboarding/<slug:slug>/":
            yield from (f"onboarding/{step.slug}/" for step in STEPS)
        else:
            yield route


def known(route: str) -> str:
    """Return the key of a route in the table; the admin's list of apps names them all in its pattern."""
    return "admin/<app_label>/" if route.startswith("admin/^(?P<app_label>") else route


ALL_ROUTES = [known(route) for route in routes(get_resolver())]


def test_table_lists_every_address_and_no_other() -> None:
    assert sorted(ACCESS) == sorted(set(ALL_ROUTES))
    assert {len(cells) for row in ACCESS.values() for cells in row} == {len(ROLES)}


@pytest.fixture
def case(at: Callable[[Any], Onboarding], journey: Any) -> Onboarding:
    """The sample employer in review, with an invitation, and a message in the queue."""
    from employers.models import Role
    from employers.onboarding import State
    from employers.people import invite

    onboarding = at(State.REVIEW)
    invite(onboarding.employer, "invited@example.org", Role.EDITOR, by=journey.owner)
    return onboarding


@pytest.fixture
def everybody(case: Onboarding, journey: Any, outsider: User, colleague: Any) -> dict[str, User | None]:
    """One person of each kind."""
    from employers.models import Role
    from employers.people import found_employer
    from tests.people import person

    found_employer(outsider, "Other Hospital")
    ungrouped = person("ungrouped@example.org", "Una Ungrouped", staff="")
    ungrouped.is_staff = True
    ungrouped.save()
    return {
        "anonymous": None,
        "outsider": outsider,
        "viewer": colleague(Role.VIEWER),
        "editor": colleague(Role.EDITOR),
        "owner": journey.owner,
        "ungrouped": ungrouped,
        "reviewer": journey.reviewer,
        "manager": journey.manager,
    }


def things(case: Onboarding, people: dict[str, User | None]) -> dict[str, Any]:
    """Return what placeholders stand for by the start of their route: always things of the sample employer."""
    from apprenticeship.documents.models import Document
    from apprenticeship.program.models import ProgramDocument
    from apprenticeship.records.models import Notification

    paper = Document.objects.filter(subject_id=str(case.employer.pk)).latest("created_at")
    return {
        "onboarding/standards/": ProgramDocument.objects.filter(link="").first(),
        "team/members/": case.employer.memberships.get(user=people["editor"]),
        "team/invitations/": case.employer.invitations.get(),
        "documents/": paper,
        "admin/employers/onboarding/<path:object_id>/paper/": paper,
        "admin/documents/document/<uuid": paper,
        "admin/accounts/user/<int": people["owner"],
        "admin/records/notification/": Notification.objects.first(),
    }


def arguments(route: str, case: Onboarding, known_things: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a route's placeholders."""
    from employers.people import mint_invitation_link

    row = next((row for start, row in known_things.items() if route.startswith(start)), None)
    nothing = case.employer.pk if "<uuid:pk>" in route else 1
    token = "nonsense"
    if route.startswith("join/"):
        token = mint_invitation_link(str(known_things["team/invitations/"].pk)).split("/")[2]
    name = "approve" if route.startswith("admin/") else "withdraw"
    if route.startswith("admin/records/mailtext/"):
        name = "welcome"
    return {
        "pk": row.pk if row else nothing,
        "token": token,
        "name": name,
        "code": known_things["documents/"].code,
        "app_label": "employers",
        "slug": "organization",
        "do": "confirm",
        "number": 1,
    }


def row_of(route: str, case: Onboarding) -> Any:
    """Return the key of a row of the admin's model that a route is about."""
    from django.apps import apps

    _admin, app, model = route.split("/")[:3]
    if app == "r":
        return 1
    if (app, model) == ("employers", "onboarding"):
        return case.pk
    first = apps.get_model(app, model)._default_manager.first()
    return first.pk if first else 1


def address(route: str, case: Onboarding, known_things: dict[str, Any]) -> str:
    """Return a route with its placeholders filled in."""
    if route in REGEX_ROUTES:
        return REGEX_ROUTES[route]
    if "<" not in route:
        return f"/{route}"
    values = arguments(route, case, known_things)
    if "object_id" in route or "<id>" in route:
        owner = known_things["admin/accounts/user/<int"]
        values |= {"object_id": row_of(route, case), "id": owner.pk, "content_type_id": 1}
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), route)


def outcome(response: Any) -> str:
    """Return one letter for what somebody got; see tests/access.py."""
    if response.status_code not in (301, 302):
        return STATUS[response.status_code]
    path = response["Location"].partition("?")[0]
    return {"/accounts/login/": "L", "/admin/login/": "A", "/begin/": "b"}.get(path, ">")


def sent(client: Client, method: str, url: str, route: str) -> tuple[str, str]:
    """Send one request, take back whatever it did, and return the outcome and the body."""
    with transaction.atomic():
        typed = POSTED.get(route, {"forged": "yes"})
        response = client.get(url) if method == "GET" else client.post(url, typed)
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    return outcome(response), body.decode(errors="replace")


# Django's own admin forms for links warn of Django 6.
@pytest.mark.filterwarnings("ignore:The default scheme will be changed")
@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=[pytest.mark.once] * (role not in SEEING)) for role in ROLES]
)
def test_everybody_gets_what_the_table_says(
    role: str, case: Onboarding, everybody: dict[str, User | None]
) -> None:
    from tests.people import BACKEND

    client, user = Client(), everybody[role]
    if user is not None:
        client.force_login(user, backend=BACKEND)  # a session that was not asked again who it is
    cookies = copy.deepcopy(client.cookies)
    column, wrong, told = ROLES.index(role), [], []
    known_things = things(case, everybody)
    for route in ALL_ROUTES:
        url = address(route, case, known_things)
        for method, cells in zip(("GET", "POST"), ACCESS.get(route, ("?" * 8, "?" * 8)), strict=True):
            client.cookies = copy.deepcopy(cookies)  # whoever signs out is signed in again
            got, body = sent(client, method, url, route)
            if got != cells[column]:
                wrong.append(f"{method} {route}: {got}, not {cells[column]}")
            if role in ("anonymous", "outsider", "ungrouped") and route not in TELLS:
                told += [f"{method} {route}: {secret}" for secret in SECRETS if secret in body]
    assert wrong == []
    assert told == []


def test_groups_are_those_of_the_table(db: None) -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {"Reviewers", "Program managers"}
