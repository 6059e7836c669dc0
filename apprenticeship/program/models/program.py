"""The program itself: occupation, term, ratios, contacts. One row."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

PROBATION_SHARE_MAX = Decimal("0.25")  # of the term; 29 CFR 29.5(b)(8)
PROBATION_HOURS_MAX = 2080  # one year of full-time work; 29 CFR 29.5(b)(8)
STARTING_AGE_MIN = 16  # years; 29 CFR 29.5(b)(10)


class ProgramNotConfigured(LookupError):
    """The database has no program row; `manage.py migrate` seeds one."""


class Approach(models.TextChoices):
    TIME = "time", _("Time-based")
    COMPETENCY = "competency", _("Competency-based")
    HYBRID = "hybrid", _("Hybrid")


class ProgramManager(models.Manager["Program"]):
    def current(self) -> "Program":
        """Return the one program row. Raises ProgramNotConfigured if it is missing."""
        program = self.first()
        if program is None:
            raise ProgramNotConfigured("No program is configured. Run `python manage.py migrate` to seed it.")
        return program


class Program(models.Model):
    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("program name"), max_length=200)
    sponsor_name = models.CharField(_("sponsor"), max_length=200)
    sponsor_address = models.CharField(_("sponsor address"), max_length=300, blank=True)
    sponsor_program_number = models.CharField(
        _("sponsor program number"),
        max_length=14,
        blank=True,
        validators=[RegexValidator(r"^\d{4}-[A-Z]{2}-\d{6}$", _("Write it as YYYY-ST-NNNNNN."))],
        help_text=_("As registered in RAPIDS, for example 2021-DC-000000."),
    )
    registration_agency = models.CharField(_("registration agency"), max_length=200)
    occupation_title = models.CharField(_("occupation"), max_length=200)
    rapids_code = models.CharField(
        _("RAPIDS code"),
        max_length=10,
        validators=[RegexValidator(r"^\d{4}(HY|CB)?(V\d)?$", _("Four digits, then HY or CB if it applies."))],
    )
    onet_code = models.CharField(
        _("O*NET-SOC code"),
        max_length=10,
        validators=[RegexValidator(r"^\d{2}-\d{4}\.\d{2}$", _("Write it as NN-NNNN.NN."))],
    )
    approach = models.CharField(
        _("approach"), max_length=10, choices=Approach.choices, default=Approach.HYBRID
    )
    term_hours = models.PositiveIntegerField(
        _("term, hours on the job"), validators=[MinValueValidator(2000)], help_text=_("29 CFR 29.4: ≥ 2,000")
    )
    term_months = models.PositiveSmallIntegerField(_("term, months"), validators=[MinValueValidator(1)])
    related_instruction_hours = models.PositiveIntegerField(
        _("related instruction, hours"), help_text=_("Whole program. 144 hours a year are recommended.")
    )
    related_instruction_cost = models.DecimalField(
        _("related instruction, cost"),
        max_digits=9,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Dollars per apprentice for the whole program."),
    )
    apprentices_per_journeyworker = models.DecimalField(
        _("apprentices per journeyworker"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("At one site, 29 CFR 29.5(b)(7)."),
    )
    apprentices_per_mentor = models.PositiveSmallIntegerField(
        _("apprentices per mentor"), validators=[MinValueValidator(1)]
    )
    probation_hours = models.PositiveIntegerField(
        _("probation, hours"),
        help_text=_("At most a quarter of the term or one year, whichever is shorter, 29 CFR 29.5(b)(8)."),
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age"), validators=[MinValueValidator(STARTING_AGE_MIN)], default=STARTING_AGE_MIN
    )
    registration_deadline_days = models.PositiveSmallIntegerField(
        _("registration deadline, days"),
        default=45,
        validators=[MinValueValidator(1)],
        help_text=_("Days from sending in which the agency registers the employer or returns the papers."),
    )
    registration_sending_days = models.PositiveSmallIntegerField(
        _("to be sent after approval, days"),
        default=45,
        validators=[MinValueValidator(1)],
        help_text=_("Days from approval in which the agency hears of a new agreement."),
    )
    review_target_days = models.PositiveSmallIntegerField(
        _("target for a review, days"),
        default=5,
        validators=[MinValueValidator(1)],
        help_text=_("Calendar days in which a reviewer decides; later a case counts as overdue."),
    )
    changes_target_days = models.PositiveSmallIntegerField(
        _("target for changes, days"),
        default=14,
        validators=[MinValueValidator(1)],
        help_text=_("Calendar days in which an employer answers a change request."),
    )
    candidate_reconfirm_days = models.PositiveSmallIntegerField(
        _("candidates reconfirm after, days"),
        default=90,
        validators=[MinValueValidator(7)],
        help_text=_(
            "Without a word for so long, partners no longer see them. The consent text names the days."
        ),
    )
    candidate_reminder_days = models.PositiveSmallIntegerField(
        _("candidates are asked before, days"),
        default=14,
        help_text=_("How many days before they are hidden they are asked whether they are still interested."),
    )
    candidate_erase_days = models.PositiveSmallIntegerField(
        _("candidates are deleted after, days"),
        default=365,
        validators=[MinValueValidator(30), MaxValueValidator(365)],
        help_text=_("Days without a word from them, a year at most. The consent text names them."),
    )
    candidate_notice_days = models.PositiveSmallIntegerField(
        _("candidates are told before deletion, days"),
        default=14,
        validators=[MinValueValidator(1)],
        help_text=_("Nobody is deleted for silence before this last mail is so many days old."),
    )
    candidate_openings_per_day = models.PositiveSmallIntegerField(
        _("details opened per partner and day"),
        default=25,
        validators=[MinValueValidator(1)],
        help_text=_("How many candidates one partner may open within 24 hours."),
    )
    contact_name = models.CharField(_("contact name"), max_length=120)
    contact_email = models.EmailField(_("contact e-mail"))
    contact_phone = models.CharField(_("contact phone"), max_length=40, blank=True)
    complaint_contact_name = models.CharField(_("complaint contact name"), max_length=120)
    complaint_contact_address = models.CharField(_("complaint contact address"), max_length=300)
    complaint_contact_phone = models.CharField(_("complaint contact phone"), max_length=40)
    complaint_contact_email = models.EmailField(_("complaint contact e-mail"))
    sample_note = models.TextField(
        _("sample values"),
        blank=True,
        help_text=_("Names the values above that are samples; staff see it until it is emptied."),
    )

    objects = ProgramManager()

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("program")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="program_one_row")]

    def __str__(self) -> str:
        return self.name

    @property
    def contact(self) -> str:
        """The person who answers, in one line: name, e-mail address and, if there is one, phone."""
        return ", ".join(filter(None, (self.contact_name, self.contact_email, self.contact_phone)))

    @property
    def probation_hours_max(self) -> int:
        """Return the longest probation allowed, in hours. Source: 29 CFR 29.5(b)(8)."""
        return min(int(self.term_hours * PROBATION_SHARE_MAX), PROBATION_HOURS_MAX)

    def clean(self) -> None:
        super().clean()
        self._clean_silence()
        if None in (self.term_hours, self.probation_hours):
            return
        if self.probation_hours > self.probation_hours_max:
            message = _("At most %(hours)s hours: a quarter of the term or one year, 29 CFR 29.5(b)(8).")
            raise ValidationError(
                {
                    "probation_hours": ValidationError(
                        message, params={"hours": f"{self.probation_hours_max:,}"}
                    )
                }
            )

    def _clean_silence(self) -> None:
        """Ask candidates before they are hidden, and hide them before they are deleted."""
        asked, hidden, erased = (
            self.candidate_reminder_days,
            self.candidate_reconfirm_days,
            self.candidate_erase_days,
        )
        if None in (asked, hidden, erased):
            return
        if not asked < hidden:
            raise ValidationError({"candidate_reminder_days": _("Fewer days than until they are hidden.")})
        if not hidden < erased:
            raise ValidationError({"candidate_erase_days": _("More days than until they are hidden.")})
        if self.candidate_notice_days is not None and not hidden + self.candidate_notice_days <= erased:
            message = _(
                "The last mail goes to people who are hidden: fewer days than from then to the deletion."
            )
            raise ValidationError({"candidate_notice_days": message})
