"""Documents that every employer reads before it starts: standards, objectives, pledge."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from .publishing import BindingVersion, in_force

PDF_BYTES_MAX = 20 * 1024 * 1024
PDF_MAGIC = b"%PDF-"


def document_path(document: "ProgramDocument", filename: str) -> str:
    """Return a storage name that cannot be guessed; the uploaded name is dropped."""
    return f"program/{document.kind}/{document.version}-{uuid.uuid4().hex}.pdf"


def validate_pdf(upload: "File[bytes]") -> None:
    """Raise ValidationError unless the file starts like a PDF and has at most 20 MB."""
    if (upload.size or 0) > PDF_BYTES_MAX:
        raise ValidationError(_("The file is larger than 20 MB."))
    upload.seek(0)
    start = upload.read(len(PDF_MAGIC))
    upload.seek(0)
    if start != PDF_MAGIC:
        raise ValidationError(_("This is not a PDF file."))


class ProgramDocumentQuerySet(models.QuerySet["ProgramDocument"]):
    def in_force(self) -> Self:
        return self.filter(in_force())

    def current(self) -> Self:
        """Return the newest published version of each kind, by position and title."""
        newest = ProgramDocument.objects.in_force().filter(kind=models.OuterRef("kind")).order_by("-version")
        return self.filter(pk=models.Subquery(newest.values("pk")[:1])).order_by("position", "title")

    def binding_since(self, moment: dt.datetime, *, for_partner: bool) -> Self:
        """Return the versions in force, published after a moment, for which agreements are signed anew."""
        rows = self.in_force().filter(must_resign=True, published_at__gt=moment)
        return rows.filter(reaches_partners=True) if for_partner else rows

    def required(self) -> Self:
        """Return the current documents that an employer must acknowledge."""
        return self.current().filter(is_required=True)


class ProgramDocument(BindingVersion):
    kind = models.SlugField(
        _("kind"), max_length=60, help_text=_("The same for every version, for example national-standards.")
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), max_length=2000, blank=True)
    file = models.FileField(
        _("PDF file"),
        upload_to=document_path,
        max_length=200,
        blank=True,
        validators=[FileExtensionValidator(["pdf"])],
    )
    link = models.URLField(_("link"), max_length=500, blank=True, help_text=_("Instead of a file."))
    is_required = models.BooleanField(
        _("required"), default=True, help_text=_("Employers must acknowledge it in its current version.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=10)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[ProgramDocumentQuerySet] = ProgramDocumentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("program document")
        verbose_name_plural = _("program documents")
        ordering = ["position", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="program_document_kind_version"),
            models.CheckConstraint(
                condition=models.Q(file="", link__gt="") | models.Q(file__gt="", link=""),
                name="program_document_file_or_link",
                violation_error_message=_("Give either a PDF file or a link."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def file_name(self) -> str:
        """What the PDF is called once somebody keeps it."""
        return f"{slugify(self.title)}-v{self.version}.pdf"

    def clean(self) -> None:
        super().clean()
        if bool(self.file) == bool(self.link):
            raise ValidationError(_("Give either a PDF file or a link."))
        is_new_upload = bool(self.file) and not getattr(self.file, "_committed", True)
        if is_new_upload:
            self._clean_file()

    def _clean_file(self) -> None:
        try:
            validate_pdf(self.file)
        except ValidationError as error:
            raise ValidationError({"file": error}) from error
