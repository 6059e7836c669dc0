"""Papers beside naive WeasyPrint on the same HTML: seconds of processor time."""

import gc
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from apprenticeship.celery import load_the_engine
from apprenticeship.documents import kinds, rendering
from apprenticeship.documents.fetching import fetcher_class, font_files
from apprenticeship.documents.models import Document
from tests.bench import table

ROUNDS = 21
VARIANT = "pdf/ua-1"


def measure() -> None:
    """Print what each kind of paper costs, in a process that is prepared as a worker is."""
    load_the_engine()
    rows = []
    for kind in (kinds.AGREEMENT, kinds.WAGE_SCHEDULE, kinds.SUMMARY):
        document = Document.objects.filter(kind=kind).order_by("created_at").last()
        assert document
        html = rendering.render_html(document)
        pages = rendering.print_html(html).pages
        ways = (
            lambda html=html: rendering.print_html(html),
            lambda html=html: own_fetcher(html),
            lambda html=html: naive(html),
        )
        ours, fetcher, plain = medians(*ways)
        figures = (
            f"{ours:.3f}",
            f"{fetcher:.3f}",
            f"{ours / fetcher:.2f}",
            f"{plain:.3f}",
            f"{ours / plain:.2f}",
        )
        rows.append((kind, pages, *figures))
    head = ("paper", "pages", "ours s", "own fetcher, no caches s", "ratio", "naive s", "ratio")
    table.show(f"Papers, median of {ROUNDS}, processor time", head, rows)


def medians(*ways: Callable[[], Any]) -> list[float]:
    """Return the median seconds of each way; they take turns.

    Garbage is collected before each, so that none pays for what the ways before it left.
    """
    samples: list[list[float]] = [[] for _way in ways]
    for _round in range(ROUNDS):
        for way, sample in zip(ways, samples, strict=True):
            gc.collect()
            started = time.process_time()
            way()
            sample.append(time.process_time() - started)
    return [statistics.median(sample) for sample in samples]


def own_fetcher(html: str) -> bytes:
    """Print with our fetcher, but parse fonts and styles anew, as WeasyPrint's tutorial does."""
    fetcher, fonts = fetcher_class()(), FontConfiguration()
    style = CSS(url=rendering.STYLE_SHEET, url_fetcher=fetcher, font_config=fonts)
    return bytes(
        HTML(string=html, url_fetcher=fetcher).write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant=VARIANT
        )
    )


def naive(html: str) -> bytes:
    """Print with WeasyPrint's own fetcher from files."""
    fonts, found = FontConfiguration(), finders.find("css/paper.css")
    style = CSS(string=as_files(Path(str(found)).read_text()), font_config=fonts)
    return bytes(
        HTML(string=as_files(html)).write_pdf(stylesheets=[style], font_config=fonts, pdf_variant=VARIANT)
    )


def as_files(text: str) -> str:
    """Return text whose `font:` and `static:` addresses are files."""
    for name, path in font_files().items():
        text = text.replace(f"font:{name}", path.as_uri())
    return text.replace("static:", f"{Path('static').resolve().as_uri()}/")
