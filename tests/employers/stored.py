"""Sample employers that walk once a process: later tests get what that walk left laid back.

A walk makes hundreds of queries. All that it could read (every row that was there, the hospital, the day, the very
moment where a test stops the clock, the test's own settings) is the key under which its rows, files and mails are
kept: a test that starts from anything else walks for itself. What is laid back is minutes old, and never so old that
the portal would take it for stuck.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import time_machine
from django.apps import apps
from django.conf import UserSettingsHolder, settings
from django.core import mail
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.records.models.queue import STUCK_AFTER
from apprenticeship.records.queues import work_off_everything
from employers.models import Onboarding
from employers.onboarding import State
from employers.samples.hospitals import Hospital
from employers.samples.journey import Journey
from tests.records.database import fetched

Row = tuple[Any, ...]
Rows = dict[type[Model], dict[Any, Row]]  # by model and primary key
# What differs from test to test though no walk reads it.
UNREAD_TABLES = {"account_emailaddress", "accounts_user_groups", "django_session", "usersessions_usersession"}
UNREAD_COLUMNS = {
    "accounts_user": {"password", "last_login", "date_joined"},
    "program_programdocument": {"file", "published_at", "created_at"},
}


UNREAD_SETTINGS = {"MEDIA_ROOT"}
# Rows are dated by the server's day and the employer's.
ZONES = (dt.UTC, ZoneInfo("America/Chicago"))
OLDEST = STUCK_AFTER * 0.8


class Change(NamedTuple):
    """What a walk did to one table."""

    removed: list[Any]
    put: list[Row]


class Left(NamedTuple):
    """What a walk left behind."""

    rows: dict[type[Model], Change]
    files: dict[str, bytes]  # by path in the media folder
    mails: list[Any]


_walks: dict[Any, Left] = {}


class StoredJourney(Journey):
    """One sample employer on its way, by the rows of an earlier walk where there is one."""

    def __init__(self, hospital: Hospital, owner: User, reviewer: User, manager: User) -> None:
        self.hospital, self.owner, self.reviewer, self.manager = hospital, owner, reviewer, manager
        walk(("founded", hospital.name), lambda: Journey(hospital, owner, reviewer, manager))
        self.onboarding = Onboarding.objects.select_related("employer").get(employer__memberships__user=owner)

    def to(self, state: State) -> Onboarding:
        """Return the onboarding in `state`."""
        self.once(str(state), lambda: super(StoredJourney, self).to(state))
        return self.onboarding

    def build_wages(self) -> None:
        """Step 6, first half."""
        self.once("wages built", super().build_wages)

    def work_off(self) -> None:
        """Let the worker do all that waits: papers are made and sealed, mails are sent."""
        self.once("worked off", work_off_everything)

    def once(self, what: str, go: Callable[[], object]) -> None:
        """Do something to this employer, or lay back what it left when it was done from here before."""
        walk((what, self.hospital.name), go)
        self.onboarding = Onboarding.objects.select_related("employer").get(pk=self.onboarding.pk)


def walk(where: tuple[str, str], go: Callable[[], object]) -> None:
    """Bring the database, the media folder and the outbox to where `go` brings them."""
    if not _is_repeatable():
        go()
        return
    with connection.cursor() as cursor:
        before = _all_rows(cursor)
        key = (where, _when(), _own_settings(), _what_is_read(before))
        if key in _walks:
            _lay(cursor, _walks[key])
            return
        files, sent = _files(), len(mail.outbox)
        go()
        new = {path: path.read_bytes() for path in _files() - files}
        _walks[key] = Left(
            _changes(before, _all_rows(cursor)),
            {str(path.relative_to(settings.MEDIA_ROOT)): content for path, content in new.items()},
            mail.outbox[sent:],
        )


def _is_repeatable() -> bool:
    """Whether the test is rolled back."""
    return bool(connection.in_atomic_block)


def _when() -> tuple[object, ...]:
    """Return the moment by a test's own clock, else the days it is in the United States and the part of the hour."""
    now = timezone.now()
    if time_machine.escape_hatch.is_travelling():
        return (now,)
    return (*(now.astimezone(zone).date() for zone in ZONES), now.timestamp() // OLDEST.total_seconds())


def _own_settings() -> str:
    """Return the settings that the test has changed."""
    holder, own = settings._wrapped, []
    while isinstance(holder, UserSettingsHolder):
        own.append(sorted((name, repr(value)) for name, value in vars(holder).items() if _is_read(name)))
        holder = holder.default_settings
    return repr(own)


def _is_read(name: str) -> bool:
    return name.isupper() and name not in UNREAD_SETTINGS


def _files() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def _all_rows(cursor: CursorWrapper) -> Rows:
    """Return the rows of every table that a walk could read; which tables have any is one question."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table not in UNREAD_TABLES
    ]
    tables = [_quoted(model._meta.db_table) for model in models]
    cursor.execute("SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables))
    filled = zip(models, cursor.fetchone(), strict=True)
    return {model: _rows_of(cursor, model) if has_rows else {} for model, has_rows in filled}


def _rows_of(cursor: CursorWrapper, model: type[Model]) -> dict[Any, Row]:
    columns = _columns(model)
    place = columns.index(model._meta.pk.column)
    cursor.execute(f"SELECT {_listed(columns)} FROM {_quoted(model._meta.db_table)}")
    return {row[place]: row for row in sorted(fetched(cursor), key=lambda row: str(row[place]))}


def _what_is_read(rows: Rows) -> int:
    """Return a hash of all that a walk could depend on."""
    return hash(
        tuple((model._meta.db_table, tuple(_read_in(model, found).values())) for model, found in rows.items())
    )


def _read_in(model: type[Model], rows: dict[Any, Row]) -> dict[Any, Row]:
    """Return of each row what a walk could read, by primary key."""
    unread = UNREAD_COLUMNS.get(model._meta.db_table, set())
    read = [place for place, column in enumerate(_columns(model)) if column not in unread]
    return {key: tuple(str(row[place]) for place in read) for key, row in rows.items()}


def _changes(before: Rows, after: Rows) -> dict[type[Model], Change]:
    changes = {}
    for model, rows in after.items():
        old, new = _read_in(model, before[model]), _read_in(model, rows)
        removed = [key for key in old if new.get(key) != old[key]]
        put = [row for key, row in rows.items() if old.get(key) != new[key]]
        if put or removed:
            changes[model] = Change(removed, put)
    return changes


def _lay(cursor: CursorWrapper, left: Left) -> None:
    for name, content in left.files.items():
        path = Path(settings.MEDIA_ROOT, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    mail.outbox += left.mails
    for model, change in left.rows.items():
        table, columns = _quoted(model._meta.db_table), _columns(model)
        if change.removed:
            places = ", ".join(["%s"] * len(change.removed))
            cursor.execute(
                f"DELETE FROM {table} WHERE {_quoted(model._meta.pk.column)} IN ({places})", change.removed
            )
        one = f"({', '.join(['%s'] * len(columns))})"
        for row in change.put:
            cursor.execute(f"INSERT INTO {table} ({_listed(columns)}) VALUES {one}", row)


def _columns(model: type[Model]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(map(_quoted, columns))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
