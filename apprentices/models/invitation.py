"""The list of interested people that AAMI had before the portal: who is invited, and what became of it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apprenticeship import days
from apprenticeship.records.models import QueuedRow


class ForgottenAddress(models.Model):
    """The fingerprint of an address that is not written to again: whoever had it was deleted or said no."""

    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.pk}"


class InvitationList(QueuedRow):
    """A table that staff uploaded; the worker invites its people row by row."""

    by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    size = models.PositiveIntegerField(_("people"))

    class Meta:
        verbose_name = _("list of people to invite")
        verbose_name_plural = _("lists of people to invite")
        ordering = ["-created_at"]
        permissions = [("invite_candidates", "Can invite people from a list")]

    def __str__(self) -> str:
        return str(_("List of %(at)s") % {"at": days.in_words(self.created_at, "M j, Y, H:i")})


class Invitation(models.Model):
    """Somebody on such a list. Name and address go as soon as the invitation is answered or was not sent."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waits to be invited")
        INVITED = "invited", _("invited, no answer yet")
        ACCEPTED = "accepted", _("filled in the form")
        DECLINED = "declined", _("said no")
        SILENT = "silent", _("did not answer in time")
        KNOWN = "known", _("not invited: on the list of candidates already")
        GONE = "gone", _("not invited: deleted or said no before")
        REPEATED = "repeated", _("not invited: was invited before")

    # An address is in one of these once, whatever list it stands on.
    WAS_INVITED = (Outcome.INVITED, Outcome.ACCEPTED, Outcome.DECLINED, Outcome.SILENT)
    # What is left of somebody who was not invited or has answered.
    NOTHING: ClassVar[dict[str, str]] = dict.fromkeys(
        ("name", "email", "phone", "zip_code", "token_hash"), ""
    )

    batch: Any = models.ForeignKey(
        InvitationList, models.CASCADE, related_name="invitations", verbose_name=_("list")
    )
    number = models.PositiveIntegerField(_("row"))
    fingerprint = models.CharField(max_length=64, db_index=True, editable=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    zip_code = models.CharField(_("ZIP code"), max_length=5, blank=True)
    outcome = models.CharField(
        _("what became of it"), max_length=10, choices=Outcome.choices, default=Outcome.WAITING
    )
    changed_at = models.DateTimeField(_("since"), default=timezone.now)
    # SHA-256 of the link last mailed, in hexadecimal; empty while none is good.
    token_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    class Meta:
        verbose_name = _("invited person")
        verbose_name_plural = _("invited people")
        ordering = ["batch", "number"]
        indexes = [models.Index(fields=["outcome", "changed_at"], name="invitation_outcome")]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(outcome__in=["invited", "accepted", "declined", "silent"]),
                name="invitation_once",
            )
        ]

    def __str__(self) -> str:
        # Without the name, because the admin's own log keeps this text.
        return f"{capfirst(self._meta.verbose_name)} {self.pk}"
