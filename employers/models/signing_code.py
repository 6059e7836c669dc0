"""The code that is mailed at the moment of signing, of forwarding a link to sign, or of declining to."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from employers.models.agreement import Agreement

CODE_LIFE = dt.timedelta(minutes=15)
CODE_TRIES = 5


class SigningCode(models.Model):
    """The newest code for one address, one text and one act, hashed; a new one takes the place of the last."""

    class Purpose(models.TextChoices):
        """The act that a code is for; it works for no other."""

        SIGN = "sign", _("Sign")
        FORWARD = "forward", _("Forward")
        DECLINE = "decline", _("Decline")

    agreement: Any = models.ForeignKey(Agreement, models.CASCADE, related_name="signing_codes")
    email = models.EmailField(_("e-mail"))
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.SIGN, editable=False)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    sent = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("signing code")
        verbose_name_plural = _("signing codes")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "email", "purpose"], name="signing_code_once_per_address"
            )
        ]

    def __str__(self) -> str:
        return self.email
