"""Candidates and the texts they consent to."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apprentices.places import place_label
from apprenticeship.program.models.publishing import PublishedVersion, in_force
from apprenticeship.program.regions import REGIONS

_REGION_NAMES = {region.number: region.name for region in REGIONS}


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    def current(self) -> "ConsentText | None":
        """Return the newest published version, or None while there is none."""
        return self.filter(in_force()).order_by("-version").first()


class ConsentText(PublishedVersion):
    """What somebody agrees to when they leave their interest. Published versions never change."""

    text = models.TextField(_("text"), max_length=10000, help_text=_("A blank line ends a paragraph."))

    objects: ClassVar[ConsentTextQuerySet] = ConsentTextQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["version"], name="consent_text_version")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.version}"


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def confirmed(self) -> Self:
        """Return candidates whose e-mail address is theirs."""
        return self.filter(status=Candidate.Status.CONFIRMED)

    def in_region(self, number: int) -> Self:
        """Return candidates in one region of the Office of Apprenticeship, 1 to 6."""
        return self.filter(region=number)


class Candidate(models.Model):
    """Somebody who wants to become an apprentice. Deleting the row is deleting the person's data."""

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("waiting for confirmation")
        CONFIRMED = "confirmed", _("confirmed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), max_length=254)
    zip_code = models.CharField(_("ZIP code"), max_length=5)
    city = models.CharField(_("place"), max_length=60)
    state = models.CharField(_("state"), max_length=2)
    region = models.PositiveSmallIntegerField(
        _("region"),
        null=True,
        help_text=_("Office of Apprenticeship region, 1 to 6; none for military mail."),
    )
    latitude = models.FloatField(_("latitude"), null=True, help_text=_("Degrees north."))
    longitude = models.FloatField(_("longitude"), null=True, help_text=_("Degrees east."))
    is_of_age = models.BooleanField(_("of age"))
    asked_age = models.PositiveSmallIntegerField(_("age asked for"), help_text=_("Years."))
    consent = models.ForeignKey(
        ConsentText, models.PROTECT, verbose_name=_("consent text"), related_name="candidates"
    )
    consented_at = models.DateTimeField(_("consented"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.UNCONFIRMED)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # SHA-256 of the link last mailed, in hexadecimal; empty while none is good.
    confirm_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    confirm_expires_at = models.DateTimeField(null=True, editable=False)
    delete_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    objects: ClassVar[CandidateQuerySet] = CandidateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["region", "state", "-created_at"]
        indexes = [
            models.Index(fields=["status", "region", "state"], name="candidate_where"),
            models.Index(fields=["status", "latitude", "longitude"], name="candidate_position"),
        ]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="candidate_email_unique"),
            models.CheckConstraint(
                condition=models.Q(status="unconfirmed", confirmed_at=None)
                | models.Q(status="confirmed", confirmed_at__isnull=False),
                name="candidate_status",
            ),
        ]

    def __str__(self) -> str:
        # Without the name, because the admin's own log keeps this text after the person is gone.
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED

    @property
    def place(self) -> str:
        """The place as people read it, for example "Milwaukee, Wisconsin"."""
        return place_label(self.city, self.state)

    @property
    def region_name(self) -> str:
        """The region's name, or "" outside of the regions."""
        return _REGION_NAMES.get(self.region or 0, "")
