"""What happened, who is told, and what still has to be done."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """The event log, notifications and the queue of rows."""

    name = "apprenticeship.records"
    label = "records"
    verbose_name = _("Records")

    def ready(self) -> None:
        """Let the worker send mail, and the event chains be verified."""
        from apprenticeship.records import checks, delivery, queues, verification
        from apprenticeship.records.models import Notification

        queues.register(queues.Queue(name="notifications", model=Notification, work=delivery.deliver))
        verification.register("event chains", verification.check_chains)
        checks.register_checks()
