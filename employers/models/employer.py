"""The employer and the sites where apprentices train."""

import uuid
from functools import cache
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from localflavor.us.models import USPostalCodeField, USZipCodeField
from localflavor.us.us_states import USPS_CHOICES

from apprenticeship.program.sectors import sectors_of
from employers import names

EIN = RegexValidator(r"^\d{2}-?\d{7}$", _("An EIN has nine digits, like 12-3456789."))
NAICS = RegexValidator(r"^\d{2,6}$", _("A NAICS code has two to six digits, like 622110 for hospitals."))
PHONE = RegexValidator(
    r"^[+()\d][\d\s().+\-]{6,}(\s*(x|ext\.?)\s*\d{1,6})?$",
    _("Enter a phone number, like 218-555-0142 or 218-555-0142 ext. 7."),
)
# California's health-care minimum wages, Labor Code 1182.14 (SB 525).
UNKNOWN_GROUP = "unknown"
NOT_COVERED = "none"
HEALTH_CARE_GROUPS = [
    *((sector.slug, sector.name) for sector in sectors_of("CA")),
    (NOT_COVERED, _("Not a covered health-care facility")),
    (UNKNOWN_GROUP, _("Don't know yet")),
]


@cache
def postal_codes() -> tuple[tuple[str, str], ...]:
    """Return the postal codes of states and territories with their names, by name."""
    return tuple((code, str(name)) for code, name in USPS_CHOICES)


class PostalCodeField(USPostalCodeField):
    """A state or territory. localflavor sorts its choices anew each time that somebody reads them; this once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = postal_codes

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Be localflavor's field to migrations."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "localflavor.us.models.USPostalCodeField", args, kwargs


class Address(models.Model):
    """A U.S. street address."""

    street = models.CharField(_("street address"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    state = PostalCodeField(_("state or territory"), blank=True)
    zip_code = USZipCodeField(_("ZIP code"), blank=True)

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """The address in one line, as far as it is known."""
        place = " ".join(part for part in (self.state, self.zip_code) if part)
        return ", ".join(part for part in (self.street, self.city, place) if part)


class Employer(Address):
    """An organization that trains apprentices, or wants to."""

    class Kind(models.TextChoices):
        """What sort of organization it is."""

        HOSPITAL = "hospital", _("Hospital")
        HEALTH_SYSTEM = "health_system", _("Health system")
        CLINIC = "clinic", _("Clinic or physician group")
        GOVERNMENT = "government", _("Government or veterans hospital")
        SERVICE = "service", _("Independent service organization")
        MANUFACTURER = "manufacturer", _("Manufacturer")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    legal_name = models.CharField(_("legal name"), max_length=150, blank=True)
    dba_name = models.CharField(_("doing business as"), max_length=150, blank=True)
    kind = models.CharField(_("kind of organization"), max_length=20, choices=Kind.choices, blank=True)
    ein = models.CharField(_("EIN"), max_length=10, blank=True, validators=[EIN])
    naics = models.CharField(_("NAICS code"), max_length=6, blank=True, validators=[NAICS])
    county = models.CharField(_("county"), max_length=60, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_title = models.CharField(_("title"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[PHONE])
    complaint_name = models.CharField(_("complaint contact"), max_length=120, blank=True)
    complaint_address = models.CharField(_("address"), max_length=200, blank=True)
    complaint_email = models.EmailField(_("e-mail"), blank=True)
    complaint_phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[PHONE])
    follows_selection_procedure = models.BooleanField(_("follows the selection procedure"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # For finding look-alikes; kept by save().
    name_key = models.CharField(max_length=150, blank=True, editable=False)
    ein_key = models.CharField(max_length=9, blank=True, editable=False)
    address_key = models.CharField(max_length=140, blank=True, editable=False)

    class Meta:
        verbose_name = _("employer")
        verbose_name_plural = _("employers")
        ordering = ("legal_name",)
        indexes = [
            models.Index(fields=["name_key"], name="employer_name_key"),
            models.Index(fields=["ein_key"], name="employer_ein_key"),
            models.Index(fields=["address_key"], name="employer_address_key"),
        ]

    def __str__(self) -> str:
        return self.dba_name or self.legal_name or str(_("Unnamed organization"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the employer, and its keys with it."""
        self.name_key, self.ein_key = names.name_key(self.legal_name), names.ein_key(self.ein)
        self.address_key = names.address_key(self.street, self.zip_code)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key", "ein_key", "address_key"}
        super().save(*args, **kwargs)

    @property
    def chain(self) -> str:
        """The name of this employer's chain of events."""
        return f"employer:{self.pk}"


class Site(Address):
    """A place where apprentices work, under that place's minimum wage and in its time zone."""

    class Approval(models.TextChoices):
        """Whether the State Approving Agency has approved the site for the GI Bill."""

        YES = "yes", _("Approved")
        NO = "no", _("Not approved")
        APPLIED = "applied", _("Applied for")
        UNKNOWN = "unknown", _("Don't know yet")

    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="sites")
    name = models.CharField(_("site name"), max_length=120, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True, editable=False)
    journeyworkers = models.PositiveIntegerField(
        _("journeyworkers on staff"), null=True, blank=True, validators=[MaxValueValidator(5000)]
    )
    gi_bill = models.CharField(_("GI Bill approval"), max_length=10, choices=Approval.choices, blank=True)
    gi_bill_facility_code = models.CharField(_("facility code"), max_length=20, blank=True)
    health_care_group = models.CharField(
        _("California health-care group"), max_length=30, choices=HEALTH_CARE_GROUPS, blank=True
    )
    local_minimum_wage = models.DecimalField(
        _("local minimum wage"), max_digits=6, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )  # fmt: skip

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name or self.city or str(_("Unnamed site"))
