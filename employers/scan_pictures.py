"""Pages of a scan as pictures to read: drawn once, all in one process, and kept beside the file, as private as it is.

The worker draws soon after the upload; who reads before that draws. Others wait for the one who draws, so that a
browser that asks for forty pages starts one process.
"""

import datetime as dt
import posixpath
import time
from contextlib import suppress

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.utils import timezone

from apprenticeship.documents import page_pictures
from apprenticeship.documents.page_pictures import Undrawable
from employers.models import PaperScan
from employers.scans import SECONDS_TO_DRAW

DRAWING, FAILED = "drawing", "failed"
SECONDS_TO_REMEMBER = 600  # for which a scan that cannot be drawn is not tried again
NEW = dt.timedelta(days=1)
LOOK_EVERY = 0.2  # seconds


class StillDrawn(Exception):
    """Somebody else draws the scan and is not done yet."""


def draw_new() -> None:
    """Draw the scans of the last day that nobody has read yet."""
    for scan in PaperScan.objects.waiting().filter(uploaded_at__gt=timezone.now() - NEW):
        with suppress(Undrawable, StillDrawn, FileNotFoundError):
            _make_sure(scan)


def page(scan: PaperScan, number: int) -> bytes:
    """Return one page as JPEG, counted from 1. Raises Undrawable and StillDrawn."""
    _make_sure(scan)
    try:
        with scan.file.storage.open(_name(scan, number)) as stored:
            return bytes(stored.read())
    except FileNotFoundError as error:
        raise Undrawable("The scan has no such page.") from error


def _make_sure(scan: PaperScan) -> None:
    """Draw the pages unless they are there. Raises Undrawable and StillDrawn."""
    if not _is_drawn(scan):
        _draw_once(scan)


def _is_drawn(scan: PaperScan) -> bool:
    """Whether all pages are there: the last is stored last."""
    return bool(scan.file.storage.exists(_name(scan, scan.pages)))


def _name(scan: PaperScan, number: int) -> str:
    """Return where a page is kept: in the folder of the scan, under its random name."""
    return f"{posixpath.splitext(str(scan.file.name))[0]}-{number}.jpg"


def _draw_once(scan: PaperScan) -> None:
    """Draw all pages, or wait until somebody has. Raises Undrawable and StillDrawn."""
    key = f"scan-pictures:{scan.pk}"
    patience = time.monotonic() + SECONDS_TO_DRAW
    while not cache.add(key, DRAWING, SECONDS_TO_DRAW * 2):
        if cache.get(key) == FAILED:
            raise Undrawable("The scan cannot be drawn as pages.")
        if time.monotonic() > patience:
            raise StillDrawn
        time.sleep(LOOK_EVERY)
    try:
        _keep(scan)
    except Undrawable:
        cache.set(key, FAILED, SECONDS_TO_REMEMBER)
        raise
    except BaseException:  # the storage was away, or this process ends: the next one draws
        cache.delete(key)
        raise
    cache.delete(key)


def _keep(scan: PaperScan) -> None:
    """Store every page that is not there yet."""
    if _is_drawn(scan):  # while this one waited
        return
    pictures = page_pictures.drawn(scan.read(), enough=page_pictures.ENOUGH_TO_READ, seconds=SECONDS_TO_DRAW)
    if len(pictures) != scan.pages:
        raise Undrawable(f"The scan has {len(pictures)} pages, not {scan.pages}.")
    storage = scan.file.storage
    for number, picture in enumerate(pictures, 1):
        storage.delete(_name(scan, number))  # what a broken-off drawing left
        storage.save(_name(scan, number), ContentFile(picture))
