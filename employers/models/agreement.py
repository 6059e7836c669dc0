"""The Employer Agreement: frozen when presented, never edited, replaced by a new version."""

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.models import AgreementTemplate
from employers.models.amendment import Amendment
from employers.models.employer import Employer
from employers.models.wages import WageSchedule
from employers.names import same_words


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Find agreements by where they stand."""

    def current(self) -> Self:
        """Return those neither superseded nor voided, and the last one of a partnership that ended."""
        return self.exclude(status__in=[Agreement.Status.SUPERSEDED, Agreement.Status.VOID])

    def live(self) -> Self:
        """Return those that stand beside the live data: an amendment's version only once it is in force."""
        return self.current().filter(Q(amendment=None) | Q(status__in=Agreement.COUNTERSIGNED))

    def countersigned(self) -> Self:
        """Return those that both parties signed and nothing replaced, also after the partnership ended."""
        return self.filter(status__in=Agreement.COUNTERSIGNED)

    def with_binding_version(self) -> Self:
        """Add the newest version of the text for which agreements are signed anew, or None: `binding_version`."""
        newest = AgreementTemplate.objects.binding_version
        for_partners = When(status=Agreement.Status.IN_FORCE, then=newest(reaches_partners=True))
        after_the_end = When(status=Agreement.Status.ENDED, then=None)
        return self.annotate(binding_version=Case(for_partners, after_the_end, default=newest()))

    def signed(self) -> Self:
        """Return those that carry the employer's signature and still hold."""
        return self.filter(status__in=[Agreement.Status.SIGNED, Agreement.Status.IN_FORCE])

    def with_method(self) -> Self:
        """Read along whether a signature was made by hand."""
        by_hand = Signature.objects.filter(agreement=OuterRef("pk"), method=Signature.Method.PAPER)
        return self.annotate(is_signed_by_hand=Exists(by_hand))


class Agreement(models.Model):
    """One version of the agreement with one employer: its terms as data and text, and their SHA-256."""

    class Status(models.TextChoices):
        """Signed by the employer is not yet in force: AAMI signs too."""

        PRESENTED = "presented", _("presented for signature")
        PAPER = "paper", _("signed on paper, not yet confirmed")
        SIGNED = "signed", _("signed by the employer")
        IN_FORCE = "in_force", _("in force")
        SUPERSEDED = "superseded", _("superseded")
        VOID = "void", _("void")
        ENDED = "ended", _("ended with the partnership")

    COUNTERSIGNED = (Status.IN_FORCE, Status.ENDED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employer: Any = models.ForeignKey(Employer, models.CASCADE, related_name="agreements")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.PRESENTED)
    template: Any = models.ForeignKey(AgreementTemplate, models.PROTECT, related_name="+")
    wage_schedule: Any = models.ForeignKey(WageSchedule, models.PROTECT, related_name="agreements")
    amendment: Any = models.ForeignKey(
        Amendment, models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    terms = models.JSONField(_("terms"))
    text = models.TextField(_("text as presented"))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    presented_at = models.DateTimeField(_("presented"), default=timezone.now)
    ended_at = models.DateTimeField(_("superseded, voided or ended"), null=True, blank=True)
    ended_reason = models.CharField(_("why"), max_length=200, blank=True)

    # Set by with_binding_version().
    binding_version: Any

    objects: ClassVar[Any] = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("employer", "-version")
        constraints = [
            models.UniqueConstraint(fields=["employer", "version"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["employer"],
                condition=Q(status__in=["presented", "paper", "signed"]),
                name="agreement_one_open",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Employer Agreement v%(version)s")) % {"version": self.version}

    @property
    def called(self) -> str:
        """What it is called in a sentence: the agreement, or which amendment to it."""
        if self.amendment is None:
            return str(_("the Employer Agreement"))
        return str(_("%(amendment)s to the Employer Agreement")) % {"amendment": self.amendment}

    @property
    def is_in_force(self) -> bool:
        """Whether both parties have signed, nothing has replaced it and the partnership lasts."""
        return self.status == self.Status.IN_FORCE

    @property
    def is_outdated(self) -> bool:
        """Whether AAMI has published a text since for which it has to be signed anew."""
        return self.binding_version is not None and bool(self.template.version < self.binding_version)

    @property
    def is_on_paper(self) -> bool:
        """Whether the employer signs by hand, confirmed or not."""
        return self.status == self.Status.PAPER or self.is_signed_by_hand

    @cached_property
    def is_signed_by_hand(self) -> bool:
        """Whether a signature was made by hand; with_method() reads it along."""
        return any(row.method == Signature.Method.PAPER for row in self.signatures.all())

    @property
    def standing(self) -> str:
        """Where it stands, in words that tell paper from an electronic signature."""
        words = str(self.get_status_display())
        is_told = self.status == self.Status.PAPER or not self.is_on_paper
        return words if is_told else str(_("%(status)s, on paper")) % {"status": words}


class Signature(models.Model):
    """The act of signing, with its evidence (domain: ESIGN 15 USC 7001, UETA 2(8), 9). Never changed."""

    class Party(models.TextChoices):
        """On whose behalf."""

        EMPLOYER = "employer", _("Employer")
        SPONSOR = "sponsor", _("AAMI")

    class Method(models.TextChoices):
        """How the signer was identified."""

        ACCOUNT = "account", _("Signed in to the portal with a confirmed e-mail address")
        CODE = "code", _("Signed in to the portal, and a code mailed to the signer's address")
        FACTOR = (
            "factor",
            _(
                "Signed in to the portal with a second factor; identity confirmed within the fifteen minutes before"
            ),
        )
        LINK = "link", _("A personal link and a code, both mailed to the signer's address")
        PAPER = "paper", _("By hand on paper; the scan was confirmed by AAMI")

    class Proof(models.TextChoices):
        """What the signer showed at the moment of signing, beside their session or link."""

        MAILED_CODE = "mailed_code", _("code mailed to the signer's address")
        APP = "totp", _("code of an authenticator app")
        PASSKEY = "webauthn", _("passkey")
        RECOVERY_CODE = "recovery_codes", _("recovery code of the second factor")
        PASSWORD = "password", _("password typed once more")

    agreement: Any = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    method = models.CharField(
        _("identified by"), max_length=10, choices=Method.choices, default=Method.ACCOUNT
    )
    proof = models.CharField(_("code or second factor"), max_length=14, choices=Proof.choices, blank=True)
    proof_at = models.DateTimeField(_("code mailed, or second factor used"), null=True)
    party = models.CharField(_("party"), max_length=10, choices=Party.choices)
    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("full name as typed"), max_length=120)
    title = models.CharField(_("title"), max_length=120)
    email = models.EmailField(_("e-mail"))
    authority = models.TextField(_("statement of authority"))
    consent_version = models.CharField(_("consent version"), max_length=20)
    consent_text = models.TextField(_("consent text"))
    intent = models.CharField(_("statement of intent"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of what was shown"), max_length=64)
    signed_at = models.DateTimeField(_("signed"), default=timezone.now)
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ("signed_at",)
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="signature_once_per_party")
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}"

    @property
    def printed_title(self) -> str:
        """The title that the agreement prints for who signs it, if they stated another one; else ""."""
        printed = str(self.agreement.terms["facts"]["representative"]["title"])
        is_told = self.party == self.Party.SPONSOR or same_words(self.title, printed)
        return "" if is_told else printed

    @property
    def signed_on(self) -> dt.date | None:
        """The date beside a signature by hand; an electronic one has a moment instead."""
        return self.scan.signed_on if self.method == self.Method.PAPER else None
