"""Decode pictures that strangers uploaded, within a limit of pixels, so that they can be drawn anew.

Only what was drawn anew is kept: neither metadata nor anything hidden behind the picture survives. Pure: no models.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, ImageFile, ImageOps

# What a decoder raises for a file that is not what its header says.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, OverflowError, TypeError)
# Kinds whose further frames play one after the other; a JPEG's are other views of the same scene.
_PLAYING = ("PNG", "WEBP")


class Refused(ValueError):
    """A picture that may not be kept."""


class Damaged(Refused):
    """It cannot be decoded to its end, or is of another kind than asked for."""


class TooManyPixels(Refused):
    """It would need too much memory; no pixel was decoded."""


class Moves(Refused):
    """It is animated."""


def upright(content: bytes, *, kinds: tuple[str, ...], most_pixels: int) -> Image.Image:
    """Return the picture, gray or color on white, turned as its camera was held. `kinds` as Pillow names them.

    Raises Damaged, TooManyPixels or Moves.
    """
    try:
        with _strictly():
            with _opened(content, kinds, most_pixels) as image:
                image.verify()
            with _opened(content, kinds, most_pixels) as image:
                return _flat(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except Refused:
        raise
    except _DAMAGE as error:
        raise Damaged from error


@contextmanager
def _strictly() -> Iterator[None]:
    """Let half a picture fail, which WeasyPrint turns off for the process, and judge its size ourselves."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _opened(content: bytes, kinds: tuple[str, ...], most_pixels: int) -> Image.Image:
    """Return the picture with its header read, before any pixel is."""
    image = Image.open(BytesIO(content), formats=kinds)
    if image.width * image.height > most_pixels:
        raise TooManyPixels
    if image.format in _PLAYING and getattr(image, "is_animated", False):
        raise Moves
    return image


def _flat(image: Image.Image) -> Image.Image:
    """Return gray or color without transparency."""
    if image.mode.startswith("I"):  # 16 bits a pixel
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("RGB")
    return image.convert("RGB")
