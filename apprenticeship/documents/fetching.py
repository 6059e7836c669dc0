"""What a paper may open: our own static files, the fonts and the pictures handed to it. Nothing on the network."""

import logging
import mimetypes
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation

logger = logging.getLogger(__name__)

# Packages that ship their fonts as files: `font:SourceSansPro-Regular.ttf` is looked up in them by name.
FONT_PACKAGES = (
    "font_source_sans_pro",
    "font_source_serif_pro",
    "manimgx_fonts",
    "noto_cjk_sans_jp_regular",
)
VARIABLE = "[wght]"  # in the file name of a font with a weight axis; an address holds no brackets


@cache
def font_files() -> dict[str, Path]:
    """Return every shipped font by its file name."""
    files: dict[str, Path] = {}
    for package in FONT_PACKAGES:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations if spec else None) or []:
            files |= {path.name.replace(VARIABLE, ""): path for path in Path(folder).rglob("*.[ot]tf")}
    return files


def allowed_file(url: str) -> Path | None:
    """Return the file that an address stands for, or None if a paper may not open it."""
    scheme, _colon, name = url.partition(":")
    if scheme == "font":
        return font_files().get(name)
    if scheme != "static":
        return None
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:
        return None
    return Path(found) if isinstance(found, str) else None


@cache
def fetcher_class() -> type[Any]:
    """Return the engine's fetcher without its network and files; a function, as the engine loads late."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class OwnFilesOnly(URLFetcher):
        """Opens `static:` and `font:` addresses, and of pictures those it was given, JPEGs by address."""

        def __init__(self, pictures: Mapping[str, bytes] | None = None) -> None:
            super().__init__()
            self.pictures = pictures or {}

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            """Return the content of one of our files. Raises ValueError for anything else."""
            if url in self.pictures:
                return URLFetcherResponse(url, self.pictures[url], {"Content-Type": "image/jpeg"})
            path = allowed_file(url)
            if path is None:
                logger.warning("A paper asked for something that is not ours (%s…)", scheme_of(url))
                raise ValueError("Papers open nothing but our own files")
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return OwnFilesOnly


def scheme_of(url: str) -> str:
    """Return what may be logged of an address: its scheme, if it is a common one."""
    scheme = url.partition(":")[0].lower()
    return scheme if scheme in {"http", "https", "file", "ftp", "data", "static", "font"} else "other"
