"""Where an employer is registered: the agency of each state, and what AAMI checks before it sends a registration."""

from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.regions import STATE_NAMES

SAMPLE = _("Came with the portal and was not verified; untick it once it is your own.")


class AgencyKind(models.TextChoices):
    """Who registers apprenticeship programs in a state. Source: 29 CFR 29.2, 29.13."""

    FEDERAL = "oa", _("Office of Apprenticeship")
    STATE = "saa", _("State Apprenticeship Agency")
    BOTH = "both", _("Office of Apprenticeship and state agency")


class RegistrationAgencyManager(models.Manager["RegistrationAgency"]):
    def of(self, state: str) -> "RegistrationAgency | None":
        """Return the agency of a state by its postal code, or None where nobody has entered one."""
        return self.filter(state=state).first() if state else None


class RegistrationAgency(models.Model):
    state = models.CharField(_("state"), max_length=2, unique=True, choices=sorted(STATE_NAMES.items()))
    kind = models.CharField(_("who registers"), max_length=4, choices=AgencyKind.choices)
    name = models.CharField(
        _("name"), max_length=200, blank=True, help_text=_("What the office calls itself, if you know it.")
    )
    url = models.URLField(_("website"), max_length=300, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    source_name = models.CharField(_("source"), max_length=200, blank=True)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False, help_text=SAMPLE)

    objects = RegistrationAgencyManager()

    class Meta:
        verbose_name = _("registration agency")
        verbose_name_plural = _("registration agencies")
        ordering = ("state",)

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.title}"

    @property
    def title(self) -> str:
        """What the desk calls it: its own name, or else what kind of agency it is."""
        return self.name or str(self.get_kind_display())


class ChecklistItemQuerySet(models.QuerySet["ChecklistItem"]):
    def for_state(self, state: str, kind: str) -> list["ChecklistItem"]:
        """Return what is checked before a registration goes to this kind of agency in this state, in order."""
        return [item for item in self.offered() if item.applies(state, kind)]

    def offered(self) -> Self:
        """Return the items in use."""
        return self.filter(is_offered=True)


class ChecklistItem(models.Model):
    text = models.CharField(_("what to check"), max_length=200)
    kind = models.CharField(
        _("agency"),
        max_length=4,
        blank=True,
        choices=[(kind.value, kind.label) for kind in (AgencyKind.FEDERAL, AgencyKind.STATE)],
        help_text=_("Empty: whoever registers."),
    )
    states = models.CharField(
        _("states"),
        max_length=250,
        blank=True,
        help_text=_("Postal codes with commas; empty means everywhere."),
    )
    source_name = models.CharField(_("source"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_offered = models.BooleanField(
        _("in use"), default=True, help_text=_("An attempt keeps the list with which it began.")
    )
    is_sample = models.BooleanField(_("sample"), default=False, help_text=SAMPLE)

    objects: ClassVar[ChecklistItemQuerySet] = ChecklistItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("registration checklist item")
        verbose_name_plural = _("registration checklist items")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.text

    def applies(self, state: str, kind: str) -> bool:
        """Whether it is checked in a state whose agency is of this kind ("" where nobody has entered one)."""
        is_theirs = not self.kind or kind in (self.kind, AgencyKind.BOTH)
        return is_theirs and (not self.states or state in self.states.split(","))

    def clean(self) -> None:
        super().clean()
        codes = [code.strip().upper() for code in self.states.split(",") if code.strip()]
        unknown = [code for code in codes if code not in STATE_NAMES]
        if unknown:
            message = _("Unknown postal code: %(codes)s")
            raise ValidationError({"states": ValidationError(message, params={"codes": ", ".join(unknown)})})
        self.states = ",".join(codes)
