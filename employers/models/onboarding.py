"""The onboarding: one employer's way through the eight steps."""

from collections.abc import Callable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from employers.models.employer import Employer
from employers.onboarding import EDGE_BY_NAME, FROZEN, STEP_BY_STATE, Part, State, Step, Turn, turn_of


def edge(method: Callable[["Onboarding"], None]) -> Any:
    """Make a method the transition that EDGES lists under the method's name."""
    row = EDGE_BY_NAME[method.__name__]
    return transition(
        field="state",
        source=[source.value for source in row.sources],
        target=row.target.value,
        custom={"label": row.label},
    )(method)


class OnboardingQuerySet(models.QuerySet["Onboarding"]):
    """Reads that span rows."""

    def for_review(self) -> Self:
        """Return the cases in which AAMI has to act."""
        return self.filter(state__in=[State.REVIEW, State.REGISTRATION])

    def locked(self, pk: Any) -> "Onboarding":
        """Return one onboarding as it is now, with its employer, locked until the transaction ends.

        Everything that reads answers in order to act on them starts here, so that all take their locks in one order.
        """
        return self.select_for_update(of=("self",)).select_related("employer").get(pk=pk)


class Onboarding(FSMModelMixin, models.Model):
    """Where an employer stands, and the answers that belong to no list."""

    class InstructionTime(models.TextChoices):
        """When related instruction takes place (ETA-671 item 9c)."""

        INSIDE = "inside", _("During working hours")
        OUTSIDE = "outside", _("Outside working hours")
        BOTH = "both", _("Both")

    employer: Any = models.OneToOneField(Employer, models.CASCADE, related_name="onboarding")
    state = FSMField(
        _("state"), max_length=20, choices=State.choices, default=State.GET_STARTED, protected=True
    )
    state_since = models.DateTimeField(_("since"), default=timezone.now)
    reviewer: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("reviewer"),
    )
    confirms_hiring = models.BooleanField(_("hiring is the employer's own"), default=False)
    instruction_provider = models.CharField(_("related-instruction provider"), max_length=200, blank=True)
    is_instruction_paid = models.BooleanField(
        _("related instruction is paid working time"), null=True, blank=True
    )
    instruction_time = models.CharField(
        _("when related instruction takes place"), max_length=10, choices=InstructionTime.choices, blank=True
    )
    # What AAMI configured when step 4 was completed, in dollars per apprentice: tells later whether that changed.
    cost_when_funded = models.DecimalField(max_digits=9, decimal_places=2, null=True, editable=False)
    confirms_payment = models.BooleanField(_("pays for all related instruction"), default=False)
    signatory_name = models.CharField(_("name of the person who signs"), max_length=120, blank=True)
    signatory_title = models.CharField(_("their title"), max_length=120, blank=True)
    signatory_email = models.EmailField(_("their e-mail"), blank=True)

    objects: ClassVar[Any] = OnboardingQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("-state_since",)
        permissions = [
            ("review_onboarding", _("Can review applications")),
            ("countersign_agreement", _("Can approve and countersign agreements")),
            ("manage_onboarding", _("Can suspend, reinstate and end partnerships")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="onboarding_state_known")
        ]
        indexes = [models.Index(fields=["state", "state_since"], name="onboarding_age")]

    def __str__(self) -> str:
        return str(self.employer)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """Return the state in words. Django's own makes a dictionary of all choices at every call."""
        return str(State(self.state).label)

    @property
    def step(self) -> Step | None:
        """The step people see, or None off the path (withdrawn, suspended and so on)."""
        return STEP_BY_STATE.get(State(self.state))

    @property
    def turn(self) -> Turn:
        """Who has to act next."""
        return turn_of(State(self.state))

    @property
    def is_with_aami(self) -> bool:
        """Whether the record is frozen while AAMI or the agency works on it."""
        return self.state in FROZEN

    def is_past(self, step: Step) -> bool:
        """Whether a step is behind this onboarding."""
        here = self.step
        return here is not None and here.number > step.number

    # Transitions only let django-fsm set the state; employers.transitions.advance() does the rest. ---------------

    @edge
    def start(self) -> None:
        """Leave step 1."""

    @edge
    def acknowledge_standards(self) -> None:
        """Leave step 2."""

    @edge
    def confirm_position(self) -> None:
        """Leave step 3."""

    @edge
    def secure_funding(self) -> None:
        """Leave step 4."""

    @edge
    def appoint_mentor(self) -> None:
        """Leave step 5."""

    @edge
    def sign_agreement(self) -> None:
        """Leave step 6."""

    @edge
    def submit(self) -> None:
        """Hand the application to AAMI."""

    @edge
    def resubmit(self) -> None:
        """Hand the changed application to the same reviewer."""

    @edge
    def approve(self) -> None:
        """AAMI countersigns."""

    @edge
    def request_changes(self) -> None:
        """AAMI asks for changes."""

    @edge
    def decline(self) -> None:
        """AAMI declines."""

    @edge
    def register(self) -> None:
        """The DOL has registered the employer."""

    @edge
    def return_by_agency(self) -> None:
        """The registration agency wants something changed."""

    @edge
    def withdraw(self) -> None:
        """The owner stops."""

    @edge
    def cancel_registration(self) -> None:
        """AAMI stops during registration."""

    @edge
    def suspend(self) -> None:
        """The partnership rests."""

    @edge
    def reinstate(self) -> None:
        """The partnership goes on."""

    @edge
    def end(self) -> None:
        """The partnership is over."""

    @edge
    def reopen(self) -> None:
        """The owner takes a withdrawn application up again."""

    @edge
    def reopen_declined(self) -> None:
        """AAMI takes a declined application up again."""

    @edge
    def step_back(self) -> None:
        """A completed step no longer holds."""

    @edge
    def reopen_agreement(self) -> None:
        """What the agreement prints has changed: it needs a new signature."""


class PartVersionQuerySet(models.QuerySet["PartVersion"]):
    """Count saves."""

    def bump(self, onboarding: Onboarding, part: Part, *, by: Any) -> None:
        """Count a save of a part that no form of it made, so that forms opened before are stale."""
        row, _created = self.get_or_create(onboarding=onboarding, part=part)
        saved = {"saved_by": by, "saved_at": timezone.now()}
        self.filter(pk=row.pk).update(version=F("version") + 1, **saved)


class PartVersion(models.Model):
    """How often a part was saved, last by whom: guards against stale forms and shows drafts."""

    onboarding: Any = models.ForeignKey(Onboarding, models.CASCADE, related_name="part_versions")
    part = models.CharField(_("part"), max_length=12, choices=Part.choices)
    version = models.PositiveIntegerField(_("version"), default=0)
    saved_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)

    objects: ClassVar[Any] = PartVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["onboarding", "part"], name="part_version_once")]

    def __str__(self) -> str:
        return f"{self.part} v{self.version}"
