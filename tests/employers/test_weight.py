"""What a first visit to a public page weighs over the wire: the page, its styles as they are sent, every picture."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.pages import Page

pytestmark = pytest.mark.django_db

MOST = 100_000  # bytes
PAGES = (
    "/", "/program/", "/steps/", "/steps/questions/", "/readiness/", "/partners/", "/future-apprentices/",
    "/interest/", "/verify/", "/privacy/",
)  # fmt: skip


@pytest.fixture
def partners(db: None, tmp_path: Path, settings: Any) -> None:
    """As many partners with logos as the landing page shows; on a longer list they load as one scrolls."""
    from apprenticeship.pages import SHOWN
    from employers import logos
    from employers.models import Employer, LogoCard, Onboarding

    settings.MEDIA_ROOT = tmp_path
    for number in range(SHOWN):
        name = f"{'ABCDEFGH'[number]}-Town Medical Center"
        employer = Employer.objects.create(legal_name=name)
        Onboarding.objects.create(employer=employer, state="active")
        logo = logos.keep(drawn(name, number))
        LogoCard.objects.create(
            employer=employer, display_name=name, status="approved", logo=logo, alt_text=name
        )


@cache
def drawn(name: str, number: int) -> Any:
    """Return a logo as an upload leaves it, drawn and checked once for all pages."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from employers import logos
    from employers.samples.logos import draw

    return logos.checked(SimpleUploadedFile("logo.png", draw(name, number)))


def sent(url: str) -> int:
    """Return the bytes of one file as the portal sends it: static files compressed by WhiteNoise."""
    if not url.startswith("/static/"):
        return len(Client().get(url).content)
    found = finders.find(url.removeprefix("/static/"))
    assert isinstance(found, str), url
    content = Path(found).read_bytes()
    return len(content if url.endswith((".png", ".webp")) else gzip.compress(content, 9))


@pytest.mark.parametrize("path", PAGES)
def test_first_visit_is_light_and_asks_nobody_else(partners: None, path: str) -> None:
    page = Page(Client().get(path))
    files = set(
        page.tree.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src")
    )
    dense = {
        part.strip().partition(" ")[0]
        for srcset in page.tree.xpath("//img/@srcset")
        for part in srcset.split(",")
    }
    pictures = {url for url in files if url.startswith("/logos/")}
    heavier = (files - pictures) | {url for url in dense if url.endswith("-2x.webp")}
    assert [url for url in files | dense if not url.startswith("/") or url.startswith("//")] == []
    weight = len(page.html.encode()) + sum(sent(url) for url in heavier)
    assert weight < MOST, weight
