"""Judge an uploaded scan by its content, whatever its name says, and return what is safe to keep and to show.

PDFs are read by pyHanko, which the portal runs on anyway and which bounds what a stream may unpack to; every object
that a reader could reach is looked at, and nothing is run; then its pages are drawn once, because the final paper will
show them. Pictures are decoded within a limit of pixels and written
anew, so that neither metadata nor anything hidden behind the picture is kept.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from apprenticeship import pictures
from apprenticeship.documents import page_pictures
from employers.models.paper import JPEG, PDF

LARGEST = 15 * 1024 * 1024
MOST_PAGES = 40
MOST_OBJECTS = 100_000
# A letter page at 600 dots an inch has 34 million.
MOST_PIXELS = 60_000_000
HEADER_WITHIN = 1024
SECONDS_TO_DRAW = 20
QUALITY = 88

# What makes a PDF do something, or carry something along.
ACTIVE_KEYS = frozenset({"/AA", "/EF", "/EmbeddedFiles", "/JavaScript", "/JS", "/RichMediaContent", "/XFA"})
ACTIVE_KINDS = frozenset({
    "/EmbeddedFile", "/FileAttachment", "/GoToE", "/GoToR", "/ImportData", "/JavaScript", "/Launch", "/Movie",
    "/Rendition", "/RichMedia", "/Screen", "/Sound", "/SubmitForm",
})  # fmt: skip

EMPTY = _("The file is empty. Save the scan again and choose it once more.")
TOO_LARGE = _("The file is larger than 15 MB. Scan with 300 dots an inch, or in shades of gray.")
UNKNOWN = _(
    "This is neither a PDF nor a JPEG or PNG picture, whatever its name says. Save the scan as one of these."
)
DAMAGED_PDF = _("This PDF is damaged or incomplete. Scan the paper again.")
ENCRYPTED = _("This PDF is protected by a password. Save it without protection.")
ACTIVE = _(
    "This PDF contains scripts, attachments or actions, which a scan does not need. "
    "Scan the paper again, or print the PDF to a new PDF."
)
NO_PAGES = _("This PDF has no page.")
UNDRAWABLE = _(
    "The pages of this PDF cannot be shown as pictures. Scan the paper again, with 300 dots an inch at most."
)
TOO_MANY_PAGES = _("This PDF has more than 40 pages. Upload the agreement alone.")
DAMAGED_PICTURE = _("This picture is damaged or incomplete. Scan or photograph the paper again.")
MOVES = _("This picture is animated. Scan or photograph the paper.")
TOO_MANY_PIXELS = _("This picture has more than 60 million pixels. Scan with 300 dots an inch.")


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that may be kept."""

    content: bytes
    content_type: str
    pages: int

    @property
    def sha256(self) -> str:
        """The fingerprint of what is kept."""
        return hashlib.sha256(self.content).hexdigest()


def checked(upload: UploadedFile) -> Scan:
    """Return the scan in an upload. Raises ValidationError with the reason, in words for its owner."""
    if not upload.size:
        raise ValidationError(EMPTY, code="empty")
    if upload.size > LARGEST:
        raise ValidationError(TOO_LARGE, code="too_large")
    content = upload.read()
    if b"%PDF-" in content[:HEADER_WITHIN]:
        _check_pages(content)
        return Scan(content, PDF, _drawable(content))
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return Scan(_drawn_anew(content), JPEG, 1)
    raise ValidationError(UNKNOWN, code="unknown")


def _drawn_anew(content: bytes) -> bytes:
    """Return the picture as a plain JPEG: upright, on white, without metadata."""
    try:
        flat = pictures.upright(content, kinds=("JPEG", "PNG"), most_pixels=MOST_PIXELS)
    except pictures.TooManyPixels as error:
        raise ValidationError(TOO_MANY_PIXELS, code="pixels") from error
    except pictures.Moves as error:
        raise ValidationError(MOVES, code="moves") from error
    except pictures.Damaged as error:
        raise ValidationError(DAMAGED_PICTURE, code="damaged") from error
    stored = BytesIO()
    flat.save(stored, "JPEG", quality=QUALITY, optimize=True)
    return stored.getvalue()


def _drawable(content: bytes) -> int:
    """Return how many pages can be drawn: the final paper will show them all. Raises ValidationError."""
    try:
        return len(page_pictures.drawn(content, quick=True, seconds=SECONDS_TO_DRAW))
    except page_pictures.Undrawable as error:
        raise ValidationError(UNDRAWABLE, code="undrawable") from error


def _check_pages(content: bytes) -> None:
    """Raise ValidationError unless a PDF is harmless and has 1 to 40 pages."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 - loaded by uploads only
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        reader = PdfFileReader(BytesIO(content), strict=False)
        if reader.encrypted:
            raise ValidationError(ENCRYPTED, code="encrypted")
        pages = sum(_count(row) for row in _dictionaries(reader.root))
    except ValidationError:
        raise
    except (PdfError, ArithmeticError, AttributeError, LookupError, NotImplementedError, OSError, RecursionError,
            TypeError, ValueError, AssertionError) as error:  # fmt: skip
        raise ValidationError(DAMAGED_PDF, code="damaged") from error
    if not pages:
        raise ValidationError(NO_PAGES, code="no_pages")
    if pages > MOST_PAGES:
        raise ValidationError(TOO_MANY_PAGES, code="pages")


def _count(row: Any) -> int:
    """Return 1 for a page, 0 for every other harmless dictionary. Raises ValidationError for one that acts."""
    # Only [] follows a reference: a name may be one.
    kinds = {str(row[name]) for name in ("/S", "/Subtype", "/Type") if name in row}
    acts = ACTIVE_KEYS.intersection(dict.keys(row)) or kinds & ACTIVE_KINDS
    if acts:
        raise ValidationError(ACTIVE, code="active")
    return int("/Page" in kinds)


def _dictionaries(root: Any) -> Iterator[Any]:
    """Yield every dictionary that can be reached from the catalog, each once."""
    from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject  # noqa: PLC0415

    waiting, seen, count = [root], set(), 0
    while waiting:
        here, count = waiting.pop(), count + 1
        if count > MOST_OBJECTS:
            raise ValidationError(ACTIVE, code="objects")
        if isinstance(here, IndirectObject):
            if (here.idnum, here.generation) in seen:
                continue
            seen.add((here.idnum, here.generation))
            here = here.get_object()
        if isinstance(here, DictionaryObject):
            yield here
            waiting += dict.values(here)
        elif isinstance(here, ArrayObject):
            waiting += list.__iter__(here)
