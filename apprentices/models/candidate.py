"""Candidates: people who want to become apprentices."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Count, F, Q, Value, Window
from django.db.models.functions import Lower, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apprentices.choices import SERVED, Available, Education, Heard, Moving, Service, Travel, Work
from apprentices.models.consent import ConsentText
from apprentices.places import place_label, state_label
from apprenticeship.program.models import Program
from apprenticeship.program.regions import REGIONS

_REGION_NAMES = {region.number: region.name for region in REGIONS}
# Partial indexes hold those alone whom partners may see; equal dates are told apart by the key.
_SHARED = Q(status="confirmed")
_NEWEST = ["-confirmed_at", "-id"]
# What a search asks and a key holds, so that PostgreSQL answers from the index alone. SQLite goes without.
_ASKED = [
    *("heard_at", "available", "education", "moving", "service"),
    *("knows_electronics", "knows_it", "knows_clinical"),
]


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def confirmed(self) -> Self:
        """Return candidates whose e-mail address is theirs and who share, also those who fell silent."""
        return self.filter(status=Candidate.Status.CONFIRMED)

    def shown(self) -> Self:
        """Return those whom partners may see: confirmed, sharing, and heard from within the program's days."""
        silence = dt.timedelta(days=Program.objects.current().candidate_reconfirm_days)
        return self.confirmed().filter(heard_at__gt=timezone.now() - silence)

    def look_alikes(self) -> Self:
        """Return those who share name and ZIP code, or phone, with somebody else on the list."""
        same_name = Window(Count("pk"), partition_by=[Lower("name"), F("zip_code")])
        same_phone = Window(Count(NullIf("phone", Value(""))), partition_by=[F("phone")])
        everybody = Candidate.objects.order_by().annotate(same_name=same_name, same_phone=same_phone)
        return self.filter(pk__in=everybody.filter(Q(same_name__gt=1) | Q(same_phone__gt=1)).values("pk"))

    def in_region(self, number: int) -> Self:
        """Return candidates in one region of the Office of Apprenticeship, 1 to 6."""
        return self.filter(region=number)


class Candidate(models.Model):
    """Somebody who wants to become an apprentice. Deleting the row is deleting the person's data."""

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("waiting for confirmation")
        CONFIRMED = "confirmed", _("sharing")
        STOPPED = "stopped", _("stopped sharing")
        EXPIRED = "expired", _("hidden: did not reconfirm")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), max_length=254)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
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
    available = models.PositiveSmallIntegerField(_("available"), choices=Available.choices, null=True)
    travel = models.PositiveSmallIntegerField(_("would travel"), choices=Travel.choices, null=True)
    moving = models.CharField(_("would move"), max_length=10, choices=Moving.choices, blank=True)
    education = models.PositiveSmallIntegerField(_("education"), choices=Education.choices, null=True)
    knows_electronics = models.BooleanField(_("experience with electronics"), default=False)
    knows_it = models.BooleanField(_("experience with IT"), default=False)
    knows_clinical = models.BooleanField(_("experience in clinical settings"), default=False)
    about = models.CharField(_("experience in their own words"), max_length=600, blank=True)
    service = models.CharField(_("military service"), max_length=10, choices=Service.choices, blank=True)
    work = models.CharField(_("works in the field"), max_length=12, choices=Work.choices, blank=True)
    current_employer = models.CharField(_("current employer"), max_length=120, blank=True)
    heard_from = models.CharField(_("heard of us"), max_length=12, choices=Heard.choices, blank=True)
    wants_openings = models.BooleanField(_("wants mail about openings"), default=False)
    is_of_age = models.BooleanField(_("of age"))
    asked_age = models.PositiveSmallIntegerField(_("age asked for"), help_text=_("Years."))
    consent = models.ForeignKey(
        ConsentText, models.PROTECT, verbose_name=_("consent text"), related_name="candidates"
    )
    consented_at = models.DateTimeField(_("consented"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.UNCONFIRMED)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    heard_at = models.DateTimeField(
        _("last heard from"),
        default=timezone.now,
        help_text=_("When they last confirmed or changed something."),
    )
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    warned_at = models.DateTimeField(_("told of the deletion"), null=True, blank=True)
    told_at = models.DateTimeField(_("told who looked"), null=True, blank=True)
    news_at = models.DateTimeField(_("told of openings"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # SHA-256 of the link last mailed, in hexadecimal; empty while none is good.
    confirm_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    confirm_expires_at = models.DateTimeField(null=True, editable=False)
    # An address that is theirs only once its own link was followed.
    new_email = models.EmailField(_("new e-mail address"), max_length=254, blank=True)
    new_email_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    new_email_expires_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[CandidateQuerySet] = CandidateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["region", "state", "-created_at"]
        indexes = [
            models.Index(
                name="candidate_newest",
                fields=_NEWEST,
                include=["zip_code", "state", "region", *_ASKED],
                condition=_SHARED,
            ),
            models.Index(
                name="candidate_by_region",
                fields=["region", *_NEWEST],
                include=["zip_code", "state", *_ASKED],
                condition=_SHARED,
            ),
            models.Index(
                name="candidate_by_state",
                fields=["state", *_NEWEST],
                include=["zip_code", "region", *_ASKED],
                condition=_SHARED,
            ),
            models.Index(
                name="candidate_by_zip",
                fields=["zip_code", *_NEWEST],
                include=["state", "region", *_ASKED],
                condition=_SHARED,
            ),
            models.Index(fields=["status", "heard_at"], name="candidate_silence"),
        ]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="candidate_email_unique"),
            models.CheckConstraint(
                condition=models.Q(status="unconfirmed", confirmed_at=None)
                | models.Q(status__in=["confirmed", "stopped", "expired"], confirmed_at__isnull=False),
                name="candidate_status",
            ),
        ]

    def __str__(self) -> str:
        # Without the name, because the admin's own log keeps this text after the person is gone.
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_confirmed(self) -> bool:
        """Whether the address was confirmed, whatever they chose since."""
        return self.status != self.Status.UNCONFIRMED

    @property
    def is_sharing(self) -> bool:
        return self.status == self.Status.CONFIRMED

    @property
    def is_hidden(self) -> bool:
        """Whether they are not seen because they did not answer."""
        return self.status == self.Status.EXPIRED

    @property
    def has_served(self) -> bool:
        return self.service in SERVED

    @property
    def works_in_field(self) -> bool:
        return self.work == Work.FIELD

    @property
    def state_name(self) -> str:
        """The state's name, also of those of military mail."""
        return state_label(self.state)

    @property
    def place(self) -> str:
        """The place as people read it, for example "Milwaukee, Wisconsin"."""
        return place_label(self.city, self.state)

    @property
    def region_name(self) -> str:
        """The region's name, or "" outside of the regions."""
        return _REGION_NAMES.get(self.region or 0, "")
