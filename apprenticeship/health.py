"""Whether the process lives and what it needs answers."""

import logging
from collections.abc import Callable
from tempfile import TemporaryFile

from botocore.exceptions import BotoCoreError, ClientError
from celery import current_app
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu.exceptions import KombuError

logger = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer while the process lives."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, broker and storage answer, else 503 with the name of what does not."""
    parts = {"database": _database, "broker": _broker, "storage": _storage}
    answers = {name: _answers(name, ask) for name, ask in parts.items()}
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


def _answers(name: str, ask: Callable[[], None]) -> bool:
    try:
        ask()
    except (DatabaseError, KombuError, BotoCoreError, ClientError, OSError) as error:
        logger.warning("%s does not answer: %s", name, type(error).__name__)
        return False
    return True


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with current_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def _storage() -> None:
    """Write where papers are kept; ask an object store, which costs money to write to, whether it answers."""
    if isinstance(default_storage, FileSystemStorage):
        with TemporaryFile(dir=default_storage.location) as file:
            file.write(b"ready")
    else:
        default_storage.exists("readyz")
