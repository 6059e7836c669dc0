"""What the data of an event say, in words: ids become links or names, codes become labels.

An app says what it keeps under a key by `teach`; what nobody has taught is read out. The log itself stays as it was
written: what is shown here is looked up now.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

logger = logging.getLogger(__name__)

# What is said of an event's value, "" for nothing.
Says = Callable[[Any, Any], "StrOrPromise"]
HASH_SHOWN = 12
# What a value that nobody expected makes of words that were written for others.
UNSAYABLE = (ArithmeticError, AttributeError, LookupError, NoReverseMatch, TypeError, ValueError)


def rows(event: Any, value: int) -> str:
    """Say how many rows a list had."""
    return ngettext("%(n)s row", "%(n)s rows", value) % {"n": value}


def list_of(event: Any, value: str) -> str:
    """Name the list of a model."""
    return str(apps.get_model(value)._meta.verbose_name_plural)


def changed_fields(event: Any, value: Any) -> str:
    """Name the fields that changed; their values stand in the history."""
    return ", ".join(change.label for change in event.changes.all()) or ", ".join(value)


_FACTS: dict[str, Says] = {
    "changes": lambda event, value: ", ".join(name.replace("_", " ") for name in value),
    "factors": lambda event, value: _("factors: %(n)s") % {"n": value},
    "fields": changed_fields,
    "filters": lambda event, value: _("filtered by %(names)s") % {"names": ", ".join(value)} if value else "",
    "list": list_of,
    "mail": lambda event, value: value.replace("_", " "),
    "rows": rows,
    "sha256": lambda event, value: f"SHA-256 {value[:HASH_SHOWN]}…",
    "version": lambda event, value: _("version %(version)s") % {"version": value},
}


_NAMED: list[Callable[[QuerySet[Any]], QuerySet[Any]]] = []


def teach(facts: Mapping[str, Says]) -> None:
    """Let an app say what it keeps under a key."""
    _FACTS.update(facts)


def name_with(with_names: Callable[[QuerySet[Any]], QuerySet[Any]]) -> None:
    """Let an app add the names to events that its facts need."""
    _NAMED.append(with_names)


def named(events: QuerySet[Any]) -> QuerySet[Any]:
    """Return the events with all that `details` needs."""
    for with_names in _NAMED:
        events = with_names(events)
    return events.select_related("subject_type").prefetch_related("changes")


def details(event: Any) -> SafeString:
    """Return the facts of an event on one line, as HTML; "–" for none."""
    said = [conditional_escape(fact) for fact in _facts(event) if fact]
    return mark_safe("; ".join(said) or "–")  # noqa: S308 - each part is escaped


def link(name: str, pk: Any, words: "StrOrPromise") -> SafeString:
    """Return these words as a link to an address."""
    return format_html('<a href="{}">{}</a>', reverse(name, args=[pk]), words)


def _facts(event: Any) -> Iterator["StrOrPromise"]:
    for key, value in event.data.items():
        plain = f"{key.replace('_', ' ')}: {value}"
        if key not in _FACTS:
            yield plain
            continue
        try:
            yield _FACTS[key](event, value)
        except UNSAYABLE as error:  # the log is never rewritten: it must read on, whatever an event keeps
            logger.warning("Not said of %s: %s (%s)", event.verb, key, type(error).__name__)
            yield plain
