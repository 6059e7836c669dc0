"""What the admin makes of models' names: titles, counts, kinds and filters that read as words."""

import io
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile

from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import MANAGERS
from apprenticeship.program.admin.program import OneRow
from apprenticeship.program.models import ProgramDocument
from apprenticeship.program.samples import create_sample_documents
from apprenticeship.records.admin import ReadOnlyAdmin
from tests.pages import Page
from tests.people import browser, person

pytestmark = pytest.mark.django_db
DOCUMENTS = "/admin/program/programdocument/"


@pytest.fixture
def manager(settings: Any, tmp_path: Any) -> User:
    settings.MEDIA_ROOT = tmp_path
    create_sample_documents()
    return person("manager@example.org", "Terrence Blake", staff=MANAGERS)


def test_no_title_repeats_its_verb_and_every_count_has_a_plural() -> None:
    for model, page in admin.site._registry.items():
        name, plural = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
        assert isinstance(page, ReadOnlyAdmin) or name.split()[0] not in ("change", "add", "delete"), name
        assert name != plural or isinstance(page, OneRow), name


def test_kinds_of_program_documents_and_their_filter_are_words(manager: User) -> None:
    client = browser(manager)
    page = Page(client.get(DOCUMENTS))
    kinds = ["National standards", "Training objectives", "EEO pledge"]
    assert page.words("//td[contains(@class, 'field-kind_name')]") == kinds
    choices = page.words("//details[@data-filter-title='kind']//li")
    assert choices == ["All", "EEO pledge", "National standards", "Training objectives"]
    assert page.words("//details[@data-filter-title='published']//li") == ["All", "Drafts", "Published"]
    only = Page(client.get(DOCUMENTS, {"kind": "eeo-pledge"}))
    assert only.words("//td[contains(@class, 'field-kind_name')]") == ["EEO pledge"]
    assert Page(client.get(DOCUMENTS, {"published_at__isempty": "1"})).words("//tbody/tr") == []


def test_staff_open_the_pdf_of_a_version_and_of_a_draft(manager: User) -> None:
    client = browser(manager)
    old = ProgramDocument.objects.get(kind="national-standards")
    page = Page(client.get(f"{DOCUMENTS}{old.pk}/change/"))
    assert page.words("//div[contains(@class, 'field-kind_name')]//div[@class='readonly']")[0] == (
        "National standards"
    )
    [link] = page.tree.xpath("//div[contains(@class, 'field-paper')]//a/@href")
    draft = ProgramDocument(kind=old.kind, version=2, title="Standards of 2027")
    draft.file.save("new.pdf", ContentFile(b"%PDF-1.7 draft"))
    form = Page(client.get(f"{DOCUMENTS}{draft.pk}/change/"))
    [upload] = form.tree.xpath("//p[@class='file-upload']//a")
    assert upload.text == "standards-of-2027-v2.pdf"
    read = [io.BytesIO(client.get(url).getvalue()).read(4) for url in (link, upload.get("href"))]
    assert read == [b"%PDF", b"%PDF"]
    linked = ProgramDocument.objects.create(kind="linked", version=1, title="A", link="https://example.org/a")
    assert client.get(f"{DOCUMENTS}{linked.pk}/file/").status_code == 404
