"""Papers: made by the worker, kept privately, read by those who may."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """From facts to HTML to PDF to private storage."""

    name = "apprenticeship.documents"
    label = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        """Let the worker make papers."""
        from apprenticeship.documents import orders, working
        from apprenticeship.documents.models import Document
        from apprenticeship.records import queues

        queues.register(queues.Queue(name=orders.QUEUE, model=Document, work=working.make))
