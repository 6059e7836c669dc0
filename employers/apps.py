"""Employers and their way to partnership."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmployersConfig(AppConfig):
    """Employers, the eight steps, agreements and the review desk."""

    name = "employers"
    verbose_name = _("Employers")
