"""What a file carries after its picture ends, and whether that makes it a second kind of file. Pure: no models.

Phones append to their JPEGs: views in depth, a short film, notes of the maker. That is dropped when a picture is drawn
anew and no reason to refuse it. A web page, script, archive, document or program is: no camera writes one there.
"""

import re
import zipfile
from io import BytesIO

# Looked for in lower case and without zero bytes, so that text of two bytes a letter is found too. Phones write XMP,
# which begins with <?xpacket or <x:xmpmeta.
_SECOND = re.compile(
    rb"<(?:!doctype|html|head|body|script|svg|iframe|object|embed|img|style|\?php|\?xml-stylesheet)[\s>/]|<\?php"
    rb"|javascript:|%pdf-|rar!\x1a\x07|7z\xbc\xaf\x27\x1c|this program cannot be run in dos mode"
)
_PROGRAM = (b"MZ", b"\x7fELF", b"#!")
# The next marker of a JPEG in packed data: 0xFF that is neither stuffed, a restart nor filling.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_EOI, _SOS = 0xD9, 0xDA


def is_two_files(content: bytes) -> bool:
    """Tell whether a PNG, JPEG or WebP is a page, script, archive, document or program as well."""
    tail = _tail(content)
    if not tail:
        return False
    words = tail.replace(b"\0", b"").lower()
    return (
        tail.lstrip().startswith(_PROGRAM) or bool(_SECOND.search(words)) or zipfile.is_zipfile(BytesIO(tail))
    )


def _tail(content: bytes) -> bytes:
    """Return what follows the picture's end, b"" for one that has no end."""
    if content.startswith(b"\x89PNG"):
        end = _end_of_png(content)
    elif content.startswith(b"RIFF"):
        end = 8 + int.from_bytes(content[4:8], "little")
    else:
        end = _end_of_jpeg(content)
    return content[end:]


def _end_of_png(content: bytes) -> int:
    """Return where the chunk IEND ends."""
    at = 8
    while at + 8 <= len(content):
        name = content[at + 4 : at + 8]
        at += 12 + int.from_bytes(content[at : at + 4], "big")
        if name == b"IEND":
            return at
    return len(content)


def _end_of_jpeg(content: bytes) -> int:
    """Return where the first picture's marker of its end stands; thumbnails lie inside of segments."""
    at = 2
    while found := _MARKER.search(content, at):
        marker, at = content[found.end() - 1], found.end()
        if marker == _EOI:
            return at
        if marker != _SOS and at + 2 <= len(content):
            at += int.from_bytes(content[at : at + 2], "big")
    return len(content)
