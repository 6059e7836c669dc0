from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramConfig(AppConfig):
    name = "apprenticeship.program"
    label = "program"
    verbose_name = _("Program settings")
    default_auto_field = "django.db.models.BigAutoField"
