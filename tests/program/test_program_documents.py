from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from apprenticeship.program.models import ProgramDocument
from apprenticeship.program.models.program_document import PDF_BYTES_MAX
from apprenticeship.program.models.publishing import PublishedVersionIsFixed
from apprenticeship.program.samples import create_sample_documents

pytestmark = pytest.mark.django_db


def document(**values) -> ProgramDocument:
    defaults = {"kind": "standards", "version": 1, "title": "Standards", "link": "https://example.org/s.pdf"}
    return ProgramDocument(**{**defaults, **values})


def published(**values) -> ProgramDocument:
    row = document(published_at=timezone.now() - timedelta(days=1), **values)
    row.save()
    return row


def test_current_is_the_newest_published_version_of_each_kind():
    published(version=1)
    second = published(version=2)
    document(version=3).save()  # a draft
    published(version=4, retired_at=timezone.now())
    document(version=5, published_at=timezone.now() + timedelta(days=1)).save()
    pledge = published(kind="pledge", is_required=False, position=20)

    assert list(ProgramDocument.objects.current()) == [second, pledge]
    assert list(ProgramDocument.objects.required()) == [second]


def test_required_asks_the_newest_version_whether_it_is_required():
    published(version=1, is_required=True)
    published(version=2, is_required=False)

    assert list(ProgramDocument.objects.required()) == []


def test_published_version_is_only_retired():
    row = published()
    row.retired_at = timezone.now()
    row.save()

    row.title = "Another title"

    with pytest.raises(PublishedVersionIsFixed):
        row.save()
    with pytest.raises(PublishedVersionIsFixed):
        row.delete()
    assert ProgramDocument.objects.get().title == "Standards"


def test_published_version_is_not_unpublished():
    row = published()

    row.published_at = None

    with pytest.raises(PublishedVersionIsFixed):
        row.save()


def test_draft_is_edited_and_deleted():
    row = document()
    row.save()
    row.title = "Another title"
    row.save()

    row.delete()

    assert ProgramDocument.objects.count() == 0


@pytest.mark.parametrize("values", [{"link": ""}, {"file": "a.pdf"}])
def test_document_has_either_file_or_link(values):
    row = document(**values)

    with pytest.raises(ValidationError, match="either a PDF file or a link"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_kind_and_version_are_unique():
    published()

    with pytest.raises(IntegrityError), transaction.atomic():
        document().save()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", b"<html>", "This is not a PDF file."),
        ("a.pdf", b"", "This is not a PDF file."),
        ("a.exe", b"%PDF-1.7", "File extension “exe” is not allowed. Allowed extensions are: pdf."),
        ("a.pdf", b"%PDF-" + b"0" * PDF_BYTES_MAX, "The file is larger than 20 MB."),
    ],
)
def test_upload_must_be_a_pdf_of_at_most_20_megabytes(name, content, message):
    row = document(link="", file=SimpleUploadedFile(name, content))

    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert caught.value.message_dict == {"file": [message]}


def test_uploaded_name_is_dropped():
    row = document(link="", file=SimpleUploadedFile("../../secret name.pdf", b"%PDF-1.7 content"))
    row.full_clean()
    row.save()

    folder, _slash, name = row.file.name.rpartition("/")
    assert folder == "program/standards"
    assert "secret" not in name


def test_sample_documents_are_published_pdfs_and_made_once():
    made = create_sample_documents()

    assert [row.kind for row in made] == ["national-standards", "training-objectives", "eeo-pledge"]
    assert create_sample_documents() == made == list(ProgramDocument.objects.required())
    for row in made:
        assert row.is_sample
        with row.file.open() as file:
            assert file.read(5) == b"%PDF-"
