"""Words that candidates wrote about their experience: full text on PostgreSQL, plain text elsewhere."""

import re

from django.db import connection, models
from django.db.models.expressions import RawSQL

from apprentices.models import Candidate

MOST = 8  # words of one search


def asked(typed: str) -> list[str]:
    """Return the words of what somebody typed."""
    return re.findall(r"\w[\w'’-]*", typed)


def finds_nobody(words: list[str]) -> bool:
    """Tell whether these words are all too common to be kept for a search, as PostgreSQL's English has it."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT numnode(plainto_tsquery('english', %s))", [" ".join(words)])
        return bool(cursor.fetchone()[0] == 0)


def containing(
    candidates: "models.QuerySet[Candidate]", typed: str, *, region: int | None, state: str
) -> "models.QuerySet[Candidate]":
    """Return those whose own words contain every word typed.

    On PostgreSQL words are compared by their stem, and region and state stand in the same index (migration 0005),
    so that one look-up answers all three.
    """
    words = asked(typed)[:MOST]
    if not words:
        return candidates
    if connection.vendor == "postgresql":
        places = [f"xregion{region}" if region else "", f"xstate{state.lower()}" if state else ""]
        where = " & ".join(filter(None, places))
        query, params = "plainto_tsquery('english', %s)", [" ".join(words)]
        if where:
            query, params = f"({query} && to_tsquery('simple', %s))", [*params, where]
        column = f'"{Candidate._meta.db_table}"."words"'
        condition = RawSQL(f"{column} @@ {query}", params, output_field=models.BooleanField())  # noqa: S611 - no typed text in it
        return candidates.filter(condition)
    for word in words:
        candidates = candidates.filter(about__icontains=word)
    return candidates
