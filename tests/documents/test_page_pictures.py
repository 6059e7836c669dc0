"""Pages of scans as pictures: in order, small enough to travel, and within limits of time and memory."""

import time
from io import BytesIO

import pytest
from PIL import Image

from apprenticeship.documents import page_pictures
from tests.employers import scans


def shaded(pages: int) -> bytes:
    """Return a PDF whose pages are gray, each lighter than the one before."""
    stored = BytesIO()
    sheets = [Image.new("L", (850, 1100), 20 * number) for number in range(1, pages + 1)]
    sheets[0].save(stored, "PDF", save_all=True, append_images=sheets[1:], resolution=100)
    return stored.getvalue()


def noisy(pages: int) -> bytes:
    """Return a PDF that is as hard to compress as scans get."""
    stored = BytesIO()
    sheet = Image.effect_noise((1700, 2200), 60)
    sheet.save(stored, "PDF", save_all=True, append_images=[sheet] * (pages - 1), resolution=200, quality=30)
    return stored.getvalue()


def test_pages_come_in_order_and_at_150_dots_an_inch() -> None:
    pictures = [Image.open(BytesIO(picture)) for picture in page_pictures.drawn(shaded(3))]
    assert [(picture.format, picture.size) for picture in pictures] == [("JPEG", (1275, 1651))] * 3
    shades = [picture.convert("L").getpixel((600, 800)) for picture in pictures]
    assert [round(shade / 20) for shade in shades if isinstance(shade, int)] == [1, 2, 3]


def test_photograph_is_one_page_no_longer_than_a_scan() -> None:
    (picture,) = page_pictures.drawn(scans.picture("JPEG", (5000, 7000)))
    assert Image.open(BytesIO(picture)).size == (1179, 1650)


def test_forty_pages_of_noise_stay_small_enough_to_mail() -> None:
    pictures = page_pictures.drawn(noisy(40))
    assert (len(pictures), sum(map(len, pictures)) <= page_pictures.ENOUGH) == (40, True)
    assert Image.open(BytesIO(pictures[39])).height >= 700


@pytest.mark.parametrize("make", [scans.laughing, scans.BAD["noise.pdf"][0], scans.BAD["bomb.png"][0]])
def test_what_cannot_be_drawn_within_the_limits_is_told_in_time(make: object) -> None:
    assert callable(make)
    begun = time.monotonic()
    with pytest.raises(page_pictures.Undrawable, match="cannot be drawn"):
        page_pictures.drawn(make(), seconds=3)
    assert time.monotonic() - begun < 30  # on a busy machine; it would go on for ever


def test_pages_that_stay_here_may_be_larger_than_those_that_travel() -> None:
    content = noisy(6)
    sizes = [
        Image.open(BytesIO(page_pictures.drawn(content, enough=enough)[5])).height
        for enough in (page_pictures.ENOUGH, page_pictures.ENOUGH_TO_READ)
    ]
    assert sizes == [1240, 1651]
