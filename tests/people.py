"""People who sign in, for tests."""

import time

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.test import Client

from apprenticeship.accounts.models import User
from employers.models import Employer, Membership, Role

BACKEND = "employers.sign_in.SeatBackend"
PASSWORD = "a-long-test-pass-2026"


def person(email: str, name: str = "Alex Doe", *, staff: str = "", pk: int | None = None) -> User:
    """Return a user with a confirmed address; `staff` names their group."""
    user = User.objects.create_user(email, PASSWORD, pk=pk, name=name, is_staff=bool(staff))
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if staff:
        user.groups.add(Group.objects.get(name=staff))
    return user


def colleague_of(employer: Employer, role: Role) -> User:
    """Return another person with a seat at an employer."""
    user = person(f"{role}-{User.objects.count()}@example.org", f"Casey {role.label}")
    Membership.objects.create(employer=employer, user=user, role=role)
    return user


def browser(user: User) -> Client:
    """Return a client that is signed in and was asked again just now."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client
