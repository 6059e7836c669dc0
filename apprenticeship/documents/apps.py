"""Papers: made by the worker, kept privately, read by those who may."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """From facts to HTML to PDF to private storage."""

    name = "apprenticeship.documents"
    label = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        """Let the worker make papers, and let them be verified."""
        from apprenticeship.documents import certificates, checks, orders, verification, working
        from apprenticeship.documents.models import Document
        from apprenticeship.records import queues
        from apprenticeship.records.verification import register

        queues.register(
            queues.Queue(name=orders.QUEUE, model=Document, work=working.make, comes_first=True)  # mail waits
        )
        register("documents", verification.check_documents)
        register("sealing certificates", certificates.check_certificates)
        checks.register_checks()
