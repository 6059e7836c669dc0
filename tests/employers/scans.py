"""Real files to upload: PDFs and pictures, good ones and bad ones."""

import os
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image


def pdf(pages: int = 2, change: Callable[[Any], None] | None = None, **options: Any) -> bytes:
    """Return a PDF that WeasyPrint made, changed by pikepdf where asked."""
    from weasyprint import HTML

    body = '<p style="break-before: page">Signed by hand</p>' * pages
    made = HTML(string=f"<html lang=en><title>Scan</title><body>{body}").write_pdf(pdf_variant="pdf/ua-1")
    if change is None and not options:
        return bytes(made)
    stored = BytesIO()
    with pikepdf.open(BytesIO(made)) as document:
        if change:
            change(document)
        document.save(stored, **options)
    return stored.getvalue()


def picture(
    kind: str = "PNG", size: tuple[int, int] = (850, 1100), mode: str = "RGB", **options: Any
) -> bytes:
    """Return a picture with a pattern, so that it has something to lose."""
    image = Image.linear_gradient("L").resize(size).convert(mode)
    stored = BytesIO()
    image.save(stored, kind, **options)
    return stored.getvalue()


def photograph() -> bytes:
    """Return a JPEG that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", (1100, 850), exif=exif)


def run_script(document: Any) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def hide_script(document: Any) -> None:
    """Name the kind of action by a reference, and the script in a stream."""
    kind = document.make_indirect(pikepdf.Name.JavaScript)
    action = pikepdf.Dictionary(S=kind, Next=pikepdf.Dictionary(S=pikepdf.Name.GoTo))
    document.pages[0].Annots = pikepdf.Array([document.make_indirect(pikepdf.Dictionary(A=action))])


def launch(document: Any) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")


def carry(document: Any) -> None:
    document.attachments["macro.docm"] = pikepdf.AttachedFileSpec(document, b"x", filename="macro.docm")


def animated_gif() -> bytes:
    stored = BytesIO()
    frames = [Image.new("P", (20, 20), color) for color in (0, 1)]
    frames[0].save(stored, "GIF", save_all=True, append_images=frames[1:])
    return stored.getvalue()


def bomb() -> bytes:
    """Return a picture of 30,000 by 30,000 pixels in some 100 kilobytes."""
    stored = BytesIO()
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    Image.new("1", (30_000, 30_000)).save(stored, "PNG")
    Image.MAX_IMAGE_PIXELS = limit
    return stored.getvalue()


def unpacking_bomb() -> bytes:
    """Return a PDF whose object stream unpacks to 300 megabytes."""
    import zlib

    packed = zlib.compress(b"0" * 300_000_000, 9)
    head = b"%%PDF-1.7\n1 0 obj\n<</Type/XRef/Size 3/W[1 4 2]/Root 2 0 R/Filter/FlateDecode/Length %d>>\nstream\n"
    return head % len(packed) + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"


def laughing() -> bytes:
    """Return a PDF of one page that draws ten forms, each of which draws ten, twelve deep."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(612, 792))
    form = pdf.make_stream(b"0 0 500 700 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
                           BBox=[0, 0, 612, 792])  # fmt: skip
    for _depth in range(12):
        inner = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        form = pdf.make_stream(b"/F Do " * 10, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
                               BBox=[0, 0, 612, 792], Resources=inner)  # fmt: skip
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    page.Contents = pdf.make_stream(b"/F Do")
    stored = BytesIO()
    pdf.save(stored)
    return stored.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "text.pdf": (lambda: b"Please find the agreement attached.", "neither a PDF nor"),
    "empty.pdf": (lambda: b"", "The file is empty"),
    "word.pdf": (lambda: b"PK\x03\x04" + b"0" * 99, "neither a PDF nor"),
    "page.pdf": (lambda: b"<!doctype html><script>alert(1)</script>", "neither a PDF nor"),
    "animated.gif": (animated_gif, "neither a PDF nor"),
    "gif-as.png": (animated_gif, "neither a PDF nor"),
    "half.pdf": (lambda: pdf()[:1500], "damaged or incomplete"),
    "noise.pdf": (lambda: b"%PDF-1.7\n" + os.urandom(3000), "damaged or incomplete"),
    "unpacks.pdf": (unpacking_bomb, "damaged or incomplete"),
    "locked.pdf": (
        lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="b")),
        "protected by a password",
    ),
    "owner-locked.pdf": (
        lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="")),
        "protected by a password",
    ),
    "script.pdf": (lambda: pdf(change=run_script), "scripts, attachments or actions"),
    "hidden.pdf": (lambda: pdf(change=hide_script), "scripts, attachments or actions"),
    "launch.pdf": (lambda: pdf(change=launch), "scripts, attachments or actions"),
    "carrying.pdf": (lambda: pdf(change=carry), "scripts, attachments or actions"),
    "long.pdf": (lambda: pdf(41), "more than 40 pages"),
    "large.pdf": (lambda: b"%PDF-1.7\n" + b"0" * 15 * 1024 * 1024, "larger than 15 MB"),
    "half.jpg": (lambda: picture("JPEG")[:4000], "damaged or incomplete"),
    "half.png": (lambda: picture()[:900], "damaged or incomplete"),
    "bomb.png": (bomb, "60 million pixels"),
    "wide.png": (lambda: picture(size=(10_000, 7_000), mode="1"), "60 million pixels"),
}
