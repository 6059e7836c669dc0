"""What versioned texts have in common: a draft is edited, a published version is only retired."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PublishedVersionIsFixed(ValidationError):
    """A published version was about to change or vanish; make a new version instead."""

    def __init__(self) -> None:
        super().__init__(_("This version is published and cannot change. Retire it and make a new version."))


def in_force() -> models.Q:
    """Return the condition of a version that is published by now and not retired."""
    return models.Q(published_at__lte=timezone.now(), retired_at__isnull=True)


class PublishedVersion(models.Model):
    version = models.PositiveIntegerField(_("version"), validators=[MinValueValidator(1)], default=1)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    is_sample = models.BooleanField(
        _("sample"),
        default=False,
        help_text=_("Shown as a sample: the sponsor's own text is not entered yet."),
    )

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.published_at <= timezone.now()

    @property
    def is_in_force(self) -> bool:
        return self.is_published and self.retired_at is None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save. Raises PublishedVersionIsFixed when more than `retired_at` of a published version differs."""
        if self._differs_from_published():
            raise PublishedVersionIsFixed
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete a draft. Raises PublishedVersionIsFixed on a published version."""
        if self.is_published:
            raise PublishedVersionIsFixed
        return super().delete(*args, **kwargs)

    def _differs_from_published(self) -> bool:
        names = [f.attname for f in self._meta.concrete_fields if f.attname not in {"id", "retired_at"}]
        manager = type(self)._default_manager
        stored = manager.filter(pk=self.pk, published_at__lte=timezone.now()).values(*names).first()
        if stored is None:
            return False
        return any(str(getattr(self, name)) != str(stored[name]) for name in names)


class BindingVersion(PublishedVersion):
    """A text that employers sign or acknowledge."""

    must_resign = models.BooleanField(
        _("must re-sign"),
        default=False,
        help_text=_(
            "Agreements signed before this version do not hold for it: applications sign again before approval, "
            "partners are told that an amendment is due. Otherwise it binds where an agreement is presented next."
        ),
    )

    reaches_partners = models.BooleanField(
        _("partners too"),
        default=True,
        help_text=_("Agreements in force as well; otherwise only those that are not in force yet."),
    )

    class Meta:
        abstract = True
