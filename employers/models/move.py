"""What an onboarding went through: one row a move, with the words that came with it."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apprenticeship.records.models import AppendOnly, Event
from employers.models.onboarding import Onboarding
from employers.onboarding import EDGE_BY_NAME, State


class Move(AppendOnly):
    """One move. Its event holds only this row's id: words may have to be erased one day, an event never is.

    `at - since` is how long the onboarding was in `source`; a walk's moves follow each other within an instant.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    onboarding: Any = models.ForeignKey(Onboarding, models.CASCADE, related_name="moves")
    event: Any = models.OneToOneField(Event, models.PROTECT, related_name="move")
    edge = models.CharField(_("move"), max_length=40)
    source = models.CharField(_("from"), max_length=20, choices=State.choices)
    target = models.CharField(_("to"), max_length=20, choices=State.choices)
    since = models.DateTimeField(_("in the first state since"))
    at = models.DateTimeField(_("when"))
    is_walk = models.BooleanField(_("by itself, because the answers held already"), default=False)
    # As with events, what somebody did outlives their account, by number.
    by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("by"),
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        ordering = ("-at",)
        indexes = [
            models.Index(fields=["source", "at"], name="move_left"),
            models.Index(fields=["target", "at"], name="move_entered"),
        ]

    def __str__(self) -> str:
        edge = EDGE_BY_NAME.get(self.edge)
        return str(edge.happened) if edge else self.edge
