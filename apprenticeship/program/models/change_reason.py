"""Why a part of an application needs a change: the list that reviewers choose from."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeReasonQuerySet(models.QuerySet["ChangeReason"]):
    def offered(self) -> Self:
        """Return what a reviewer can choose today, in the order that managers gave."""
        return self.filter(is_offered=True)


class ChangeReason(models.Model):
    title = models.CharField(_("reason"), max_length=80, unique=True, help_text=_("What reviewers choose."))
    text = models.CharField(
        _("words to the employer"),
        max_length=300,
        help_text=_("One sentence; the reviewer's note follows it."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_offered = models.BooleanField(_("offered"), default=True)
    is_sample = models.BooleanField(
        _("sample"),
        default=False,
        help_text=_("Came with the portal; untick it once the words are your own."),
    )

    objects = ChangeReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("review reason")
        verbose_name_plural = _("review reasons")
        ordering = ("position", "title")

    def __str__(self) -> str:
        return self.title
