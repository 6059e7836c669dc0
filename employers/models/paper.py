"""The scan of an agreement that was signed by hand, and what a reviewer read on it."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apprenticeship.documents.models import Document
from employers.models.agreement import Agreement, Signature

JPEG = "image/jpeg"
PDF = "application/pdf"


def private_path(scan: "PaperScan", filename: str) -> str:
    """Return where a scan is kept: under two random names, never under a readable one."""
    return f"scans/{scan.pk.hex}/{uuid.uuid4().hex}.{'jpg' if scan.content_type == JPEG else 'pdf'}"


class PaperScanQuerySet(models.QuerySet["PaperScan"]):
    """Find scans by where they stand."""

    def open(self) -> Self:
        """Return those that count: neither rejected nor ended."""
        return self.filter(rejected_at=None, ended_at=None)

    def waiting(self) -> Self:
        """Return those that a reviewer has still to judge."""
        return self.open().filter(confirmed_at=None)


class PaperScan(models.Model):
    """One upload. The employer's signature exists only when a reviewer has confirmed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement: Any = models.ForeignKey(Agreement, models.PROTECT, related_name="scans")
    document: Any = models.ForeignKey(
        Document, models.PROTECT, related_name="+", verbose_name=_("paper that was printed")
    )
    file = models.FileField(_("file"), upload_to=private_path, max_length=120)
    content_type = models.CharField(_("kind of file"), max_length=40)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    pages = models.PositiveSmallIntegerField(_("pages"))
    size = models.PositiveIntegerField(_("size in bytes"))
    note = models.TextField(_("note to AAMI"), blank=True)
    uploaded_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    signer_name = models.CharField(_("name of the signer"), max_length=120, blank=True)
    signer_title = models.CharField(_("their title"), max_length=120, blank=True)
    signed_on = models.DateField(_("date of the signature"), null=True, blank=True)
    confirmed_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    signature: Any = models.OneToOneField(Signature, models.PROTECT, null=True, related_name="scan")
    rejected_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    rejected_at = models.DateTimeField(_("rejected"), null=True, blank=True)
    rejected_reason = models.TextField(_("why rejected"), blank=True)
    ended_at = models.DateTimeField(_("replaced, or ended with its agreement"), null=True, blank=True)

    objects: ClassVar[Any] = PaperScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan of a signed paper")
        verbose_name_plural = _("scans of signed papers")
        ordering = ("uploaded_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(rejected_at=None, ended_at=None),
                name="paper_scan_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement} · {self.document.code}"

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it as it is."""
        return self.content_type == JPEG

    @property
    def is_waiting(self) -> bool:
        """Whether a reviewer has still to judge it."""
        return not (self.confirmed_at or self.rejected_at or self.ended_at)

    @property
    def filename(self) -> str:
        """The name a reader saves it under, such as signed-BMET-7K3F-9QXA.pdf."""
        return f"signed-{self.document.code}.{'jpg' if self.is_picture else 'pdf'}"

    def read(self) -> bytes:
        """Return the file. Raises FileNotFoundError if it is not there."""
        with self.file.storage.open(str(self.file.name)) as stored:
            return bytes(stored.read())
