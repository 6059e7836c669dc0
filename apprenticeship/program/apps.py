from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramConfig(AppConfig):
    name = "apprenticeship.program"
    label = "program"
    verbose_name = _("Program settings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what the events of the settings keep."""
        from apprenticeship.program import event_facts
        from apprenticeship.records import details, verbs

        verbs.teach(event_facts.SAYS)
        details.teach(event_facts.FACTS)
