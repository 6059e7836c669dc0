"""Turn an uploaded logo into the pictures that are kept: one fixed size, and the same for dense screens.

What is kept was drawn anew on white: no metadata, nothing hidden behind the picture, no script that an SVG may carry.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from apprenticeship import pictures
from apprenticeship.picture_tails import is_two_files

LARGEST = 5 * 1024 * 1024
MOST_PIXELS = 10_000_000
KINDS = ("JPEG", "PNG", "WEBP")
# Pixels, width and height; the first is what pages reserve.
SIZES = {"1x": (240, 120), "2x": (480, 240)}
QUALITY = 75
# Gray, 255 is white: a logo without anything darker cannot be seen on white.
FAINTEST = 225
FOLDER = "logos"
CONTENT_TYPE = "image/webp"

EMPTY = _("The file is empty. Save the logo again and choose it once more.")
TOO_LARGE = _("The file is larger than 5 MB. Export the logo some 1,000 pixels wide.")
DRAWING = _(
    "This is an SVG drawing or a web page, which may carry scripts. Export the logo as PNG, some 1,000 pixels wide."
)
UNKNOWN = _(
    "This is neither a PNG nor a JPEG or WebP picture, whatever its name says. Export the logo as PNG."
)
DAMAGED = _("This picture is damaged or incomplete. Export the logo once more.")
TOO_MANY_PIXELS = _("This picture has more than 10 million pixels. Export the logo some 1,000 pixels wide.")
TWO_FILES = _(
    "Behind the picture this file carries something else, such as a web page, a script, an archive or a document. "
    "Export the logo once more as PNG."
)
MOVES = _("This picture is animated. Choose one that stands still.")
TOO_SMALL = _(
    "This picture is too small to look sharp. Choose one at least 240 pixels wide or 120 pixels high."
)
INVISIBLE = _(
    "On white nothing of this logo can be seen. Choose the version for light backgrounds, or one on its own color."
)


@dataclass(frozen=True, slots=True)
class Logo:
    """The pictures of one logo, WebP, by the names in SIZES."""

    files: dict[str, bytes]

    @property
    def sha256(self) -> str:
        """The name under which they are kept."""
        return hashlib.sha256(self.files["2x"]).hexdigest()


def checked(upload: UploadedFile) -> Logo:
    """Return the logo in an upload. Raises ValidationError with the reason, in words for its owner."""
    if not upload.size:
        raise ValidationError(EMPTY, code="empty")
    if upload.size > LARGEST:
        raise ValidationError(TOO_LARGE, code="too_large")
    picture = _decoded(upload.read())
    if picture.width < SIZES["1x"][0] and picture.height < SIZES["1x"][1]:
        raise ValidationError(TOO_SMALL, code="too_small")
    if not any(picture.convert("L").histogram()[: FAINTEST + 1]):
        raise ValidationError(INVISIBLE, code="invisible")
    return Logo({name: _drawn(picture, size) for name, size in SIZES.items()})


def _decoded(content: bytes) -> Image.Image:
    """Return the picture on white. Raises ValidationError."""
    is_picture = content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    )
    if not is_picture:
        is_drawing = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
        raise ValidationError(DRAWING if is_drawing else UNKNOWN, code="unknown")
    if is_two_files(content):
        raise ValidationError(TWO_FILES, code="two_files")
    try:
        return pictures.upright(content, kinds=KINDS, most_pixels=MOST_PIXELS)
    except pictures.TooManyPixels as error:
        raise ValidationError(TOO_MANY_PIXELS, code="pixels") from error
    except pictures.Moves as error:
        raise ValidationError(MOVES, code="moves") from error
    except pictures.Damaged as error:
        raise ValidationError(DAMAGED, code="damaged") from error


def _drawn(picture: Image.Image, size: tuple[int, int]) -> bytes:
    """Return the picture as large as it fits, in the middle of a white one of this size."""
    fitted = ImageOps.contain(picture.convert("RGB"), size, Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", size, "white")
    canvas.paste(fitted, ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2))
    return min((_encoded(canvas, lossless=flag) for flag in (True, False)), key=len)


def _encoded(canvas: Image.Image, *, lossless: bool) -> bytes:
    stored = BytesIO()
    canvas.save(stored, "WEBP", lossless=lossless, quality=QUALITY, method=6)
    return stored.getvalue()


def path_of(sha256: str, size: str) -> str:
    """Return where a picture is kept."""
    return f"{FOLDER}/{sha256}-{size}.webp"


def keep(logo: Logo) -> str:
    """Store the pictures, each once, and return the logo's SHA-256."""
    for size, content in logo.files.items():
        if not default_storage.exists(path_of(logo.sha256, size)):
            default_storage.save(path_of(logo.sha256, size), ContentFile(content))
    return logo.sha256


def remove(sha256: str) -> None:
    """Delete a kept picture in every size; one that is gone already is no mistake."""
    for size in SIZES:
        default_storage.delete(path_of(sha256, size))


def read(sha256: str, size: str) -> bytes:
    """Return a kept picture. Raises FileNotFoundError."""
    with default_storage.open(path_of(sha256, size)) as stored:
        return bytes(stored.read())
