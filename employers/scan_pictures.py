"""Pages of a scan as pictures to read: drawn once, all in one process, and kept beside the file, as private as it is.

The worker draws soon after the upload; who reads before that draws. Nobody waits for the one who draws: a browser that
asks for forty pages starts one process, and is told to ask again.
"""

import datetime as dt
import logging
import posixpath
import time

from botocore.exceptions import BotoCoreError, ClientError
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.utils import timezone

from apprenticeship.documents import page_pictures
from apprenticeship.documents.page_pictures import Undrawable, Unfinished
from employers.models import PaperScan
from employers.scans import SECONDS_TO_DRAW

logger = logging.getLogger(__name__)

DRAWING, FAILED, UNFINISHED = "drawing", "failed", "unfinished"
SECONDS_TO_REMEMBER = 600  # for which a scan that cannot be drawn is not tried again
SECONDS_OF_THE_WORKER = 50  # for all scans of one turn; Celery ends a task after 60
SECONDS_AT_LEAST = 10  # with less left a scan waits for the next turn
NEW = dt.timedelta(days=1)


class StillDrawn(Exception):
    """The scan is not drawn yet: somebody is at it, or ran out of time and will be followed by another."""


def draw_new() -> None:
    """Draw the scans of the last day that nobody has read yet. One that fails leaves their turn to the others."""
    until = time.monotonic() + SECONDS_OF_THE_WORKER
    for scan in PaperScan.objects.waiting().filter(uploaded_at__gt=timezone.now() - NEW):
        seconds = int(until - time.monotonic())
        if seconds < SECONDS_AT_LEAST:
            return
        try:
            _make_sure(scan, seconds)
        except (Undrawable, StillDrawn, FileNotFoundError):
            continue
        except (OSError, BotoCoreError, ClientError) as error:  # the storage was away
            logger.warning("Scan %s is not drawn: %s", scan.pk, type(error).__name__)


def page(scan: PaperScan, number: int) -> bytes:
    """Return one page as JPEG, counted from 1. Raises Undrawable and StillDrawn."""
    _make_sure(scan, SECONDS_TO_DRAW)
    try:
        with scan.file.storage.open(_name(scan, number)) as stored:
            return bytes(stored.read())
    except FileNotFoundError as error:
        raise Undrawable("The scan has no such page.") from error


def _make_sure(scan: PaperScan, seconds: int) -> None:
    """Draw the pages unless they are there, within this time. Raises Undrawable and StillDrawn."""
    if not _is_drawn(scan):
        _draw_once(scan, seconds)


def _is_drawn(scan: PaperScan) -> bool:
    """Whether all pages are there: the last is stored last."""
    return bool(scan.file.storage.exists(_name(scan, scan.pages)))


def _name(scan: PaperScan, number: int) -> str:
    """Return where a page is kept: in the folder of the scan, under its random name."""
    return f"{posixpath.splitext(str(scan.file.name))[0]}-{number}.jpg"


def _draw_once(scan: PaperScan, seconds: int) -> None:
    """Draw all pages unless somebody is at it. Raises Undrawable and StillDrawn.

    A scan that takes too long is left alone for twice as long, so that it costs nobody more than a third of the time.
    """
    key = f"scan-pictures:{scan.pk}"
    if not cache.add(key, DRAWING, seconds * 2):
        if cache.get(key) == FAILED:
            raise Undrawable("The scan cannot be drawn as pages.")
        raise StillDrawn
    try:
        _keep(scan, seconds)
    except Unfinished as error:
        cache.set(key, UNFINISHED, seconds * 2)
        raise StillDrawn from error
    except Undrawable:
        cache.set(key, FAILED, SECONDS_TO_REMEMBER)
        raise
    except BaseException:  # the storage was away, or this process ends: the next one draws
        cache.delete(key)
        raise
    cache.delete(key)


def _keep(scan: PaperScan, seconds: int) -> None:
    """Store every page that is not there yet."""
    if _is_drawn(scan):  # between the first look and this turn
        return
    pictures = page_pictures.drawn(scan.read(), enough=page_pictures.ENOUGH_TO_READ, seconds=seconds)
    if len(pictures) != scan.pages:
        raise Undrawable(f"The scan has {len(pictures)} pages, not {scan.pages}.")
    storage = scan.file.storage
    for number, picture in enumerate(pictures, 1):
        storage.delete(_name(scan, number))  # what a broken-off drawing left
        storage.save(_name(scan, number), ContentFile(picture))
