"""Read several short lists in one statement: one round trip, and all lists of one moment.

Each list is a subquery that gives its rows as JSON, like `ArraySubquery` of `django.contrib.postgres`, here on SQLite
too. For lists of tens of rows: every column is read, and every value goes through JSON.
"""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.utils import timezone

AS_JSON = {
    "sqlite": "(SELECT json_group_array(json_array({columns})) FROM ({rows}) listed)",
    "postgresql": "(SELECT COALESCE(json_agg(json_build_array({columns})), '[]')::text FROM ({rows}) listed)",
}


def read_together(**lists: models.QuerySet[Any]) -> dict[str, list[Any]]:
    """Return the rows of each queryset as a list of its model's instances, all read in one statement.

    A queryset may filter, order and slice; annotations and joined rows are not read.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    subqueries, values = [], []
    for rows in lists.values():
        sql, params = rows.query.get_compiler(connection=connection).as_sql()
        names = (connection.ops.quote_name(field.column) for field in rows.model._meta.concrete_fields)
        columns = ", ".join(f"listed.{name}" for name in names)
        subqueries.append(AS_JSON[connection.vendor].format(columns=columns, rows=sql))
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(subqueries)}", values)
        found = cursor.fetchone()
    return {
        name: [_instance(rows.model, line) for line in json.loads(lines)]
        for (name, rows), lines in zip(lists.items(), found, strict=True)
    }


def attach(owner: models.Model, name: str, rows: list[Any]) -> None:
    """Let `owner.<name>.all()` give these rows without a query, as after prefetch_related."""
    found = getattr(owner, name).all()
    found._result_cache, found._prefetch_done = rows, True
    known: dict[str, Any] = vars(owner).setdefault("_prefetched_objects_cache", {})
    known[name] = found


def _instance(model: type[models.Model], line: list[Any]) -> Any:
    fields = model._meta.concrete_fields
    values = [_value(field, value) for field, value in zip(fields, line, strict=True)]
    return model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)


def _value(field: Any, value: Any) -> Any:
    """Return a value from JSON as the database's own driver would have given it."""
    value = field.to_python(value)
    if isinstance(value, Decimal):
        return value.quantize(Decimal(1).scaleb(-field.decimal_places))
    if isinstance(value, dt.datetime) and timezone.is_naive(value):
        return timezone.make_aware(value, dt.UTC)  # SQLite stores UTC without saying so
    return value
