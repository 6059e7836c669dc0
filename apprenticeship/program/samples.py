"""Make the sample program documents that a demonstration starts with."""

import tomllib
from typing import Any, NoReturn

from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.utils import timezone
from weasyprint import HTML

from .models import Program, ProgramDocument
from .seeds import DATA


def create_sample_documents() -> list[ProgramDocument]:
    """Return the sample documents, made and published where they are missing. Writes PDF files."""
    with (DATA / "sample_documents.toml").open("rb") as file:
        documents = tomllib.load(file)["document"]
    return [_document(values, position=number * 10) for number, values in enumerate(documents, start=1)]


def _document(values: dict[str, Any], *, position: int) -> ProgramDocument:
    key = {"kind": values["kind"], "version": values["version"]}
    existing = ProgramDocument.objects.filter(**key).first()
    if existing:
        return existing
    document = ProgramDocument(
        **key, title=values["title"], summary=values["summary"], is_sample=True, position=position
    )
    document.file.save("sample.pdf", ContentFile(sample_pdf(values)), save=False)
    document.published_at = timezone.now()
    document.full_clean()
    document.save()
    return document


def sample_pdf(values: dict[str, Any]) -> bytes:
    """Return a tagged PDF of the title and its [heading, text] sections, marked as a sample."""
    html = render_to_string(
        "program/sample_document.html", {"document": values, "program": Program.objects.current()}
    )
    pdf: bytes = HTML(string=html, url_fetcher=_refuse).write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def _refuse(url: str, *args: Any, **kwargs: Any) -> NoReturn:
    """Open nothing: the samples have no pictures, fonts or styles of their own."""
    raise ValueError(f"Sample documents load nothing, not even {url}")
