"""Tables inside a row that staff read."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def table(heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> SafeString:
    """Return a table; the first cell of each row is its heading."""
    head = format_html_join("", '<th scope="col">{}</th>', ((text,) for text in heads))
    body = format_html_join("", "<tr>{}</tr>", ((_cells(row),) for row in rows))
    return format_html(
        '<table class="desk-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', head, body
    )


def _cells(row: Sequence[Any]) -> SafeString:
    first = format_html('<th scope="row">{}</th>', row[0])
    return first + format_html_join("", "<td>{}</td>", ((cell,) for cell in row[1:]))
