"""Settings tell every change of theirs: who, which field, from what to what."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
from apprenticeship.program.models import FundingFact, MinimumWage, Program
from apprenticeship.records.historied import Historied
from apprenticeship.records.history import Answer, changed, line
from apprenticeship.records.models import Change, Event
from tests.pages import Page, visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> User:
    return person("manager@example.org", "Terrence Blake", staff=MANAGERS)


def history_of(user: User, row: Any) -> Page:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_history"
    return visit(browser(user), reverse(name, args=[row.pk]))


def save(user: User, row: Any, **typed: Any) -> Page:
    """Change a row on its admin page and save it."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    client, address = browser(user), reverse(name, args=[row.pk])
    buttons = ("_save", "_continue", "_addanother", "_saveasnew")
    fields = {key: value for key, value in visit(client, address).fields().items() if key not in buttons}
    fields |= typed
    return Page(client.post(address, fields, follow=True))


def test_program_figures_tell_old_and_new(manager: User) -> None:
    program = Program.objects.current()
    before = program.term_hours
    save(manager, program, term_hours="4160", contact_phone="555-555-0199", sponsor_program_number="")
    page = history_of(manager, program)
    assert page.words("//ol/li/b") == ["Program changed"]
    lines = page.words("//ol/li/ul/li")
    (told,) = [text for text in lines if "4160" in text]
    assert told.endswith(f"changed from “{before}” to “4160”.")
    assert "Terrence Blake" in page.words("//ol/li")[0]
    event = Event.objects.get(verb="setting_changed")
    assert (event.chain_id, event.user, event.subject) == ("program", manager, program)
    assert "term_hours" in event.data["fields"]


def test_save_without_a_change_leaves_nothing(manager: User) -> None:
    save(manager, Program.objects.current())
    assert Event.objects.filter(verb="setting_changed").count() == 0


def test_added_row_tells_what_it_says(manager: User) -> None:
    address = reverse("admin:program_fundingfact_add")
    typed = {
        "title": "A state grant", "text": "Pays half.", "states": "MN", "source_name": "DEED",
        "source_url": "https://example.org/", "verified_on": "2026-11-01", "order": "9",
    }  # fmt: skip
    answer = browser(manager).post(address, typed)
    assert answer.status_code == 302, answer.content.decode()
    page = history_of(manager, FundingFact.objects.get(title="A state grant"))
    assert page.words("//ol/li/b") == ["Funding fact added"]
    assert "Verified on set to “Nov 1, 2026”." in page.words("//ol/li/ul/li")


def test_minimum_wage_tells_its_rate(manager: User) -> None:
    wage = MinimumWage.objects.create(
        jurisdiction="GU", rate=Decimal("11.41"), effective_from=dt.date(2027, 2, 1), source_name="DLI",
        source_url="https://example.org/", verified_on=dt.date(2026, 11, 1), known_through=dt.date(2027, 12, 31),
    )  # fmt: skip
    save(manager, wage, rate="11.51")
    page = history_of(manager, wage)
    assert page.words("//ol/li/b") == ["Minimum wage changed"]
    (told,) = [text for text in page.words("//ol/li/ul/li") if "11.51" in text]
    assert told.endswith("changed from “11.41” to “11.51”.")


def test_roles_tell_groups_and_keep_no_name_or_address() -> None:
    head = person("super@example.org", "Sue Per")
    User.objects.filter(pk=head.pk).update(is_staff=True, is_superuser=True)
    head.refresh_from_db()
    somebody = person("casey@example.org", "Casey Field")
    group = Group.objects.get(name=REVIEWERS)
    address = reverse("admin:accounts_user_change", args=[somebody.pk])
    typed = {"email": "new@example.org", "name": "Casey Fielding", "is_staff": "on", "is_active": "on"}
    assert browser(head).post(address, typed | {"groups": [group.pk]}).status_code == 302
    page = history_of(head, somebody)
    assert page.words("//ol/li/ul/li") == [
        "E-mail address changed; what it says is not kept here.",
        "Full name changed; what it says is not kept here.",
        "AAMI staff changed from “no” to “yes”.",
        "Groups set to “Reviewers”.",
    ]
    assert {row.after for row in Change.objects.filter(field__in=("email", "name"))} == {""}


def test_address_changed_by_a_superuser_is_told_and_not_kept() -> None:
    head = person("super@example.org", "Sue Per")
    User.objects.filter(pk=head.pk).update(is_staff=True, is_superuser=True)
    head.refresh_from_db()
    address = person("casey@example.org", "Casey Field").emailaddress_set.get()
    save(head, address, verified="", email="new@example.org")
    assert history_of(head, address).words("//ol/li/ul/li") == [
        "E-mail address changed; what it says is not kept here.",
        "Verified changed from “yes” to “no”.",
    ]


def test_every_history_reads_as_sentences() -> None:
    others = [row for row in admin.site._registry.values() if not isinstance(row, Historied)]
    assert others == []


def test_password_set_by_a_superuser_is_told() -> None:
    head = person("super@example.org", "Sue Per")
    User.objects.filter(pk=head.pk).update(is_staff=True, is_superuser=True)
    somebody = person("casey@example.org", "Casey Field")
    new = "another-long-pass-2026"
    typed = {"password1": new, "password2": new, "set-password": "1", "usable_password": "true"}
    address = reverse("admin:auth_user_password_change", args=[somebody.pk])
    assert browser(User.objects.get(pk=head.pk)).post(address, typed).status_code == 302
    assert Event.objects.get(verb="password_set").subject == somebody


def test_changes_compare_by_key_and_tell_the_newer_label() -> None:
    before = [Answer("a", "Row 1", "x"), Answer("b", "Row 2", "y"), Answer("c", "Row 3", "z")]
    after = [Answer("b", "Row 1", "y"), Answer("c", "Row 2", "Z"), Answer("d", "Row 3", "new")]
    rows = [(row.field, row.label, row.before, row.after) for row in changed(before, after)]
    assert rows == [("c", "Row 2", "z", "Z"), ("d", "Row 3", "", "new"), ("a", "Row 1", "x", "")]


def test_long_text_is_folded_away() -> None:
    told = line("preamble", "a" * 121, "b")
    assert (told.sentence, told.before, told.after) == ("Preamble changed.", "a" * 121, "b")
