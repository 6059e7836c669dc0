"""Questions and answers of the public pages, written by staff."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionQuerySet(models.QuerySet["Question"]):
    def shown_to(self, audience: str) -> Self:
        """Return what the page for an audience shows, in the order that managers gave."""
        return self.filter(audience=audience, is_shown=True)


class Question(models.Model):
    class Audience(models.TextChoices):
        """On which page it stands."""

        EMPLOYERS = "employers", _("Employers")
        APPRENTICES = "apprentices", _("Future apprentices")

    audience = models.CharField(_("for"), max_length=12, choices=Audience.choices)
    question = models.CharField(_("question"), max_length=200)
    answer = models.TextField(_("answer"), max_length=3000, help_text=_("Empty lines make paragraphs."))
    position = models.PositiveSmallIntegerField(_("order"), default=10)
    is_shown = models.BooleanField(_("shown"), default=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        ordering = ("audience", "position", "pk")

    def __str__(self) -> str:
        return self.question
