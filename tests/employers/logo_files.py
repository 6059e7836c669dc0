"""Logos to upload: good ones, and a corpus of those that lie, hide, move or burst."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from tests.employers.scans import animated_gif, bomb, photograph

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><script>alert(1)</script></svg>'
PAGE = b"<!doctype html><title>x</title><script>alert(1)</script>"

CARRIES = "Behind the picture this file carries something else"
# What phones append: a second view with its description, a film of the moment, the maker's notes.
XMP = b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>'
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + Random(7).randbytes(300_000)
SAMSUNG = b"\0\0\x01\x0aImage_UTC_Data1700000000000SEFHk\0\0\0\x01\0\0\0SEFT"


def logo(
    kind: str = "PNG", size: tuple[int, int] = (600, 200), mode: str = "RGB", **options: object
) -> bytes:
    """Return a blue bar on white, or on nothing where the mode has transparency."""
    is_clear = mode in ("RGBA", "LA")
    image = Image.new("RGBA", size, (255, 255, 255, 0 if is_clear else 255))
    ImageDraw.Draw(image).rectangle(
        (size[0] // 8, size[1] // 4, size[0] * 7 // 8, size[1] * 3 // 4), "#0b5d7a"
    )
    stored = BytesIO()
    image.convert(mode).save(stored, kind, **options)  # type: ignore[arg-type]
    return stored.getvalue()


def deep() -> bytes:
    """Return a picture of 16 bits a pixel."""
    stored = BytesIO()
    Image.linear_gradient("L").resize((600, 200)).convert("I").point(lambda v: v * 200).convert("I;16").save(
        stored, "PNG"
    )
    return stored.getvalue()


def colored_deep() -> bytes:
    """Return a PNG of three channels of 16 bits, which Pillow cannot write."""
    width, height = 300, 150
    rows = b"".join(b"\0" + struct.pack(">HHH", 3000, 20000, 40000) * width for _row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    packed = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + packed


def moving(kind: str) -> bytes:
    """Return two frames, to be played one after the other."""
    frames = [Image.new("RGB", (300, 150), color) for color in ("red", "blue")]
    stored = BytesIO()
    frames[0].save(stored, kind, save_all=True, append_images=frames[1:], duration=80)
    return stored.getvalue()


def with_archive() -> bytes:
    """Return a JPEG that is a ZIP archive as well."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("secret.html", PAGE)
    return logo("JPEG") + stored.getvalue()


def with_thumbnail() -> bytes:
    """Return a JPEG that holds a whole smaller one, with its marker of the end, in a segment of its own."""
    plain, small = logo("JPEG"), logo("JPEG", size=(60, 30))
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(small) + 2) + small + plain[2:]


def with_text_bomb() -> bytes:
    """Return a PNG whose comment unpacks to 80 megabytes."""
    data = b"Comment\0\0" + zlib.compress(b"0" * 80_000_000)
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data + struct.pack(">I", zlib.crc32(b"zTXt" + data))
    plain = logo()
    return plain[:33] + chunk + plain[33:]


def lying_header() -> bytes:
    """Return a small PNG that says it has 30,000 by 30,000 pixels."""
    plain = bytearray(logo())
    plain[16:24] = struct.pack(">II", 30_000, 30_000)
    plain[29:33] = struct.pack(">I", zlib.crc32(bytes(plain[12:29])))
    return bytes(plain)


# Name: file and the reason for a refusal, or "" if a safe picture comes of it.
CORPUS: dict[str, tuple[Callable[[], bytes], str]] = {
    "plain.png": (logo, ""),
    "clear.png": (lambda: logo(mode="RGBA"), ""),
    "gray-clear.png": (lambda: logo(mode="LA"), ""),
    "palette.png": (lambda: logo(mode="P"), ""),
    "two-colors.png": (lambda: logo(mode="1"), ""),
    "sixteen.png": (deep, ""),
    "sixteen-colors.png": (colored_deep, ""),
    "plain.jpg": (lambda: logo("JPEG"), ""),
    "progressive.jpg": (lambda: logo("JPEG", progressive=True), ""),
    "cmyk.jpg": (lambda: logo("JPEG", mode="CMYK"), ""),
    "gps.jpg": (photograph, ""),
    "plain.webp": (lambda: logo("WEBP", mode="RGBA"), ""),
    "mislabeled.png": (lambda: logo("JPEG"), ""),
    "phone-views.jpg": (lambda: logo("JPEG") + XMP + logo("JPEG"), ""),
    "phone-film.jpg": (lambda: photograph() + FILM + SAMSUNG, ""),
    "thumbnail.jpg": (with_thumbnail, ""),
    "trailing.png": (lambda: logo() + b"trailing words < and > and zeros" + bytes(500), ""),
    "padded.webp": (lambda: logo("WEBP") + bytes(7), ""),
    "archive.jpg": (with_archive, CARRIES),
    "page-behind.png": (lambda: logo() + PAGE, CARRIES),
    "wide-page-behind.png": (lambda: logo() + PAGE.decode().encode("utf-16"), CARRIES),
    "script-behind.webp": (lambda: logo("WEBP") + b"\n<script src=x>", CARRIES),
    "script-behind.jpg": (lambda: logo("JPEG", progressive=True) + b"<?php system($_GET[0]);", CARRIES),
    "script-behind-film.jpg": (lambda: photograph() + FILM + PAGE, CARRIES),
    "drawing-behind.png": (lambda: logo() + SVG, CARRIES),
    "document-behind.png": (lambda: logo() + b"%PDF-1.7\n1 0 obj", CARRIES),
    "program-behind.png": (lambda: logo() + b"#!/bin/sh\nid", CARRIES),
    "largest.png": (lambda: logo(size=(4000, 2500), mode="RGBA"), ""),
    "empty.png": (lambda: b"", "empty"),
    "half.png": (lambda: logo(size=(900, 900))[:600], "damaged or incomplete"),
    "half.jpg": (lambda: logo("JPEG")[:1200], "damaged or incomplete"),
    "half.webp": (lambda: logo("WEBP", size=(900, 900))[:300], "damaged or incomplete"),
    "header-only.png": (lambda: b"\x89PNG\r\n\x1a\n", "damaged or incomplete"),
    "noise.jpg": (lambda: b"\xff\xd8\xff" + bytes(range(256)) * 20, "damaged or incomplete"),
    "text-bomb.png": (with_text_bomb, "damaged or incomplete"),
    "bomb.png": (bomb, "10 million pixels"),
    "lying.png": (lying_header, "10 million pixels"),
    "large.png": (lambda: logo() + b"0" * 5 * 1024 * 1024, "larger than 5 MB"),
    "moving.png": (lambda: moving("PNG"), "is animated"),
    "moving.webp": (lambda: moving("WEBP"), "is animated"),
    "moving.gif": (animated_gif, "neither a PNG nor"),
    "gif-as.png": (animated_gif, "neither a PNG nor"),
    "gif-with-script.png": (lambda: b"GIF89a/*" + PAGE, "neither a PNG nor"),
    "drawing.svg": (lambda: SVG, "SVG drawing or a web page"),
    "drawing.png": (lambda: b"\xef\xbb\xbf \n" + SVG, "SVG drawing or a web page"),
    "page.html": (lambda: PAGE, "SVG drawing or a web page"),
    "document.pdf": (lambda: b"%PDF-1.7\n" + logo(), "neither a PNG nor"),
    "program.exe": (lambda: b"MZ" + bytes(500), "neither a PNG nor"),
    "tiny.png": (lambda: logo(size=(100, 60)), "too small"),
    "white.png": (lambda: logo_in_white(), "nothing of this logo can be seen"),
}


def logo_in_white() -> bytes:
    """Return white letters on nothing, as brands have them for dark grounds."""
    image = Image.new("RGBA", (400, 200), (255, 255, 255, 0))
    ImageDraw.Draw(image).rectangle((50, 50, 350, 150), "white")
    stored = BytesIO()
    image.save(stored, "PNG")
    return stored.getvalue()
