"""Draw the pages of a scan as JPEG pictures, in a process of its own.

The reader of PDFs is written in C++ and gets files that strangers made: it runs without Django, database or keys, with
a limit of memory and time, and hands back plain pictures. This file is that program too; it imports nothing of ours.
"""

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

# A letter page at 150 dots an inch is 1,650 pixels long. The next step is taken while all pages together are larger
# than what is enough: of a final paper ENOUGH, because the scan itself is in the same file, which goes by mail.
STEPS = ((1650, 72), (1240, 62), (930, 52), (700, 42))  # longest side in pixels, JPEG quality
ENOUGH = 4 * 1024 * 1024  # bytes
ENOUGH_TO_READ = 32 * 1024 * 1024  # bytes, of pages that stay here
SECONDS = 60
MEMORY = 1024 * 1024 * 1024  # bytes of address space
LENGTH = 4  # bytes in which the length of each picture is told


class Undrawable(ValueError):
    """A scan whose pages cannot be drawn within the limits."""


class Unfinished(Undrawable):
    """The time was over, or the program did not start: at another time it may do."""


def drawn(
    content: bytes, *, quick: bool = False, enough: int = ENOUGH, seconds: int = SECONDS
) -> list[bytes]:
    """Return one JPEG a page of a PDF, or of a picture, in order; `quick`: small ones, to see that it can be done.

    Raises Undrawable, and of these Unfinished where another try may do.
    """
    step = len(STEPS) - 1 if quick else 0
    command = [sys.executable, "-I", str(Path(__file__)), str(step), str(enough)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=seconds, check=True)  # noqa: S603 - our own program
    except (subprocess.TimeoutExpired, OSError) as error:
        raise Unfinished("The scan cannot be drawn as pages now.") from error
    except subprocess.SubprocessError as error:
        raise Undrawable("The scan cannot be drawn as pages.") from error
    return list(_parted(done.stdout))


def _parted(told: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(told):
        length = int.from_bytes(told[at : at + LENGTH])
        yield told[at + LENGTH : at + LENGTH + length]
        at += LENGTH + length


def _limit() -> None:
    import resource  # noqa: PLC0415 - not there on Windows, where this module can still be imported

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _pages(content: bytes, longest: int) -> Iterator[Any]:
    """Yield every page as a picture, none longer than asked for."""
    if b"%PDF-" not in content[:1024]:
        from PIL import Image  # noqa: PLC0415

        image = Image.open(BytesIO(content), formats=("JPEG",))
        image.draft("RGB", (longest, longest))  # decodes at a fraction of the size
        image.thumbnail((longest, longest))
        yield image
        return
    import pypdfium2  # noqa: PLC0415

    document = pypdfium2.PdfDocument(content)
    for page in document:
        yield page.render(scale=longest / max(page.get_size()), rev_byteorder=True).to_pil()


def _jpeg(image: Any, quality: int) -> bytes:
    stored = BytesIO()
    image.convert("RGB").save(stored, "JPEG", quality=quality, optimize=True)
    return stored.getvalue()


def main() -> None:
    """Draw what comes in; write the length and the bytes of each picture."""
    _limit()
    content, pictures = sys.stdin.buffer.read(), []
    step, enough = map(int, sys.argv[1:])
    for longest, quality in STEPS[step:]:
        pictures = [_jpeg(image, quality) for image in _pages(content, longest)]
        if sum(map(len, pictures)) <= enough:
            break
    for picture in pictures:
        sys.stdout.buffer.write(len(picture).to_bytes(LENGTH) + picture)


if __name__ == "__main__":
    main()
