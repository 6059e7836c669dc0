"""A paper: the facts it prints, the PDF that the worker made of them, once, and the certificate that sealed it."""

import hashlib
import secrets
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apprenticeship.records.models.queue import QueuedRow, QueueQuerySet

# No 0, O, 1 or I: a code is read aloud and typed from paper.
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_PREFIX = "BMET"
LONGEST_FILENAME = 80
HEAD = 1024  # bytes


def new_code() -> str:
    """Return a printed document code like BMET-7K3F-9QXA (40 bits)."""
    letters = [secrets.choice(CODE_LETTERS) for _place in range(8)]
    return f"{CODE_PREFIX}-{''.join(letters[:4])}-{''.join(letters[4:])}"


def head_of(content: bytes) -> str:
    """Return the SHA-256 of a file's first kilobyte, or "" of a shorter file."""
    return hashlib.sha256(content[:HEAD]).hexdigest() if len(content) >= HEAD else ""


def private_path(document: "Document", filename: str) -> str:
    """Return where one attempt's PDF is kept: under two random names, never under a readable one."""
    return f"documents/{document.pk.hex}/{uuid.uuid4().hex}.pdf"


class DocumentQuerySet(QueueQuerySet["Document"]):
    """Find papers, and order each of them once."""

    def about(self, subject: models.Model) -> "DocumentQuerySet":
        """Return the papers of one subject."""
        return self.filter(
            subject_type=ContentType.objects.get_for_model(subject), subject_id=str(subject.pk)
        )

    def order(self, *, effect_key: str, **fields: Any) -> tuple["Document", bool]:
        """Return the paper of this effect and whether it is new: the same effect never makes two papers."""
        code = new_code()
        while self.filter(code=code).exists():
            code = new_code()
        return self.get_or_create(effect_key=effect_key, defaults=fields | {"code": code})


class SealingCertificate(models.Model):
    """A certificate that has sealed papers here, kept for good: papers outlive the key that sealed them."""

    fingerprint = models.CharField(_("SHA-256"), max_length=64, unique=True)
    subject = models.CharField(_("issued to"), max_length=300)
    content = models.BinaryField(_("certificate, DER"))
    not_after = models.DateTimeField(_("valid until"))
    first_used_at = models.DateTimeField(_("first used"), default=timezone.now)

    class Meta:
        verbose_name = _("sealing certificate")
        verbose_name_plural = _("sealing certificates")
        ordering = ("first_used_at",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.subject


class Document(QueuedRow):
    """One paper about one subject: its facts are frozen when it is ordered, its file when it is made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.SlugField(_("kind"), max_length=40, db_index=False)
    title = models.CharField(_("title"), max_length=200)
    code = models.CharField(_("document code"), max_length=20, unique=True, default=new_code, editable=False)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.CharField(max_length=40)
    subject = GenericForeignKey("subject_type", "subject_id")
    data = models.JSONField(_("facts printed"), default=dict)
    effect_key = models.CharField(_("made for"), max_length=120, unique=True)
    file = models.FileField(_("file"), upload_to=private_path, max_length=120, blank=True)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    # Of its first kilobyte: a sealed paper that was cut off still begins like itself.
    head_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    sealed_at = models.DateTimeField(_("sealed"), null=True, blank=True)
    sealed_with: Any = models.ForeignKey(
        SealingCertificate, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    pages = models.PositiveSmallIntegerField(_("pages"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[Any] = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-created_at",)
        default_permissions = ("view", "change")
        indexes = [
            models.Index(fields=["status", "not_before"], name="document_due"),
            models.Index(fields=["head_sha256"], name="document_head", condition=~models.Q(head_sha256="")),
            models.Index(fields=["subject_id", "subject_type"], name="document_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"

    @property
    def filename(self) -> str:
        """The name a reader saves it under, such as employer-agreement-lakeside-regional-v1.pdf."""
        employer = self.data.get("employer") or {}
        whose = self.data.get("employer_name") or employer.get("dba_name") or employer.get("legal_name") or ""
        name = slugify(f"{self.kind.replace('_', '-')} {whose}")[:LONGEST_FILENAME].strip("-")
        return f"{name}-v{self.version}.pdf"

    def read(self) -> bytes:
        """Return the PDF. Raises FileNotFoundError if it is not there."""
        with self.file.storage.open(str(self.file.name)) as stored:
            return bytes(stored.read())
