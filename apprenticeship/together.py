"""Read several short lists in one statement: one round trip, and all lists of one moment.

Each list is a subquery that gives its rows as JSON, like `ArraySubquery` of `django.contrib.postgres`, here on SQLite
too. For lists of tens of rows: every column is read, and every value goes through JSON.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.utils import timezone

AS_JSON = {
    "sqlite": "(SELECT json_group_array(json_array({columns})) FROM ({rows}) listed)",
    "postgresql": "(SELECT COALESCE(json_agg(json_build_array({columns})), '[]')::text FROM ({rows}) listed)",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A list's statement as text for the database, with its values: writing it takes longer than running it."""

    model: type[models.Model]
    fields: tuple[Any, ...]
    sql: str
    values: tuple[Any, ...]


def prepare(rows: models.QuerySet[Any]) -> Prepared:
    """Write a queryset's statement. It may filter, order, slice and defer; annotations and joined rows are not read."""
    connection = connections[DEFAULT_DB_ALIAS]
    sql, values = rows.query.get_compiler(connection=connection).as_sql()
    fields = _loaded(rows)
    columns = ", ".join(f"listed.{connection.ops.quote_name(field.column)}" for field in fields)
    listed = AS_JSON[connection.vendor].format(columns=columns, rows=sql)
    return Prepared(rows.model, fields, listed, tuple(values))


def read_prepared(lists: Mapping[str, Prepared], keys: Mapping[Any, Any]) -> dict[str, list[Any]]:
    """Return the rows of each list as instances of its model, all read in one statement.

    `keys` says which values of the statements stand for others now.
    """
    values = [keys.get(value, value) for rows in lists.values() for value in rows.values]
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(rows.sql for rows in lists.values())}", values)
        found = cursor.fetchone()
    return {
        name: [_instance(rows, line) for line in json.loads(lines)]
        for (name, rows), lines in zip(lists.items(), found, strict=True)
    }


def read_together(**lists: models.QuerySet[Any]) -> dict[str, list[Any]]:
    """Return the rows of each queryset as a list of its model's instances, all read in one statement."""
    return read_prepared({name: prepare(rows) for name, rows in lists.items()}, {})


def attach(owner: models.Model, name: str, rows: list[Any]) -> None:
    """Let `owner.<name>.all()` give these rows without a query, as after prefetch_related."""
    found = getattr(owner, name).all()
    found._result_cache, found._prefetch_done = rows, True
    known: dict[str, Any] = vars(owner).setdefault("_prefetched_objects_cache", {})
    known[name] = found


def _loaded(rows: models.QuerySet[Any]) -> tuple[Any, ...]:
    """Return the fields that a queryset reads: all, or what only() and defer() leave."""
    names, are_deferred = rows.query.deferred_loading
    return tuple(
        field for field in rows.model._meta.concrete_fields if (field.name in names) is not are_deferred
    )


def _instance(rows: Prepared, line: list[Any]) -> Any:
    values = [_value(field, value) for field, value in zip(rows.fields, line, strict=True)]
    return rows.model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in rows.fields], values)


def _value(field: Any, value: Any) -> Any:
    """Return a value from JSON as the database's own driver would have given it."""
    value = field.to_python(value)
    if isinstance(value, Decimal):
        return value.quantize(Decimal(1).scaleb(-field.decimal_places))
    if isinstance(value, dt.datetime) and timezone.is_naive(value):
        return timezone.make_aware(value, dt.UTC)  # SQLite stores UTC without saying so
    return value
