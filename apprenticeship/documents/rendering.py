"""From a document's facts to HTML and PDF. Nothing else knows the engine."""

import atexit
import hashlib
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from apprenticeship.documents import kinds
from apprenticeship.documents.cleaning import clean
from apprenticeship.documents.enclosures import Enclosure, pictures, shown
from apprenticeship.documents.fetching import fetcher_class
from apprenticeship.documents.models import Document

STYLE_SHEET = "static:css/paper.css"
HEADING, DEEPEST = re.compile(r"(</?h)([1-6])\b"), 6


class Printed(NamedTuple):
    """A PDF and its number of pages."""

    content: bytes
    pages: int


@dataclass(frozen=True, slots=True)
class Engine:
    """What every paper of a process shares: the fetcher, the fonts and the parsed style sheet."""

    html: Any
    fetcher: Any
    fonts: Any
    style_sheet: Any


@cache
def _engine() -> Engine:
    """Load WeasyPrint once per process: parsing fonts and styles costs a seventh of a paper."""
    from weasyprint import CSS, HTML  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    # Its messages quote addresses and words of the paper, which no log may hold.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    fetcher, fonts = fetcher_class()(), FontConfiguration()
    style_sheet = CSS(url=STYLE_SHEET, url_fetcher=fetcher, font_config=fonts)
    # The fonts' folder is removed while Python can still do it.
    atexit.register(_engine.cache_clear)
    return Engine(html=HTML, fetcher=fetcher, fonts=fonts, style_sheet=style_sheet)


def preload() -> None:
    """Load engine, fonts and styles now: a worker's parent does so once for all its children."""
    _engine()


def body_html(kind: str, data: dict[str, Any], *, lowered: int = 0) -> SafeString:
    """Return the part of a paper that screen and PDF share, from the facts it prints.

    `lowered`: how many levels deeper its headings go, on a page that has others above the paper's own title.
    """
    html = render_to_string(kinds.body_template(kind), kinds.context(kind, clean(data)))
    return _with_lower_headings(html, lowered) if lowered else html


def _with_lower_headings(html: SafeString, by: int) -> SafeString:
    """Return a paper with its headings `by` levels deeper: what people typed is escaped, so the tags are our own."""
    deeper = HEADING.sub(lambda tag: f"{tag[1]}{min(int(tag[2]) + by, DEEPEST)}", html)
    return mark_safe(deeper)  # noqa: S308 - it was safe before


def render_html(document: Document, *, for_screen: bool = False) -> str:
    """Return the whole paper as a page of its own, or as an article for a page of the portal."""
    context = kinds.context(document.kind, clean(document.data)) | {"document": document}
    if for_screen:
        return render_to_string(
            "documents/screen.html", context | {"body": kinds.body_template(document.kind)}
        )
    return render_to_string(kinds.template(document.kind), context | {"shown": shown(document.data)})


def print_html(html: str, enclosed: Iterable[Enclosure] = ()) -> Printed:
    """Return a tagged PDF (PDF/UA-1) with subsets of our fonts; the same HTML and files give the same bytes."""
    engine, enclosed = _engine(), list(enclosed)
    fetcher = fetcher_class()(pictures(enclosed))
    laid_out = engine.html(string=html, url_fetcher=fetcher, media_type="print").render(
        font_config=engine.fonts, stylesheets=[engine.style_sheet], pdf_variant="pdf/ua-1", pdf_tags=True
    )
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    content = laid_out.write_pdf(
        pdf_variant="pdf/ua-1",
        pdf_tags=True,
        pdf_identifier=identifier,
        attachments=[_attachment(engine, row) for row in enclosed],
    )
    return Printed(content, len(laid_out.pages))


def _attachment(engine: Engine, enclosure: Enclosure) -> Any:
    from weasyprint import Attachment  # noqa: PLC0415

    name, description, content, at, _pages = enclosure
    return Attachment(
        file_obj=BytesIO(content),
        url_fetcher=engine.fetcher,
        name=name,
        description=description,
        created=at,
        modified=at,
        relationship="Source",
    )


def render_pdf(html: str) -> bytes:
    """Return the PDF of `html`."""
    return print_html(html).content
