"""The lists an employer fills in: acknowledgments, positions, funding sources, mentors."""

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.models import ProgramDocument
from employers.models.employer import Employer, Site
from employers.models.onboarding import Onboarding

INITIALS = RegexValidator(
    r"^[^\W\d_](\.?\s?[^\W\d_]){0,3}\.?$", _("Initials only, like J. D. Names are asked at enrollment.")
)


class Acknowledgment(models.Model):
    """Who read which version of a program document, and when."""

    onboarding: Any = models.ForeignKey(Onboarding, models.CASCADE, related_name="acknowledgments")
    document: Any = models.ForeignKey(ProgramDocument, models.PROTECT, related_name="+")
    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("acknowledged"), default=timezone.now)

    class Meta:
        verbose_name = _("acknowledgment")
        verbose_name_plural = _("acknowledgments")
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["onboarding", "document"], name="acknowledged_once")]

    def __str__(self) -> str:
        return str(self.document)


class Position(models.Model):
    """An opening for apprentices at one site."""

    class Branch(models.TextChoices):
        """How the employer makes the position."""

        NEW = "new", _("New position")
        VACANCY = "vacancy", _("Existing vacancy")
        INCUMBENT = "incumbent", _("Incumbent worker")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="positions")
    branch = models.CharField(_("kind of position"), max_length=10, choices=Branch.choices, blank=True)
    site: Any = models.ForeignKey(Site, models.SET_NULL, null=True, blank=True, related_name="positions")
    openings = models.PositiveSmallIntegerField(
        _("openings"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    hours_per_week = models.DecimalField(
        _("hours per week"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(8), MaxValueValidator(60)],
    )  # fmt: skip
    incumbent_initials = models.CharField(_("initials"), max_length=12, blank=True, validators=[INITIALS])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return f"{self.get_branch_display()} · {self.site}"


class FundingSource(models.Model):
    """Money that pays for related instruction."""

    class Kind(models.TextChoices):
        """Where the money comes from."""

        BUDGET = "budget", _("Operating budget")
        STATE = "state", _("State grant or tax credit")
        WIOA = "wioa", _("Workforce board (WIOA)")
        FEDERAL = "federal", _("Federal grant")
        FOUNDATION = "foundation", _("Foundation or donor")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="funding_sources")
    kind = models.CharField(_("source"), max_length=12, choices=Kind.choices, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=10, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000_000)],
    )  # fmt: skip
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("funding source")
        verbose_name_plural = _("funding sources")
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return self.name or self.get_kind_display()


class Mentor(models.Model):
    """A journeyworker who oversees training at one site."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="mentors")
    site: Any = models.ForeignKey(Site, models.SET_NULL, null=True, blank=True, related_name="mentors")
    name = models.CharField(_("name"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    credentials = models.CharField(_("credentials"), max_length=200, blank=True)
    years = models.PositiveSmallIntegerField(
        _("years of experience"), null=True, blank=True, validators=[MaxValueValidator(60)]
    )
    apprentices_carried = models.PositiveSmallIntegerField(
        _("apprentices they already mentor"), null=True, blank=True, validators=[MaxValueValidator(50)]
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("mentor")
        verbose_name_plural = _("mentors")
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return self.name or str(_("Unnamed mentor"))
